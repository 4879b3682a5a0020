#include "fuzz/subject/protocol_text.h"

namespace tpfuzz {
namespace {

using tp::Free;
using tp::Protocol;
using tp::Step;

std::string words(tp::Domains domains, bool own) {
  std::string text;
  domains.for_each([&](tp::Domain domain) { text += " " + std::string(tp::name(domain)); });
  if (own) text += " own";
  return text;
}

std::string to_text(const Step& step) {
  std::string text(tp::name(step.what));
  if (tp::names_cookie(step.what)) text += " " + std::string(tp::kCookieNames[step.cookie]);
  if (tp::names_domains(step.what) && (step.own || step.domains != tp::Domains(tp::Domain::rcu)))
    text += words(step.domains, step.own);
  if (step.condition == Step::Condition::first_data_changed) text += " if first.data";
  if (step.condition == Step::Condition::first_func_changed) text += " if first.func";
  return text;
}

std::string to_text(const Free& free) {
  switch (free.when) {
    case Free::When::after_grace_periods:
      return words(free.domains, free.own);
    case Free::When::at_once:
      return " at-once";
    case Free::When::after_cookie:
      return " after " + std::string(tp::kCookieNames[free.cookie]);
    case Free::When::never:
      return " never";
  }
  return {};
}

std::string status_line(std::string_view key, Protocol::Status status) {
  if (status == Protocol::Status::unsaid) return {};
  return std::string(key) + (status == Protocol::Status::correct ? ": correct\n" : ": broken\n");
}

std::string settings(const Protocol& protocol) {
  std::string text = status_line("status", protocol.status) + status_line("faultable", protocol.faultable);
  if (protocol.trusts_funcs) text += "iterator: trusts-funcs\n";
  if (protocol.enomem_fails) text += "enomem: fail\n";
  if (protocol.worker_marks_first) text += "worker: marks-first\n";
  if (protocol.cookies_per_tracepoint) text += "cookies: per-tracepoint\n";
  if (protocol.promises_direct) text += "promise: direct\n";
  if (protocol.free != Free()) text += "free:" + to_text(protocol.free) + "\n";
  if (protocol.key != tp::KeyRule::flag) text += "key: " + std::string(tp::name(protocol.key)) + "\n";
  if (protocol.trap != tp::TrapHandler::stateless) text += "trap: " + std::string(tp::name(protocol.trap)) + "\n";
  return text;
}

}  // namespace

std::string to_text(const std::vector<Step>& steps) {
  std::string text;
  for (const Step& step : steps) text.append(text.empty() ? "" : "; ").append(to_text(step));
  return text;
}

std::string to_text(const Protocol& protocol, const tp::Dialect& dialect) {
  std::string text = "protocol " + protocol.name + "\n" + settings(protocol);
  if (protocol.hit != 0) text.append("hit: ").append(dialect.hits[protocol.hit]) += "\n";
  if (protocol.iterate != 0) text.append("iterate: ").append(dialect.iterations[protocol.iterate]) += "\n";
  for (const std::size_t mistake : protocol.mistakes)
    text.append("mistake: ").append(dialect.mistakes[mistake]) += "\n";
  for (std::size_t i = 0; i < tp::kTransitions; ++i) {
    const std::string key = std::string(tp::name(static_cast<tp::Transition>(i))) + ":";
    text += key + std::string(8 - key.size(), ' ') + to_text(protocol.steps[i]) + "\n";
  }
  return text;
}

}  // namespace tpfuzz
