#include "repro/diagram/explain/domains.h"

#include <string_view>

namespace tpfuzz {
namespace {

using tp::Point;

// The same of readers of `tasks`: the kernel names what it has for them like this.
std::string of_tasks(std::string words) {
  constexpr std::string_view kWait = "synchronize_rcu";
  if (const std::size_t wait = words.find(kWait); wait != words.npos)
    words.insert(wait + kWait.size(), "_tasks_trace");
  else if (words.starts_with("rcu_read_"))
    words.insert(words.find('('), "_trace");
  return words;
}

tp::Domains all_of(const std::vector<tp::Step>& steps, Point what, std::optional<std::uint8_t> cookie,
                   tp::Domain readers) {
  tp::Domains all;
  for (const tp::Step& step : steps)
    if (step.what == what && (!cookie || step.cookie == *cookie)) all |= step.domains_of(readers);
  return all;
}

}  // namespace

std::string kernel_words(Point point, tp::Domains domains) {
  std::string all;
  domains.for_each([&](tp::Domain domain) {
    const std::string words(tp::row(point).kernel);
    all += (all.empty() ? "" : ", ") + (domain == tp::Domain::tasks ? of_tasks(words) : words);
  });
  return all;
}

std::string_view kind_of_readers(tp::Domain domain) { return domain == tp::Domain::tasks ? "faultable" : "ordinary"; }

std::optional<tp::Domains> domains_of(const tp::Protocol* protocol, std::optional<tp::Transition> transition,
                                      Point what, tp::Domain readers) {
  if (protocol == nullptr || !transition) return std::nullopt;
  tp::Domains all;
  if (what == Point::await) {
    for (const tp::Step& step : protocol->of(*transition))
      if (step.what == what)
        for (const auto& steps : protocol->steps) all |= all_of(steps, Point::snapshot, step.cookie, readers);
  } else {
    all = all_of(protocol->of(*transition), what, std::nullopt, readers);
  }
  if (all.empty()) return std::nullopt;
  return all;
}

}  // namespace tpfuzz
