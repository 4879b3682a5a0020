// load_protocol: a shipped name, a user's file, or one line that says what is wrong.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "core/protocol.h"
#include "core/testing/whole_protocol.h"

namespace tpfuzz::internal {
namespace {

// A directory that goes with its only file.
class LoadProtocol : public testing::Test {
 protected:
  LoadProtocol() {
    char name[] = "/tmp/protocol_test.XXXXXX";
    if (mkdtemp(name) == nullptr) ADD_FAILURE() << "mkdtemp";
    directory_ = name;
    file_ = directory_ + "/mine.protocol";
  }
  ~LoadProtocol() override {
    unlink(file_.c_str());
    rmdir(directory_.c_str());
  }
  void write(std::string_view text) const {
    std::FILE* file = std::fopen(file_.c_str(), "wb");
    ASSERT_NE(file, nullptr);
    EXPECT_EQ(std::fwrite(text.data(), 1, text.size(), file), text.size());
    EXPECT_EQ(std::fclose(file), 0);
  }
  static std::string refusal(const std::string& name) {
    const auto result = load_protocol(name);
    const auto* error = std::get_if<std::string>(&result);
    return error == nullptr ? "" : *error;
  }
  std::string directory_, file_;
};

TEST_F(LoadProtocol, TakesAShippedName) { EXPECT_EQ(std::get<Protocol>(load_protocol("231264d")).name, "231264d"); }

TEST_F(LoadProtocol, TakesAUsersFile) {
  write(kWhole);
  EXPECT_EQ(std::get<Protocol>(load_protocol(file_)).name, "mine");
}

TEST_F(LoadProtocol, TakesAFileLongerThanOneRead) {
  write(std::string(100000, '#') + "\n" + std::string(kWhole));
  EXPECT_EQ(std::get<Protocol>(load_protocol(file_)).name, "mine");
}

TEST_F(LoadProtocol, SaysFileAndLineOfAMistake) {
  write("protocol mine\n\n1->2: publihs\n");
  EXPECT_EQ(refusal(file_), file_ + ":3: expected a step (publish, update_call, ...), found 'publihs'");
}

TEST_F(LoadProtocol, SaysInOneLineWhatItCannotRead) {
  std::string expected = ": expected a protocol file or one of";
  for (const ShippedProtocol& shipped : shipped_protocols()) expected += " " + std::string(shipped.name);
  expected += ": ";
  EXPECT_EQ(refusal("cooky"), "cooky" + expected + "No such file or directory");
  EXPECT_EQ(refusal(directory_), directory_ + expected + "Is a directory");
  EXPECT_EQ(refusal(file_ + "/x"), file_ + "/x" + expected + "No such file or directory");
  write(kWhole);
  EXPECT_EQ(refusal(file_ + "/x"), file_ + "/x" + expected + "Not a directory");
}

TEST_F(LoadProtocol, ReadsNoFileWithoutEnd) {
  write(std::string((1 << 20) + 1, '#'));
  EXPECT_NE(refusal(file_).find(": File too large"), std::string::npos);
}

TEST_F(LoadProtocol, SaysWhatItMayNotRead) {
  write(kWhole);
  ASSERT_EQ(chmod(file_.c_str(), 0), 0);
  if (access(file_.c_str(), R_OK) == 0) GTEST_SKIP() << "root may read every file";
  EXPECT_NE(refusal(file_).find(": Permission denied"), std::string::npos);
}

}  // namespace
}  // namespace tpfuzz::internal
