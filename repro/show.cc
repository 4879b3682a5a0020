#include "repro/show.h"

#include <array>

#include "repro/diagram/html_diagram.h"
#include "repro/diagram/perfetto_diagram.h"
#include "repro/diagram/recorder/builder.h"
#include "repro/diagram/svg_diagram.h"
#include "repro/diagram/text_diagram.h"
#include "repro/io/file.h"
#include "repro/io/output.h"
#include "repro/io/subjects.h"

namespace tpfuzz {
namespace {

struct Format {
  const char* name;
  std::string (*render)(const Diagram& diagram, std::size_t width);
};

// Only text has a width.
template <std::string (*kRender)(const Diagram&)>
std::string drawn(const Diagram& diagram, std::size_t /*width*/) {
  return kRender(diagram);
}

constexpr std::array kFormats = {Format{"text", text_of}, Format{"svg", drawn<svg_of>}, Format{"html", drawn<html_of>},
                                 Format{"perfetto", drawn<perfetto_of>}};

std::string rendered(const Diagram& diagram, const ShowOptions& options) {
  for (const Format& each : kFormats)
    if (each.name == options.format) return each.render(diagram, options.width);
  throw InputError("--format: expected a format, found " + options.format);
}

}  // namespace

std::vector<std::string> show_formats() {
  std::vector<std::string> names;
  for (const Format& format : kFormats) names.emplace_back(format.name);
  return names;
}

std::string shown(const ShowOptions& options) {
  const auto [sequence, record] = open_sequence(options.file, options.protocol, options.reading);
  const OpenSubject its = open_subject(record, options.file);
  return rendered(diagram_of(*its.subject, its.protocol, sequence), options);
}

int show(const ShowOptions& options) {
  write_output(options.out, shown(options));
  return 0;
}

}  // namespace tpfuzz
