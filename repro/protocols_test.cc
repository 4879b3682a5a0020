// The lists of protocols and of puzzles, and their texts.
#include <nlohmann/json.hpp>
#include <sstream>

#include "repro/io/testing/command_line.h"

namespace tpfuzz {
namespace {

// What a call tells; of a sanitizer's report, which has addresses, what kind it is.
std::string found_by(const std::string& arguments) {
  const std::string output = told(arguments);
  const std::string report = "ERROR: AddressSanitizer: ";
  const std::size_t at = output.find(report);
  if (at == output.npos) return output;
  const std::size_t kind = at + report.size();
  return output.substr(kind, output.find(' ', kind) - kind);
}

TEST_F(ReproTest, APuzzlesTextIsWhatRuns) {
  const std::string seq = file("s.seq", kSequence);
  for (const auto& line :
       nlohmann::json::parse("[" + shell(TPFUZZ_REPRO " protocols --json | paste -sd,").output + "]")) {
    const std::string name = line["name"];
    if (line["kind"] == "library") continue;  // more than its protocol
    const std::string text = call("protocols " + name).output;
    for (std::size_t at = 0; (at = text.find("fuzz/subject/mistake/", at)) != text.npos; ++at) {
      const std::string place = text.substr(at, text.find('\n', at) - at);
      std::ifstream source(TPFUZZ_SOURCE_DIR "/" + place.substr(0, place.find(':')));
      std::string said;
      for (int i = std::stoi(place.substr(place.find(':') + 1)); i > 0; --i) std::getline(source, said);
      EXPECT_NE(said.find("constinit Mistake "), said.npos) << place << ": " << said;
    }
    EXPECT_EQ(found_by("run --protocol " + file("p.protocol", text) + " " + seq),
              found_by("run --protocol " + name + " " + seq))
        << text;
  }
}

TEST_F(ReproTest, APuzzlesTextUnderAnotherNameTakesAMistakeMore) {
  std::string text = call("protocols iterator-reloads").output;
  text.replace(text.find("protocol iterator-reloads"), 25, "protocol mine") += "mistake: torn-patch; stale-cookie\n";
  EXPECT_EQ(told("run --protocol " + file("mine.protocol", text) + " " + file("s.seq", kSequence)),
            "tpfuzz: VIOLATION invariant=patch-order transition=0->1 point=trapped protocol=mine\n");
  const auto refused = [&](const std::string& line) {
    return call("run --protocol " + file("wrong.protocol", text + line + "\n") + " " + path("s.seq"));
  };
  const std::string where = path("wrong.protocol") + ":11: ";
  expect_refused(refused("mistake: torn-patsch"), where + "expected a mistake (stale-cookie, ");
  expect_refused(refused("mistake: torn-patch"), where + "mistake 'torn-patch' stands here twice");
  expect_refused(refused("iterate: load; each; call"), where + "setting 'iterate' stands here twice");
  expect_refused(refused("hit: key; lock; load; call; unlcok"),
                 where + "expected a step of hit (key, lock, load, call, unlock), found 'unlcok'");
  expect_refused(refused("hit: key; call; load"), where + "expected one of: 'key; lock; load; call; unlock', ");
}

TEST_F(ReproTest, TheDialectIsListedAsAFileHasIt) {
  const std::string list = call("protocols --dialect").output;
  EXPECT_TRUE(list.starts_with("hit: key; lock; load; call; unlock\n")) << list;
  EXPECT_NE(list.find("\niterate: load; each; call\n"), list.npos);
  EXPECT_NE(list.find("\nmistake: torn-patch"), list.npos);
  EXPECT_NE(call("protocols --dialect --json").output.find("{\"key\":\"mistake\",\"value\":\"no-mutex\",\"about\":\""),
            std::string::npos);
  std::istringstream lines(list);
  std::string every = call("protocols cookies").output;
  every.replace(every.find("protocol cookies"), 16, "protocol all");
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("mistake: ") && line.find("waits-for-itself") == line.npos) every += line + "\n";
  const std::string seq = file("s.seq", kSequence);
  EXPECT_EQ(call("run --protocol " + file("all.protocol", every) + " " + seq).exit_code, 1) << "all at once";
}

TEST_F(ReproTest, ProtocolsAreListedAndPrinted) {
  const std::string list = call("protocols").output;
  EXPECT_NE(list.find("\ncookies "), list.npos) << list;
  EXPECT_NE(list.find("\ntorn-patch "), list.npos) << list;
  EXPECT_NE(list.find(" grace period on every 2->1 and 1->0, so it is slow. Linux: "), list.npos)
      << "a comment of several lines: " << list;
  EXPECT_NE(call("protocols --json").output.find("\"name\":\"torn-patch\""), std::string::npos);
  EXPECT_NE(call("protocols cookies").output.find("\nprotocol cookies\nstatus: correct\n"), std::string::npos);
  EXPECT_NE(
      call("protocols --json")
          .output.find("\"name\":\"cookies\",\"kind\":\"protocol\",\"status\":\"correct\",\"faultable\":\"broken\""),
      std::string::npos);
  EXPECT_NE(call("protocols --json").output.find("\"name\":\"352384d\",\"kind\":\"protocol\",\"status\":\"broken\""),
            std::string::npos);
  const std::string printed = call("protocols key-left-on").output;
  EXPECT_NE(printed.find("\n1->0:   call_iterator; publish; snapshot removed\n"), printed.npos) << printed;
  EXPECT_EQ(
      call("run --protocol " + file("p.protocol", call("protocols no-await").output) + " " + file("s.seq", kSequence))
          .exit_code,
      1);
  expect_refused(call("protocols nosuch"), "nosuch: expected a shipped protocol's or a puzzle's name");
}

}  // namespace
}  // namespace tpfuzz
