// `repro session` and `repro witness`, on the command line.
#pragma once

#include <CLI/App.hpp>
#include <functional>

namespace tpfuzz {

/// Each adds one verb with its options, which live as long as the program, and sets `chosen` if it is called.
void add_session(CLI::App& app, std::function<int()>& chosen);
void add_witness(CLI::App& app, std::function<int()>& chosen);

}  // namespace tpfuzz
