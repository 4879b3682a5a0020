// `repro watch`: a session at work, seen from outside.
#pragma once

#include <CLI/App.hpp>
#include <functional>

namespace tpfuzz {

/// Adds the verb with its options, which live as long as the program, and sets `chosen` if it is called.
void add_watch(CLI::App& app, std::function<int()>& chosen);

}  // namespace tpfuzz
