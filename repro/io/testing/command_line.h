// The command line as a user meets it: what a call of repro prints, and how it exits.
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace tpfuzz {

struct Outcome {
  int exit_code = -1;
  std::string output;  // both streams
};

inline Outcome shell(const std::string& command) {
  Outcome outcome;
  std::FILE* pipe = popen(command.c_str(), "re");
  std::array<char, 4096> buffer;
  while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), pipe))
    outcome.output.append(buffer.data(), got);
  const int status = pclose(pipe);
  if (WIFEXITED(status)) outcome.exit_code = WEXITSTATUS(status);
  return outcome;
}

inline Outcome call(const std::string& arguments) {
  return shell(std::string(TPFUZZ_REPRO) + " " + arguments + " 2>&1");
}

// What a call prints, but for what explains a violation.
inline std::string told(const std::string& arguments) {
  std::string output = call(arguments).output;
  for (std::size_t at; (at = output.find("tpfuzz: why: ")) != output.npos;)
    output.erase(at, output.find('\n', at) + 1 - at);
  return output;
}

class ReproTest : public testing::Test {
 protected:
  ReproTest() { std::filesystem::create_directory(directory_); }
  ~ReproTest() override { std::filesystem::remove_all(directory_); }

  std::string file(const std::string& name, const std::string& contents) {
    const std::filesystem::path path = directory_ / name;
    std::ofstream(path, std::ios::binary) << contents;
    return path.string();
  }
  std::string path(const std::string& name) const { return (directory_ / name).string(); }
  std::string contents(const std::string& name) const {
    std::ifstream file(directory_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  // One line that begins with `begin`, exit code 2.
  static void expect_refused(const Outcome& outcome, const std::string& begin) {
    EXPECT_EQ(outcome.exit_code, 2) << outcome.output;
    EXPECT_TRUE(outcome.output.starts_with(begin)) << outcome.output << "should begin with " << begin;
    EXPECT_EQ(outcome.output.find('\n'), outcome.output.size() - 1) << outcome.output;
  }

 private:
  std::filesystem::path directory_ =
      std::filesystem::temp_directory_path() / ("repro_test." + std::to_string(getpid()));
};

// The text of a sequence that was found under `subject`.
inline std::string found_under(const std::string& subject, const std::string& text) {
  const std::size_t end = text.find('\n') + 1;
  return text.substr(0, end) + "subject " + subject + "\n" + text.substr(end);
}

inline const std::string kSequence =
    "tpfuzz 1\nprobe a func=0 data=0 prio=10\nprobe b func=1 data=1 prio=10\n"
    "w0 register a\nr0 hit park@loaded 2\nw0 unregister a\nw0 register b\n";

// A user's protocol, and its verdict on `kSequence`.
inline const std::string kMine =
    "protocol mine\n0->1: update_call; publish; enable_key\n1->2: update_call; publish\nN->N+1: publish\n"
    "N->N-1: publish\n2->1: publish; synchronize; update_call\n1->0: disable_key; publish\n";
inline const std::string kMinesVerdict =
    "tpfuzz: VIOLATION invariant=pairing transition=0->1 point=loaded protocol=mine\n";

}  // namespace tpfuzz
