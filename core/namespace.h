// The namespace of the core. What a program may use of it stands in tpfuzz/tracepoint.h, in the namespace tpfuzz.
#pragma once

namespace tpfuzz::internal {}

namespace tp = tpfuzz::internal;  // not in the installed headers: the short name is for this tree alone
