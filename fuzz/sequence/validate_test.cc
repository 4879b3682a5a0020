#include "fuzz/sequence/validate.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <functional>
#include <vector>

#include "fuzz/sequence/vocabulary.h"

namespace tpfuzz {
namespace {

constexpr std::size_t kRegister = 0;
constexpr std::size_t kUnregister = 1;
constexpr std::size_t kSync = 2;
constexpr std::size_t kHit = 3;
constexpr std::size_t kRun = 4;

// Each verb once, with as much as it may have.
Sequence valid() {
  Sequence sequence;
  sequence.probes[0] = Probe{0, 0, 10};
  sequence.probes[7] = Probe{0, 7, 10};
  sequence.faultable = 0b1001;
  auto& operations = sequence.operations;
  operations.resize(5);
  operations[kRegister] = {
      {Cpu::Kind::writer, 0}, Verb::register_probe, 1, std::int32_t{-1}, 3, 0, 255, true, -EPERM, {}};
  operations[kRegister].parks.push_back({tp::Point::publish, 16, 255});
  operations[kUnregister] = {{Cpu::Kind::writer, 1}, Verb::unregister_probe, 0x81, {}, 3, 0, 1, false, 0, {}};
  operations[kSync] = {{Cpu::Kind::writer, 1}, Verb::sync, 0, {}, 0, 0, 0, false, {}, {}};
  operations[kSync].domain = tp::Domain::tasks;
  operations[kHit] = {{Cpu::Kind::reader, 3}, Verb::hit, 0, {}, 3, 1, 0, false, {}, {}};
  operations[kRun] = {{Cpu::Kind::worker, 0}, Verb::run, 0, {}, 0, 0, 0, false, {}, {}};
  return sequence;
}

void make_free(Operation& sync, std::uint8_t probes) {
  sync.verb = Verb::free_probe;
  sync.domain.reset();
  sync.probes = probes;
  sync.after = tp::kEveryDomain;
}

void make_key_inc(Operation& sync) {
  sync.verb = Verb::key_inc;
  sync.domain.reset();
}

TEST(Validate, AcceptsWhatIsValid) {
  EXPECT_EQ(validate(Sequence()), std::nullopt);
  Sequence frees = valid();
  make_free(frees.operations[kSync], 0x80);
  EXPECT_EQ(validate(frees), std::nullopt);
  EXPECT_EQ(validate(valid()), std::nullopt);
}

struct Break {
  std::function<void(Sequence&)> make;
  std::string_view problem;
};

const std::vector<Break> kBreaks = {
    {[](Sequence& s) { s.probes[0]->func = 8; }, "probe a: func=8"},
    {[](Sequence& s) { s.probes[7]->data = 8; }, "probe h: data=8"},
    {[](Sequence& s) { s.probes[7]->data = 0; }, "probes a and h have the same func and data"},
    {[](Sequence& s) { s.probes[7].reset(); }, "operation 2: probe h is not declared"},
    {[](Sequence& s) { s.names.set(7, "sched"), s.probes[7].reset(); }, "operation 2: probe sched is not declared"},
    {[](Sequence& s) { s.names.set(7, "null"); }, "a probe called 'null'"},
    {[](Sequence& s) { s.names.set(7, "a b"); }, "a probe called 'a b'"},
    {[](Sequence& s) { s.names.set(7, "a"); }, "a probe called 'a'"},
    {[](Sequence& s) { s.names.set(7, "x"), s.names.set(2, "x"); }, "two probes called x"},
    {[](Sequence& s) { s.operations[kHit].verb = static_cast<Verb>(kVerbs); }, "operation 4: no verb"},
    {[](Sequence& s) { s.operations[kHit].cpu.kind = Cpu::Kind::writer; }, "operation 4: 'hit' on the wrong CPU"},
    {[](Sequence& s) { s.operations[kHit].cpu.index = 4; }, "operation 4: 'hit' on the wrong CPU"},
    {[](Sequence& s) { s.operations[kSync].cpu.index = 2; }, "operation 3: 'sync' on the wrong CPU"},
    {[](Sequence& s) { s.operations[kRun].cpu.index = 1; }, "operation 5: 'run' on the wrong CPU"},
    {[](Sequence& s) { s.operations[kHit].probes = 1; }, "operation 4: 'hit' with a probe"},
    {[](Sequence& s) { s.operations[kRegister].probes = 0x81; }, "operation 1: 'register' with several probes"},
    {[](Sequence& s) { s.operations[kRegister].probes = 0; }, "operation 1: 'register' with prio="},
    {[](Sequence& s) { s.operations[kUnregister].prio = std::int32_t{10}; }, "operation 2: 'unregister' with prio="},
    {[](Sequence& s) { s.operations[kUnregister].further[0] = 1; }, "operation 2: 'unregister' with probes of tp=0"},
    {[](Sequence& s) { s.operations[kUnregister].tp = 2, s.operations[kUnregister].further[3] = 2; },
     "operation 2: probe b is not declared"},
    {[](Sequence& s) { s.operations[kUnregister].hook_fails = true; }, "operation 2: 'unregister' with hook="},
    {[](Sequence& s) { s.operations[kUnregister].site = 1; }, "operation 2: 'unregister' with site="},
    {[](Sequence& s) { s.operations[kSync].tp = 1; }, "operation 3: 'sync' with tp="},
    {[](Sequence& s) { s.faultable = 0x10; }, "tracepoints 0x10"},
    {[](Sequence& s) { s.operations[kHit].domain = tp::Domain::rcu; }, "operation 4: 'hit' with a domain"},
    {[](Sequence& s) { s.operations[kSync].domain = static_cast<tp::Domain>(2); }, "operation 3: no domain"},
    {[](Sequence& s) { make_free(s.operations[kSync], 0), s.operations[kSync].after = {}; },
     "operation 3: 'free' with 0 probes"},
    {[](Sequence& s) { s.operations[kSync].verb = Verb::key_inc; }, "operation 3: 'key inc' with a domain"},
    {[](Sequence& s) { make_key_inc(s.operations[kSync]), s.operations[kSync].site = 1; },
     "operation 3: 'key inc' with site="},
    {[](Sequence& s) { make_key_inc(s.operations[kSync]), s.operations[kSync].probes = 1; },
     "operation 3: 'key inc' with a probe"},
    {[](Sequence& s) { make_key_inc(s.operations[kSync]), s.operations[kSync].tp = 4; }, "operation 3: tp=4"},
    {[](Sequence& s) { make_free(s.operations[kSync], 0x81); }, "operation 3: 'free' with 2 probes"},
    {[](Sequence& s) { make_free(s.operations[kSync], 0x2); }, "operation 3: probe b is not declared"},
    {[](Sequence& s) { s.operations[kSync].after = tp::Domain::rcu; }, "operation 3: 'sync' after readers"},
    {[](Sequence& s) { s.operations[kRun].fail = 1; }, "operation 5: 'run' with fail="},
    {[](Sequence& s) { s.operations[kHit].tp = 4; }, "operation 4: tp=4"},
    {[](Sequence& s) { s.operations[kHit].site = 2; }, "operation 4: site=2"},
    {[](Sequence& s) { s.operations[kHit].nested = std::uint8_t{4}; }, "operation 4: nested=4"},
    {[](Sequence& s) { s.operations[kHit].nested = s.operations[kHit].tp; },
     "operation 4: nested=3, which is the tracepoint of the hit itself"},
    {[](Sequence& s) { s.operations[kSync].nested = std::uint8_t{1}; }, "operation 3: 'sync' with nested="},
    {[](Sequence& s) { s.operations[kHit].expect = 0; }, "operation 4: 'hit' with a result"},
    {[](Sequence& s) { s.operations[kRegister].expect = 1; }, "operation 1: result 1"},
    {[](Sequence& s) { s.operations[kHit].parks.push_back({static_cast<tp::Point>(tp::kPoints), 1, 1}); },
     "operation 4: a park at no point"},
    {[](Sequence& s) { s.operations[kHit].parks.push_back({tp::Point::begun, 1, 1}); },
     "operation 4: 'hit' never passes begun"},
    {[](Sequence& s) { s.operations[kHit].parks.push_back({tp::Point::called, 0, 1}); }, "operation 4: park@called#0"},
    {[](Sequence& s) { s.operations[kHit].parks.push_back({tp::Point::called, 17, 1}); },
     "operation 4: park@called#17"},
    {[](Sequence& s) { s.operations[kHit].parks.push_back({tp::Point::called, 1, 0}); },
     "operation 4: park@called for 0 events"},
};

TEST(Validate, SaysWhatIsWrong) {
  for (const Break& broken : kBreaks) {
    Sequence sequence = valid();
    broken.make(sequence);
    EXPECT_EQ(validate(sequence), Error{.message = std::string(broken.problem)});
  }
}

}  // namespace
}  // namespace tpfuzz
