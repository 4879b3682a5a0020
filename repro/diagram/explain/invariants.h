// An explanation a function for each kind of violation. Each is called with the account of an execution that ended with
// it.
#pragma once

#include "repro/diagram/explain/phrases.h"

namespace tpfuzz {

Explanation explain_pairing(const Account& account);
Explanation explain_snapshot(const Account& account);
Explanation explain_grace(const Account& account);
Explanation explain_fault(const Account& account);
Explanation explain_result(const Account& account);
Explanation explain_hooks(const Account& account);
Explanation explain_quiescent(const Account& account);
Explanation explain_text(const Account& account);
Explanation explain_patch_order(const Account& account);
Explanation explain_arguments(const Account& account);
Explanation explain_key(const Account& account);
Explanation explain_progress(const Account& account);
Explanation explain_warn(const Account& account);

}  // namespace tpfuzz
