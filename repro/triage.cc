#include "repro/triage.h"

#include <fmt/format.h>

#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>

#include "fuzz/execute.h"
#include "fuzz/sequence/text.h"
#include "repro/diagram/explain/explain.h"
#include "repro/io/console.h"
#include "repro/io/file.h"
#include "repro/io/status_line.h"
#include "repro/io/subjects.h"
#include "repro/session/verdict_record.h"

namespace tpfuzz {
namespace {

struct Finding {
  int count = 0;
  std::string witness;         // the smallest: fewest operations, then shortest text, then first name
  std::size_t operations = 0;  // of the witness
  std::size_t text_length = 0;
  Sequence sequence;
  SubjectRecord subject;
};

void add(Finding& finding, const std::string& file, const Sequence& sequence, const SubjectRecord& subject) {
  const std::size_t operations = sequence.operations.size();
  const std::size_t text_length = to_text(sequence).size();
  ++finding.count;
  if (finding.count > 1 &&
      std::tie(finding.operations, finding.text_length, finding.witness) <= std::tie(operations, text_length, file))
    return;
  finding.witness = file;
  finding.operations = operations;
  finding.text_length = text_length;
  finding.sequence = sequence;
  finding.subject = subject;
}

// Why the witness is a violation; empty if it is clean.
std::string explanation_of(const Finding& finding, CurrentSubject& current) {
  const auto& [protocol, subject] = current.become(finding.subject, finding.witness);
  Possible possible;
  const Sequence& sequence = possible.of(finding.sequence, *subject);
  return explain(sequence, play(*subject, sequence), subject->rules(), &protocol).text;
}

void print_json(const std::string& line, const Finding& finding, const std::string& explanation) {
  nlohmann::ordered_json object = json_of({.file = finding.witness, .line = line, .explanation = explanation});
  object["count"] = finding.count;
  object["witness"] = finding.witness;
  object["operations"] = finding.operations;
  std::puts(line_of(object).c_str());
}

void print_text(const std::string& line, const Finding& finding) {
  std::puts(fmt::format("{:6}  {}  {} ({} operations)", finding.count, console::shown(line), finding.witness,
                        finding.operations)
                .c_str());
}

}  // namespace

int triage(const TriageOptions& options) {
  Subjects subjects(options.protocol);
  CurrentSubject subject;
  std::optional<Executor> executor;
  std::map<std::string, Finding> findings;  // by verdict
  bool violated = false;
  const std::vector<std::string> files = files_of(options.files);
  StatusLine status;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const std::string& file = files[i];
    status.show([&] { return fmt::format("triage: file {} of {}", i + 1, files.size()); });
    const Input input = read_sequence(file, options.reading);
    const SubjectRecord record = subjects.of(file, input.subject);
    if (!subject.is(record)) {
      executor.reset();
      executor.emplace(*subject.become(record, file).subject);
    }
    const Verdict verdict = executor->run(input.sequence).verdict;
    violated |= verdict.has_value();
    add(findings[verdict_line(verdict, subject.name())], file, input.sequence, record);
  }
  status.clear();
  subjects.tell_replaced();
  executor.reset();
  for (const auto& [line, finding] : findings)
    if (options.json)
      print_json(line, finding, explanation_of(finding, subject));
    else
      print_text(line, finding);
  return violated ? 1 : 0;
}

}  // namespace tpfuzz
