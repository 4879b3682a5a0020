// What libFuzzer calls: the linker hands these calls of fopen, fclose and unlink to libfuzzer_files.cc, as the
// target's.
#include "fuzz/target/libfuzzer_files.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "fuzz/target/testing/small_disk.h"
#include "fuzz/target/testing/temporary_directory.h"

namespace tpfuzz {
namespace {

// One corpus a process, as with libFuzzer.
const TemporaryDirectory& corpus() {
  static const TemporaryDirectory directory("libfuzzer_files_test");
  static const bool noted = [] {
    const std::string path = directory.string();
    const std::string exact = "-exact_artifact_path=" + directory / "exact";
    const char* const arguments[] = {"fuzzer", "-runs=1", path.c_str(), "seeds", exact.c_str()};
    note_arguments(5, arguments);
    return true;
  }();
  static_cast<void>(noted);
  return directory;
}

// As libFuzzer does: no result is looked at.
void write(const std::string& path) {
  if (std::FILE* const file = std::fopen(path.c_str(), "wb")) {
    std::fwrite("text", 1, 4, file);
    std::fclose(file);
  }
}

bool exists(const std::string& path) { return std::filesystem::exists(path); }

TEST(LibFuzzerFilesTest, AFileGoesWhenTheOneThatReplacesItIsThere) {
  write(corpus() / "long");
  ASSERT_TRUE(exists(corpus() / "long"));
  unlink((corpus() / "long").c_str());
  EXPECT_TRUE(exists(corpus() / "long"));
  write(corpus() / "short");
  EXPECT_TRUE(exists(corpus() / "short"));
  EXPECT_FALSE(exists(corpus() / "long"));
}

TEST(LibFuzzerFilesTest, ElsewhereItGoesAtOnce) {
  std::filesystem::create_directory(corpus() / "deeper");
  for (const std::string& path : {corpus() / "deeper/file", corpus() / "crash-file", corpus().string() + ".beside"}) {
    write(path);
    ASSERT_TRUE(exists(path));
    unlink(path.c_str());
    EXPECT_FALSE(exists(path));
  }
}

TEST(LibFuzzerFilesTest, WhatItDiesOfGetsATrailer) {
  const auto size_of = [](const std::string& path) {
    write(path);
    return std::filesystem::file_size(path);
  };
  corpus();
  note_trailer("its subject");
  for (const char* const name : {"crash-1", "prefix-timeout-1", "oom-1", "leak-1", "slow-unit-1"})
    EXPECT_EQ(size_of(corpus() / name), 4U + 11U) << name;
  EXPECT_EQ(size_of(corpus() / "exact"), 4U + 11U);
  EXPECT_EQ(size_of(corpus() / "input"), 4U);
  EXPECT_EQ(size_of(corpus().string() + "-beside"), 4U);
  std::filesystem::remove(corpus().string() + "-beside");
  note_trailer("");
}

TEST(LibFuzzerFilesTest, AnAppendedFileIsThereAtOnce) {
  std::FILE* const file = std::fopen((corpus() / "log").c_str(), "ab");
  EXPECT_TRUE(exists(corpus() / "log"));
  std::fclose(file);
}

TEST(LibFuzzerFilesTest, WithoutRoomForTheNewOneTheOldOneStays) {
  const SmallDisk disk(corpus().string(), 16);
  if (!disk.mounted()) GTEST_SKIP() << "no file system can be mounted here";
  write(corpus() / "long");
  disk.fill("rest");
  unlink((corpus() / "long").c_str());
  testing::internal::CaptureStderr();
  write(corpus() / "short");
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            corpus() / "short" + ": expected a file that can be written: No space left on device\n");
  std::filesystem::remove(corpus() / "rest");
  write(corpus() / "other");
  EXPECT_TRUE(exists(corpus() / "long"));
  EXPECT_FALSE(exists(corpus() / "short"));
  EXPECT_TRUE(exists(corpus() / "other"));
}

}  // namespace
}  // namespace tpfuzz
