// What a finder tells the process that started it, through memory that both map: it is there even if the finder dies.
#pragma once

#include <array>
#include <string_view>

namespace tpfuzz::mutants {

/// The environment of a finder: the number of the mutant that is on, and the descriptor of the Report.
inline constexpr const char* kActiveVariable = "TPFUZZ_MUTANT";
inline constexpr const char* kReportVariable = "TPFUZZ_MUTANT_REPORT";

struct Report {
  int executions = 0;             ///< begun so far
  bool found = false;             ///< the finder says so itself; it may also die
  std::array<char, 128> doing{};  ///< what it executes: a protocol, a test
  std::array<char, 256> token{};  ///< what was found

  void set_doing(std::string_view text) { set(doing, text); }
  void set_found(std::string_view text) {
    set(token, text);
    found = true;
  }

 private:
  template <std::size_t size>
  static void set(std::array<char, size>& out, std::string_view text) {
    out = {};
    text.substr(0, size - 1).copy(out.data(), size - 1);
  }
};

/// The Report that this process was started with; one that nobody reads if it was started by hand.
Report& inherited_report();

}  // namespace tpfuzz::mutants
