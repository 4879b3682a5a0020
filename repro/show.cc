#include "repro/show.h"

#include "repro/diagram.h"
#include "repro/file.h"
#include "repro/output.h"
#include "repro/text_diagram.h"

namespace tpfuzz {

std::string shown(const ShowOptions& options) {
  if (const auto error = prepare()) throw InputError(*error);
  const auto loaded = load_subject(options.protocol);
  if (const auto* error = std::get_if<std::string>(&loaded)) throw InputError(*error);
  Subject& subject = *std::get<std::unique_ptr<Subject>>(loaded);
  const Sequence sequence = read_sequence(options.file);
  return text_of(diagram(sequence, play(subject, sequence), subject.enomem_fails(), subject.name()));
}

int show(const ShowOptions& options) {
  write_output(options.out, shown(options));
  return 0;
}

}  // namespace tpfuzz
