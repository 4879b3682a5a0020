#include "repro/points.h"

#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string_view>

#include "core/points.h"

namespace tpfuzz {
namespace {

using tp::PointRow;

constexpr std::array kForms = {"after", "before a step", "after a step", "before an access"};

std::string form(const PointRow& row) { return kForms[static_cast<std::size_t>(row.form)]; }

// "R | W" of points.def as "R, W": a bar would end a cell.
std::string listed(std::string_view column) {
  std::string list(column);
  for (std::size_t at; (at = list.find(" |")) != list.npos;) list.replace(at, 2, ",");
  return list;
}

// Two points of a step are one row.
std::string row_of_table(const PointRow& row) {
  const std::string name =
      row.form == PointRow::Form::step ? fmt::format("`before-{0}`, `{0}`", row.name) : fmt::format("`{}`", row.name);
  const std::string kernel = row.kernel.empty() ? "" : fmt::format("`{}`", row.kernel);
  return fmt::format("| {} | {} | {} | {} | {} | {} |\n", name, listed(row.who_words), row.kind_words,
                     listed(row.touches_words), row.doc, kernel);
}

}  // namespace

std::string points_table() {
  std::string table =
      "| point | passed by | kind | touches | there the CPU has just, or at an access is about to | Linux |\n"
      "|---|---|---|---|---|---|\n";
  for (const PointRow& row : tp::kPointRows)
    if (row.form != PointRow::Form::before) table += row_of_table(row);
  return table;
}

int points(bool json, bool markdown) {
  if (markdown) {
    std::fputs(points_table().c_str(), stdout);
    return 0;
  }
  for (const PointRow& row : tp::kPointRows) {
    const std::string line =
        json ? nlohmann::ordered_json{{"name", row.name},
                                      {"form", form(row)},
                                      {"passed_by", listed(row.who_words)},
                                      {"kind", row.kind_words},
                                      {"touches", listed(row.touches_words)},
                                      {"linux", row.kernel},
                                      {"doc", row.doc}}
                   .dump()
             : fmt::format("{:<20} {:<10} {}: {}", row.name, listed(row.who_words), form(row), row.doc);
    std::puts(line.c_str());
  }
  return 0;
}

}  // namespace tpfuzz
