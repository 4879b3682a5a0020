// What functions, data and arrays are called.
#include "repro/diagram/explain/names.h"

#include <gtest/gtest.h>

#include "fuzz/sequence/text.h"
#include "fuzz/subject/subject.h"

namespace tpfuzz {
namespace {

using Entries = std::vector<Observation::Entry>;

// sched and irq share function 0; irq and net share data 1.
const Sequence kShared =
    std::get<Sequence>(parse_text("tpfuzz 1\nprobe sched func=0 data=0 prio=10\nprobe irq func=0 data=1 prio=20\n"
                                  "probe net func=2 data=1 prio=30\nprobe none func=3 data=null prio=40\n"
                                  "w0 register sched\nw0 register irq\nw0 register net\nw0 register none\n"));

std::size_t slot_of(std::string_view name) {
  std::size_t slot = 0;
  while (kShared.names.of(slot) != name) ++slot;
  return slot;
}

TEST(NamesTest, TheFirstProbeGivesItsNameToWhatItShares) {
  const Names names(kShared);
  EXPECT_EQ(names.callback(0), "callback_sched");
  EXPECT_EQ(names.callback(2), "callback_net");
  EXPECT_EQ(names.data(1), "data_irq");
  EXPECT_EQ(names.data(kNullData), "NULL");
  EXPECT_EQ(names.callback(7), "callback_?") << "no probe has it";
}

TEST(NamesTest, AProbeOfASharedFunctionIsNamedWithItsData) {
  const Names names(kShared);
  EXPECT_EQ(names.probe(slot_of("irq")), "{callback_sched,data_irq}");
  EXPECT_EQ(names.probe(slot_of("net")), "callback_net");
  EXPECT_EQ(names.probes(0), "NULL");
  EXPECT_EQ(names.probes(static_cast<std::uint8_t>(1U << slot_of("sched") | 1U << slot_of("net"))),
            "{callback_sched,data_sched}, callback_net");
}

TEST(NamesTest, AnArrayListsProbesStubsAndWhatIsNoProbe) {
  const Names names(kShared);
  EXPECT_EQ(names.array(Entries{}), "NULL");
  EXPECT_EQ(names.array(Entries{{2, 1, 30, false}, {0, 0, 10, true}, {0, 1, 20, false}}), "{net, stub, irq}");
  EXPECT_EQ(names.array(Entries{{2, 0, 30, false}}), "{?}") << "the function of one, the data of another";
  EXPECT_EQ(names.called(Entries{}), "{}");
}

TEST(NamesTest, TheTargetOfAListIsItsOneFunctionOrTheIterator) {
  const Names names(kShared);
  ProbeList list;
  EXPECT_EQ(names.target(list), "iterator");
  EXPECT_EQ(names.list(list), "NULL");
  list.push_back({static_cast<std::uint8_t>(slot_of("net")), 30});
  EXPECT_EQ(names.target(list), "callback_net");
  EXPECT_EQ(names.first_data(list), "data_irq");
  list.push_back({static_cast<std::uint8_t>(slot_of("sched")), 10});
  EXPECT_EQ(names.target(list), "iterator");
  EXPECT_EQ(names.list(list), "{net, sched}");
}

}  // namespace
}  // namespace tpfuzz
