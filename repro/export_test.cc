// `repro export`: what it writes, and what it refuses. That what it writes builds is tested in export/.
#include "repro/io/testing/command_line.h"

namespace tpfuzz {
namespace {

TEST_F(ReproTest, ExportWritesASourceAndAProjectAndReplacesOnlyThem) {
  const std::string seq = file("10 -> 01.seq", kSequence);
  std::filesystem::create_directories(path("out/nested"));
  file("out/nested/other_test.cc", "int main() {}\n");
  const std::string command = "export --protocol f7ec412 '" + seq + "' -o " + path("out/nested");
  const Outcome first = call(command);
  EXPECT_EQ(first.exit_code, 0);
  EXPECT_EQ(first.output, path("out/nested/10____01_test.cc\n"));
  const std::string source = contents("out/nested/10____01_test.cc");
  EXPECT_NE(source.find("constexpr Turn schedule[] = {\n"
                        "    {w0, 1, to_its_end},            // register a\n"
                        "    {r0, 1, until(Point::loaded)},  // hit\n"
                        "    {w0, 2, to_its_end},            // unregister a\n"
                        "    {w0, 3, to_its_end},            // register b\n"
                        "    {r0, 1, to_its_end},            // hit\n"
                        "};\n"),
            std::string::npos)
      << source;
  EXPECT_NE(source.find("*** pairing: callback_b is called"), std::string::npos) << "the diagram";
  EXPECT_EQ(source.find('@'), std::string::npos) << "all of the template is filled in";
  EXPECT_EQ(call(command).exit_code, 0) << "again, over what it has written";
  EXPECT_EQ(contents("out/nested/10____01_test.cc"), source);
  EXPECT_EQ(contents("out/nested/other_test.cc"), "int main() {}\n");
  const std::filesystem::directory_iterator written(path("out/nested"));
  EXPECT_EQ(std::distance(begin(written), end(written)), 3) << "no temporary file is left";
}

TEST_F(ReproTest, ExportTakesAUsersProtocolAsItIs) {
  const std::string mine =
      file("mine.protocol",
           "protocol mine  # )protocol\"\n0->1: update_call; publish; enable_key\n1->2: update_call; publish\n"
           "N->N+1: publish\nN->N-1: publish\n2->1: publish; synchronize; update_call\n1->0: disable_key; publish\n");
  EXPECT_EQ(call("export --protocol " + mine + " " + file("s.seq", kSequence) + " -o " + path("out")).exit_code, 0);
  EXPECT_NE(contents("out/s_test.cc").find("R\"protocol_(\n" + contents("mine.protocol") + ")protocol_\";"),
            std::string::npos);
}

TEST_F(ReproTest, ExportTakesAPuzzleThatIsAnOrderOfSteps) {
  const std::string seq = file("s.seq", kSequence);
  EXPECT_EQ(call("export --protocol no-await " + seq + " -o " + path("out")).exit_code, 0);
  EXPECT_NE(contents("out/s_test.cc").find(call("protocols no-await").output), std::string::npos);
}

TEST_F(ReproTest, ExportRefusesWhatATestCannotJudge) {
  const std::string seq = file("s.seq", kSequence);
  const std::string to_out = " -o " + path("out");
  const std::string expected = seq + ": expected a violation of ";
  expect_refused(call("export " + seq + to_out),
                 expected + "pairing, snapshot, grace, fault or result under cookies, found a clean run");
  for (const char* mistaken : {"torn-patch", "locked-late", "iterator-reloads"})
    expect_refused(call("export --protocol " + std::string(mistaken) + " " + seq + to_out),
                   seq + ": expected a protocol without 'hit:', 'iterate:' and 'mistake:', found " + mistaken);
  const std::string key_stays =
      file("key_stays.protocol",
           "protocol key_stays\n0->1: update_call; publish; enable_key\n1->2: publish\nN->N+1: publish\n"
           "N->N-1: publish\n2->1: publish\n1->0: publish\n");
  const std::string idle =
      file("idle.seq", "tpfuzz 1\nprobe a func=0 data=0 prio=10\nw0 register a\nw0 unregister a\n");
  expect_refused(call("export --protocol " + key_stays + " " + idle + to_out),
                 idle +
                     ": expected a violation of pairing, snapshot, grace, fault or result under key_stays, found "
                     "quiescent");
  const std::string in_trap =
      file("trap.seq",
           "tpfuzz 1\nprobe a func=0 data=0 prio=10\nw0 register a park@trapped#2 1\nr0 hit park@trapped-in 1\n");
  expect_refused(call("export " + in_trap + to_out),
                 in_trap + ": expected no delay of a hit in a trap: an exported test can't have one");
  const std::string hook =
      file("hook.protocol",
           "protocol hooked\ntrap: hook\n0->1: update_call; publish; enable_key\n1->2: publish\nN->N+1: publish\n"
           "N->N-1: publish\n2->1: publish\n1->0: disable_key; publish\n");
  expect_refused(
      call("export --protocol " + hook + " " + seq + to_out),
      seq +
          ": expected a protocol with trap: stateless, found trap: hook: an exported test uses the core's own "
          "handler");
  const std::string batch =
      file("batch.seq", "tpfuzz 1\nprobe a func=0 data=0 prio=10\nw0 unregister a tp=0, a tp=1\n");
  expect_refused(call("export --protocol f7ec412 " + batch + to_out),
                 batch + ": expected no batch over several tracepoints: ");
  const std::string nested = file("nested.seq", "tpfuzz 1\nr0 hit nested=1\n");
  expect_refused(call("export --protocol f7ec412 " + nested + to_out),
                 nested + ": expected no hit with nested=: an exported test can't have one");
  const std::string bad = file("bad.seq", "tpfuzz 1\nw0 register z\n");
  expect_refused(call("export --protocol f7ec412 " + bad + to_out), bad + ":2: expected ");
  expect_refused(call("export --protocol nosuch " + seq + to_out),
                 "nosuch: expected the name of a protocol or a puzzle ");
  expect_refused(call("export --protocol f7ec412 " + seq), "repro: ");
  EXPECT_FALSE(std::filesystem::exists(path("out")));
}

TEST_F(ReproTest, ExportNeedsADirectoryOfItsOwn) {
  const std::string command = "export --protocol f7ec412 " + file("s.seq", kSequence) + " -o ";
  expect_refused(call(command + path("s.seq")), path("s.seq") + ": expected a directory that can be written: ");
  expect_refused(call(command + "/proc/tests"), "/proc/tests: expected a directory that can be written: ");
  expect_refused(call(command + "/proc"), "/proc/s_test.cc: expected a file that can be written: ");
  std::filesystem::create_directory(path("mine"));
  file("mine/CMakeLists.txt", "project(mine)\n");
  expect_refused(call(command + path("mine")),
                 path("mine/CMakeLists.txt") + ": expected a file that `repro export` wrote, or none");
  EXPECT_EQ(contents("mine/CMakeLists.txt"), "project(mine)\n");
  std::filesystem::create_directories(path("taken/s_test.cc"));
  expect_refused(call(command + path("taken")), path("taken/s_test.cc") + ": expected a file that ");
  for (const char* directory : {"mine", "taken"}) {
    const std::filesystem::directory_iterator left(path(directory));
    EXPECT_EQ(std::distance(begin(left), end(left)), 1) << directory;
  }
}

}  // namespace
}  // namespace tpfuzz
