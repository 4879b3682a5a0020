#include "core/protocol.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tpfuzz::internal {

static bool operator==(const Step& a, const Step& b) {
  return a.what == b.what && a.cookie == b.cookie && a.condition == b.condition && a.domains == b.domains &&
         a.own == b.own;
}

// So that a failed comparison can be read.
static void PrintTo(const Step& step, std::ostream* out) {
  *out << name(step.what) << " cookie " << int{step.cookie} << " condition " << static_cast<int>(step.condition);
  step.domains.for_each([out](Domain domain) { *out << ' ' << name(domain); });
  if (step.own) *out << " own";
}

namespace {

using enum Point;
constexpr auto kAlways = Step::Condition::always;
constexpr auto kIfData = Step::Condition::first_data_changed;
constexpr auto kIfFunc = Step::Condition::first_func_changed;
constexpr std::uint8_t kRemoved = 0;
constexpr std::uint8_t kChanged = 1;

using Steps = std::vector<Step>;

constexpr std::string_view kWhole =
    "protocol mine\n"
    "0->1: publish; update_call; enable_key\n"
    "1->2: publish\n"
    "N->N+1: publish\n"
    "N->N-1: publish\n"
    "2->1: publish; update_call\n"
    "1->0: disable_key; publish\n";

Protocol parsed(std::string_view text) {
  auto result = parse_protocol(text);
  if (const auto* error = std::get_if<ProtocolError>(&result)) {
    ADD_FAILURE() << error->line << ": " << error->message;
    return {};
  }
  return std::get<Protocol>(std::move(result));
}

// `kWhole` with one occurrence of `from` replaced.
std::string with(std::string_view from, std::string_view to) {
  std::string text(kWhole);
  return text.replace(text.find(from), from.size(), to);
}

TEST(Protocol, AllShippedParseUnderTheirFilesNames) {
  std::vector<std::string> names;
  for (const ShippedProtocol& shipped : shipped_protocols()) {
    EXPECT_EQ(parsed(shipped.text).name, shipped.name);
    EXPECT_EQ(shipped_protocol(shipped.name).name, shipped.name);
    names.emplace_back(shipped.name);
  }
  EXPECT_EQ(names,
            (std::vector<std::string>{"d25e37d", "547305a-v1", "547305a", "c8b186a", "befe6d9", "352384d", "f7ec412",
                                      "231264d", "cookies", "worker-sketch", "worker", "iterator", "cookies-own"}));
}

TEST(Protocol, StepsOfCookiesAreUpstreams) {
  const Protocol protocol = shipped_protocol("cookies");
  const Steps publish_and_mark = {{publish, 0, kAlways}, {snapshot, kChanged, kIfData}};
  EXPECT_EQ(protocol.of(Transition::add_first), (Steps{{await, kRemoved}, {update_call}, {publish}, {enable_key}}));
  EXPECT_EQ(protocol.of(Transition::add_second), (Steps{{update_call}, {publish}, {snapshot, kChanged, kIfData}}));
  EXPECT_EQ(protocol.of(Transition::add_more), publish_and_mark);
  EXPECT_EQ(protocol.of(Transition::remove_to_more), publish_and_mark);
  EXPECT_EQ(protocol.of(Transition::remove_to_one),
            (Steps{{publish}, {snapshot, kChanged, kIfData}, {await, kChanged}, {update_call}}));
  EXPECT_EQ(protocol.of(Transition::remove_last),
            (Steps{{disable_key}, {call_iterator}, {publish}, {snapshot, kRemoved}}));
  EXPECT_FALSE(protocol.trusts_funcs || protocol.enomem_fails || protocol.worker_marks_first ||
               protocol.cookies_per_tracepoint || protocol.promises_direct);
}

// What d25e37d89dd2 and both mails of 547305a64632 have in common: all but the removals that leave a probe.
void expect_steps_of_5_10(const Protocol& protocol) {
  const Steps both = {{publish}, {update_call}};
  EXPECT_EQ(protocol.of(Transition::add_first), (Steps{{publish}, {update_call}, {enable_key}})) << protocol.name;
  EXPECT_EQ(protocol.of(Transition::add_second), both) << protocol.name;
  EXPECT_EQ(protocol.of(Transition::add_more), both) << protocol.name;
  EXPECT_EQ(protocol.of(Transition::remove_last), (Steps{{disable_key}, {publish}})) << protocol.name;
  EXPECT_TRUE(protocol.trusts_funcs) << protocol.name;
  EXPECT_TRUE(protocol.enomem_fails) << protocol.name;
}

TEST(Protocol, StepsOfTheFirstOnesAreUpstreams) {
  const Protocol committed = shipped_protocol("d25e37d");
  expect_steps_of_5_10(committed);
  EXPECT_EQ(committed.of(Transition::remove_to_more), (Steps{{update_call}, {publish}}));
  EXPECT_EQ(committed.of(Transition::remove_to_one), (Steps{{update_call}, {publish}}));

  const Protocol mailed = shipped_protocol("547305a-v1");
  expect_steps_of_5_10(mailed);
  EXPECT_EQ(mailed.of(Transition::remove_to_more), (Steps{{update_call}, {publish}}));
  EXPECT_EQ(mailed.of(Transition::remove_to_one), (Steps{{synchronize, 0, kIfFunc}, {update_call}, {publish}}));

  const Protocol released = shipped_protocol("547305a");
  expect_steps_of_5_10(released);
  EXPECT_EQ(released.of(Transition::remove_to_more), (Steps{{publish}, {update_call}}));
  EXPECT_EQ(released.of(Transition::remove_to_one), (Steps{{publish}, {synchronize, 0, kIfFunc}, {update_call}}));
}

TEST(Protocol, EveryStepAndCookieHasItsName) {
  const Protocol protocol = parsed(
      with("1->2: publish",
           "1->2: call_iterator; synchronize if first.data; snapshot removed; snapshot changed; await removed if "
           "first.func; await changed; queue_worker; await_worker"));
  EXPECT_EQ(protocol.of(Transition::add_second), (Steps{{call_iterator},
                                                        {synchronize, 0, kIfData},
                                                        {snapshot, kRemoved},
                                                        {snapshot, kChanged},
                                                        {await, kRemoved, kIfFunc},
                                                        {await, kChanged},
                                                        {queue_worker},
                                                        {await_worker}}));
}

TEST(Protocol, AWaitSaysForWhom) {
  const Protocol protocol = parsed(
      with("1->2: publish",
           "1->2: synchronize; synchronize tasks; synchronize tasks rcu if first.data; synchronize own; snapshot "
           "changed; snapshot changed rcu tasks; snapshot removed own if first.func; synchronize own tasks"));
  EXPECT_EQ(protocol.of(Transition::add_second), (Steps{{synchronize, 0, kAlways, Domain::rcu},
                                                        {synchronize, 0, kAlways, Domain::tasks},
                                                        {synchronize, 0, kIfData, kEveryDomain},
                                                        {synchronize, 0, kAlways, {}, true},
                                                        {snapshot, kChanged, kAlways, Domain::rcu},
                                                        {snapshot, kChanged, kAlways, kEveryDomain},
                                                        {snapshot, kRemoved, kIfFunc, {}, true},
                                                        {synchronize, 0, kAlways, Domain::tasks, true}}));
}

TEST(Protocol, OwnIsTheDomainOfTheTracepointsReaders) {
  const Step named{.what = synchronize, .domains = Domain::rcu};
  EXPECT_EQ(named.domains_of(Domain::tasks), Domains(Domain::rcu));
  const Step own{.what = synchronize, .domains = {}, .own = true};
  EXPECT_EQ(own.domains_of(Domain::rcu), Domains(Domain::rcu));
  EXPECT_EQ(own.domains_of(Domain::tasks), Domains(Domain::tasks));
  const Step both{.what = synchronize, .domains = Domain::rcu, .own = true};
  EXPECT_EQ(both.domains_of(Domain::tasks), kEveryDomain);
}

TEST(Protocol, FreeSaysWhenAnOldArrayGoes) {
  const auto rule = [](const std::string& line) {
    return parsed(with("2->1: publish", "2->1: publish; snapshot changed") + line).free;
  };
  using enum Free::When;
  EXPECT_EQ(rule(""), rule("free: own"));
  EXPECT_EQ(rule("free: own"), (Free{after_grace_periods, {}, true}));
  EXPECT_EQ(rule("free: tasks"), (Free{after_grace_periods, Domain::tasks, false}));
  EXPECT_EQ(rule("free: rcu tasks"), (Free{after_grace_periods, kEveryDomain, false}));
  EXPECT_EQ(rule("free: own rcu"), (Free{after_grace_periods, Domain::rcu, true}));
  EXPECT_EQ(rule("free: at-once").when, at_once);
  EXPECT_EQ(rule("free: never").when, never);
  EXPECT_EQ(rule("free: after changed").when, after_cookie);
  EXPECT_EQ(rule("free: after changed").cookie, kChanged);
  EXPECT_EQ(rule("free: own").domains_of(Domain::tasks), Domains(Domain::tasks));
  EXPECT_EQ(rule("free: own rcu").domains_of(Domain::tasks), kEveryDomain);
  EXPECT_EQ(rule("free: rcu").domains_of(Domain::tasks), Domains(Domain::rcu));
}

TEST(Protocol, AKeyIsAFlagOrHasACount) {
  const auto rule = [](const std::string& line) { return parsed(std::string(kWhole) + line).key; };
  EXPECT_EQ(rule(""), KeyRule::flag);
  EXPECT_EQ(rule("key: flag"), KeyRule::flag);
  EXPECT_EQ(rule("key: count"), KeyRule::count);
  EXPECT_EQ(rule("key: count-first"), KeyRule::count_first);
  EXPECT_EQ(rule("key: count-tries"), KeyRule::count_tries);
  EXPECT_FALSE(same(parsed(kWhole), parsed(std::string(kWhole) + "key: count\n")));
}

TEST(Protocol, OthersThatFreeOtherwiseAreNotTheSame) {
  EXPECT_TRUE(same(parsed(kWhole), parsed(std::string(kWhole) + "free: own\n")));
  EXPECT_FALSE(same(parsed(kWhole), parsed(std::string(kWhole) + "free: rcu\n")));
}

TEST(Protocol, TransitionIsThatOfTheNewLength) {
  EXPECT_EQ(name(transition_of(true, 1)), "0->1");
  EXPECT_EQ(name(transition_of(true, 2)), "1->2");
  EXPECT_EQ(name(transition_of(true, 3)), "N->N+1");
  EXPECT_EQ(name(transition_of(true, 9)), "N->N+1");
  EXPECT_EQ(name(transition_of(false, 9)), "N->N-1");
  EXPECT_EQ(name(transition_of(false, 2)), "N->N-1");
  EXPECT_EQ(name(transition_of(false, 1)), "2->1");
  EXPECT_EQ(name(transition_of(false, 0)), "1->0");
}

TEST(Protocol, ATrapHandlerHasItsName) {
  EXPECT_EQ(parsed(kWhole).trap, TrapHandler::stateless);
  for (int i = 0; i < kTrapHandlers; ++i) {
    const auto handler = static_cast<TrapHandler>(i);
    EXPECT_EQ(parsed(std::string(kWhole) + "trap: " + std::string(name(handler))).trap, handler) << name(handler);
  }
  EXPECT_EQ(parsed(std::string(kWhole) + "trap:  descriptor \t counted").trap, TrapHandler::counted);
  Protocol one = parsed(kWhole), other = one;
  other.trap = TrapHandler::hook;
  EXPECT_FALSE(same(one, other));
}

TEST(Protocol, SettingsAreOffUnlessSaid) {
  const Protocol plain = parsed(kWhole);
  EXPECT_FALSE(plain.trusts_funcs || plain.enomem_fails || plain.worker_marks_first || plain.cookies_per_tracepoint ||
               plain.promises_direct);
  const std::string text(kWhole);
  EXPECT_TRUE(parsed(text + "iterator: trusts-funcs").trusts_funcs);
  EXPECT_TRUE(parsed(text + "enomem: fail").enomem_fails);
  EXPECT_TRUE(parsed(text + "worker: marks-first").worker_marks_first);
  EXPECT_TRUE(parsed(text + "cookies: per-tracepoint").cookies_per_tracepoint);
  EXPECT_TRUE(parsed(text + "promise: direct").promises_direct);
  EXPECT_FALSE(parsed(text + "iterator: checks-funcs").trusts_funcs);
  EXPECT_FALSE(parsed(text + "enomem: stub").enomem_fails);
  EXPECT_FALSE(parsed(text + "worker: marks-last").worker_marks_first);
  EXPECT_FALSE(parsed(text + "cookies: shared").cookies_per_tracepoint);
}

TEST(Protocol, ItsStatusIsWhatItsAuthorSays) {
  using Status = Protocol::Status;
  EXPECT_EQ(shipped_names(Status::correct),
            (std::vector<std::string>{"231264d", "cookies", "worker", "iterator", "cookies-own"}));
  EXPECT_EQ(shipped_names(Status::unsaid), std::vector<std::string>{});
  EXPECT_EQ(shipped_names(Status::correct, &Protocol::faultable),
            (std::vector<std::string>{"iterator", "cookies-own"}));
  EXPECT_EQ(shipped_names(Status::unsaid, &Protocol::faultable), std::vector<std::string>{});
  const std::string cookies(shipped_text("cookies"));
  const std::size_t line = cookies.find("status: correct\n");
  Protocol unsaid =
      parsed(std::string(cookies).erase(line, std::string("status: correct\nfaultable: broken\n").size()));
  EXPECT_EQ(unsaid.status, Status::unsaid);
  EXPECT_EQ(unsaid.faultable, Status::unsaid);
  EXPECT_TRUE(same(unsaid, shipped_protocol("cookies"))) << "a status changes nothing";
}

// The same protocol as kWhole's, whatever else the text says.
void expect_whole(std::string_view text) {
  const Protocol protocol = parsed(text);
  const Protocol whole = parsed(kWhole);
  EXPECT_EQ(protocol.name, whole.name);
  EXPECT_EQ(protocol.steps, whole.steps);
}

TEST(Protocol, CommentsAndEmptyLinesSayNothing) {
  expect_whole("# before the name\n\n  \t\n" +
               with("publish; update_call; enable_key", "publish; update_call; enable_key# x"));
  expect_whole(with("1->2: publish\n", "1->2: publish  # N->N+1: junk; junk\n#1->2: publish\n\n"));
}

TEST(Protocol, SpaceAndLineEndsMakeNoDifference) {
  std::string crlf;
  for (const char c : kWhole) crlf += c == '\n' ? "\r\n" : std::string(1, c);
  expect_whole(crlf);
  expect_whole(kWhole.substr(0, kWhole.size() - 1));  // no newline at the end
  expect_whole(with("0->1: publish; update_call; enable_key", " 0->1 :publish ;\tupdate_call;enable_key  "));
}

TEST(Protocol, OrderOfTheLinesIsFree) {
  std::string text = with("1->2: publish\n", "");
  expect_whole(text + "1->2: publish\n");
}

TEST(Protocol, IsTheSameIfAllOfItIs) {
  const auto parsed = [](std::string text) { return std::get<Protocol>(parse_protocol(text)); };
  const std::string text(shipped_text("cookies"));
  const auto with = [&](const std::string& line, const std::string& other) {
    std::string changed = text;
    return parsed(changed.replace(changed.find(line), line.size(), other));
  };
  EXPECT_TRUE(same(parsed(text), parsed("# a comment\n" + text + "enomem: stub\n")));
  for (const auto& [line, other] : std::initializer_list<std::pair<std::string, std::string>>{
           {"protocol cookies", "protocol other"},
           {"call_iterator; ", ""},
           {"changed if first.data", "changed if first.func"},
           {"changed if first.data", "changed tasks if first.data"},
           {"changed if first.data", "changed rcu own if first.data"},
           {"update_call; publish; snapshot", "publish; update_call; snapshot"},
           {"\n0->1", "\niterator: trusts-funcs\n0->1"},
           {"\n0->1", "\nenomem: fail\n0->1"},
           {"\n0->1", "\nworker: marks-first\n0->1"},
           {"\n0->1", "\ncookies: per-tracepoint\n0->1"},
           {"\n0->1", "\npromise: direct\n0->1"}})
    EXPECT_FALSE(same(parsed(text), with(line, other))) << other;
}

}  // namespace
}  // namespace tpfuzz::internal
