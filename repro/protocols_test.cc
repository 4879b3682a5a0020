// The lists of protocols and of puzzles, and their texts.
#include <nlohmann/json.hpp>

#include "repro/io/testing/command_line.h"

namespace tpfuzz {
namespace {

TEST_F(ReproTest, APuzzlesTextIsWhatRuns) {
  const std::string seq = file("s.seq", kSequence);
  for (const auto& line :
       nlohmann::json::parse("[" + shell(TPFUZZ_REPRO " protocols --json | paste -sd,").output + "]")) {
    const std::string name = line["name"];
    if (line["kind"] == "library") continue;  // more than its protocol
    const std::string text = call("protocols " + name).output;
    const bool in_cpp = text.find("The mistake is in C++: fuzz/subject/puzzle/") != text.npos;
    if (in_cpp) {
      const std::size_t at = text.find("fuzz/subject/puzzle/");
      const std::string place = text.substr(at, text.find(". ", at) - at);
      std::ifstream source(TPFUZZ_SOURCE_DIR "/" + place.substr(0, place.find(':')));
      std::string said;
      for (int i = std::stoi(place.substr(place.find(':') + 1)); i > 0; --i) std::getline(source, said);
      EXPECT_NE(said.find(".mistake = \""), said.npos) << place << ": " << said;
    }
    if (line["kind"] != "puzzle" || !in_cpp)
      EXPECT_EQ(told("run --protocol " + file("p.protocol", text) + " " + seq),
                told("run --protocol " + name + " " + seq))
          << text;
  }
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
  EXPECT_NE(printed.find("\n1->0: call_iterator; publish; snapshot removed\n"), printed.npos) << printed;
  EXPECT_EQ(
      call("run --protocol " + file("p.protocol", call("protocols no-await").output) + " " + file("s.seq", kSequence))
          .exit_code,
      1);
  expect_refused(call("protocols nosuch"), "nosuch:0: expected a shipped protocol's or a puzzle's name");
}

}  // namespace
}  // namespace tpfuzz
