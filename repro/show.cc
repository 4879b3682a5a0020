#include "repro/show.h"

#include <array>

#include "fuzz/sequence/text.h"
#include "repro/diagram/comment.h"
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

struct Shown {
  Diagram diagram;
  std::string sequence;  // the text of a file that replays
  std::size_t width = 0;
};

struct Format {
  const char* name;
  std::string (*render)(const Shown& shown);
};

std::string as_text(const Shown& shown) { return text_of(shown.diagram, shown.width); }
std::string as_comment(const Shown& shown) { return comment_of(shown.diagram, shown.sequence, shown.width); }

// The drawing alone.
template <std::string (*kRender)(const Diagram&)>
std::string drawn(const Shown& shown) {
  return kRender(shown.diagram);
}

constexpr std::array kFormats = {Format{"text", as_text}, Format{"svg", drawn<svg_of>}, Format{"html", drawn<html_of>},
                                 Format{"perfetto", drawn<perfetto_of>}, Format{"comment", as_comment}};

std::string rendered(const Shown& shown, const ShowOptions& options) {
  for (const Format& each : kFormats)
    if (each.name == options.format) return each.render(shown);
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
  return rendered({diagram_of(*its.subject, its.protocol, sequence), to_text(sequence, record), options.width},
                  options);
}

int show(const ShowOptions& options) {
  write_output(options.out, shown(options));
  return 0;
}

}  // namespace tpfuzz
