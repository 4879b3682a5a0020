// Tracepoints: named places in a program to which probes are attached while the program runs.
//
//     TPFUZZ_TRACEPOINT_DECLARE(request_done, void(int status, const char* path));    // in a header
//     TPFUZZ_TRACEPOINT_DEFINE(request_done);                                         // in one source file
//
//     request_done.hit(200, "/");                                // a call site; any number of them, in any thread
//     int error = request_done.register_probe(&on_done, &data);  // void on_done(void* data, int status, const char*
//     path) error = request_done.unregister_probe(&on_done, &data); tpfuzz::synchronize(); // before `data` goes
//
// A hit is a nop while no probe is registered. With one probe a hit is a direct call of the probe, patched into the
// caller. Everything is thread-safe unless a line says otherwise. docs/library.md has the rules for probes, errors,
// signals, fork and dlopen.
#pragma once

#if !defined(__cplusplus) || __cplusplus < 202002L
#error "tpfuzz/tracepoint.h: expected C++20 or later; compile with -std=c++20"
#elif !defined(__x86_64__) || !defined(__linux__)
#error "tpfuzz/tracepoint.h: expected Linux on x86-64, whose instructions are patched"
#else

#include "core/tracepoint.h"

namespace tpfuzz {

/// Why tracepoints can't be used in this process: one line; nothing if they can. Registering asks by itself.
using internal::prepare;

/// Priority of a probe whose registration names none. The highest is called first, the first come first among equals.
using internal::kDefaultPriority;

/// What a tracepoint calls when the first probe comes and when the last one goes (`set_hooks`).
using internal::Hooks;

/// One probe of one tracepoint, to be removed: `request_done.removal(&on_done, &data)`.
using Removal = internal::Removal<internal::NativeEnv>;

/// Detaches many probes of many tracepoints, with at most one wait for all of them. 0 or the first error.
using internal::unregister_probes;

/// The two kinds of readers: `Domain::rcu` of TPFUZZ_TRACEPOINT_DECLARE, `Domain::tasks` of ..._DECLARE_FAULTABLE.
using internal::Domain;
using internal::Domains;

/// Waits until every hit that is under way now has ended: of all tracepoints, or of those with readers of these
/// domains. Not to be called by a probe.
using internal::synchronize;

/// Makes the calling thread known now, and not in its first hit, which then waits for no lock.
using internal::register_thread;

/// Waits until the memory that registrations have replaced so far is freed, for a leak checker at the end of a program.
using internal::drain;

}  // namespace tpfuzz

#endif
