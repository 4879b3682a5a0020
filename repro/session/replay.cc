#include "repro/session/replay.h"

#include "repro/io/process.h"
#include "repro/session/job_output.h"
#include "repro/session/json.h"

namespace tpfuzz {
namespace {

void append(std::vector<std::string>& to, const std::vector<std::string>& what) {
  to.insert(to.end(), what.begin(), what.end());
}

struct Ended {
  bool well = false;
  std::string output;  // both streams
};

Ended fuzzer_on(const SessionPlan& plan, const std::vector<std::string>& options,
                const std::vector<std::string>& files) {
  std::vector<std::string> arguments = {plan.fuzzer, "--protocol", plan.protocol};
  append(arguments, options);
  append(arguments, limit_flags());
  append(arguments, files);
  const Memory output;
  const int status = wait_for(
      start({.arguments = tied(std::move(arguments)), .out = output.descriptor(), .err = output.descriptor()}));
  return {status == 0, output.text()};
}

}  // namespace

Replayed replay(const SessionPlan& plan, const std::string& file) {
  const Memory out;
  wait_for(start(
      {.arguments = tied({plan.repro, "run", "--json", "--protocol", plan.protocol, file}), .out = out.descriptor()}));
  return parse_replayed(out.text());
}

bool still_violates(const SessionPlan& plan, const std::string& token, const std::string& file,
                    const std::string& sanitizer) {
  if (is_report_token(token)) return sanitizer != plan.sanitizer || !fuzzer_on(plan, {}, {file}).well;
  return replay(plan, file).token == token;
}

bool shows_after(const SessionPlan& plan, const std::vector<std::string>& ignored, const std::string& token,
                 const std::string& file, const std::vector<std::string>& earlier) {
  std::vector<std::string> options = ignored;
  options.emplace_back("-handle_abrt=0");
  std::vector<std::string> files = earlier;
  files.push_back(file);
  const Ended ended = fuzzer_on(plan, options, files);
  if (ended.well) return false;
  const std::string shown = violation_token(ended.output);
  return is_report_token(token) ? shown.empty() : shown == token;
}

}  // namespace tpfuzz
