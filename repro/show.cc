#include "repro/show.h"

#include <array>

#include "fuzz/subject/puzzle.h"
#include "repro/diagram.h"
#include "repro/file.h"
#include "repro/html_diagram.h"
#include "repro/output.h"
#include "repro/perfetto_diagram.h"
#include "repro/svg_diagram.h"
#include "repro/text_diagram.h"

namespace tpfuzz {
namespace {

struct Format {
  const char* name;
  std::string (*render)(const Diagram& diagram);
};

constexpr std::array kFormats = {Format{"text", text_of}, Format{"svg", svg_of}, Format{"html", html_of},
                                 Format{"perfetto", perfetto_of}};

std::string rendered(const Diagram& diagram, const std::string& format) {
  for (const Format& each : kFormats)
    if (each.name == format) return each.render(diagram);
  throw InputError(format + ":0: expected a format");
}

}  // namespace

std::vector<std::string> show_formats() {
  std::vector<std::string> names;
  for (const Format& format : kFormats) names.emplace_back(format.name);
  return names;
}

std::optional<tp::Protocol> steps_of(const std::string& name) {
  if (const Puzzle* puzzle = puzzle_named(name)) {
    const auto parsed = tp::parse_protocol(protocol_text(*puzzle));
    return std::get<tp::Protocol>(parsed);
  }
  const auto loaded = tp::load_protocol(name);
  const auto* protocol = std::get_if<tp::Protocol>(&loaded);
  return protocol == nullptr ? std::nullopt : std::optional(*protocol);
}

std::string shown(const ShowOptions& options) {
  if (const auto error = prepare()) throw InputError(*error);
  const auto loaded = load_subject(options.protocol);
  if (const auto* error = std::get_if<std::string>(&loaded)) throw InputError(*error);
  Subject& subject = *std::get<std::unique_ptr<Subject>>(loaded);
  const Sequence sequence = read_sequence(options.file);
  const std::optional<tp::Protocol> steps = steps_of(options.protocol);
  return rendered(
      diagram(sequence, play(subject, sequence), subject.enomem_fails(), subject.name(), steps ? &*steps : nullptr),
      options.format);
}

int show(const ShowOptions& options) {
  write_output(options.out, shown(options));
  return 0;
}

}  // namespace tpfuzz
