#include "repro/progress.h"

#include <fmt/format.h>

#include <cstdio>

#include "fuzz/subject/catalogue.h"
#include "repro/file.h"
#include "repro/show.h"

namespace tpfuzz {

std::bitset<Interleavings::kCount> possible_interleavings(const std::string& subject) {
  if (const auto protocol = steps_of(subject)) return Interleavings::possible(*protocol);
  const auto loaded = load_subject(subject);
  throw InputError(std::holds_alternative<std::string>(loaded) ? std::get<std::string>(loaded)
                                                               : subject + ":0: expected a protocol");
}

int print_progress(const std::string& file, const std::string& subject) {
  const auto read = read_progress(file);
  if (const auto* refused = std::get_if<std::string>(&read)) throw InputError(*refused);
  const auto& progress = std::get<Progress>(read);
  const auto possible = possible_interleavings(subject);
  std::size_t met = 0;
  for (std::size_t i = 0; i < possible.size(); ++i) met += possible[i] && progress.met[i] != 0;
  std::puts(fmt::format("execs={} interleavings={}/{}", progress.executions, met, possible.count()).c_str());
  return 0;
}

}  // namespace tpfuzz
