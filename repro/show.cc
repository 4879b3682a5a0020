#include "repro/show.h"

#include <array>

#include "repro/diagram.h"
#include "repro/file.h"
#include "repro/html_diagram.h"
#include "repro/output.h"
#include "repro/perfetto_diagram.h"
#include "repro/subjects.h"
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

Diagram diagram_of(const std::string& file, const Sequence& sequence, const SubjectRecord& record) {
  CurrentSubject current;
  Subject& subject = current.become(record, file);
  const tp::Protocol steps = protocol_of(record, file);
  return diagram(sequence, play(subject, sequence), subject.enomem_fails(), subject.name(), &steps);
}

std::string drawn(const std::string& file, const Sequence& sequence, const SubjectRecord& record,
                  const std::string& format) {
  return rendered(diagram_of(file, sequence, record), format);
}

std::string shown(const ShowOptions& options) {
  Subjects subjects(options.protocol);
  const Input input = read_sequence(options.file, options.reading);
  const SubjectRecord record = subjects.of(options.file, input.subject);
  subjects.tell_replaced();
  return drawn(options.file, input.sequence, record, options.format);
}

int show(const ShowOptions& options) {
  write_output(options.out, shown(options));
  return 0;
}

}  // namespace tpfuzz
