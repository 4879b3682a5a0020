#include "repro/session/line_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "repro/io/file.h"
#include "repro/session/place.h"

namespace tpfuzz {
namespace {

std::string text_of(const std::string& file) {
  const auto bytes = read_bytes(file);
  return {bytes.begin(), bytes.end()};
}

TEST(LineFile, GrowsByWholeLines) {
  const WorkDirectory work;
  const std::string file = work.path() + "/lines";
  append_line(file, "one");
  std::ofstream(file, std::ios::app) << "cut sh";
  drop_cut_line(file);
  append_line(file, "two");
  drop_cut_line(file);
  EXPECT_EQ(text_of(file), "one\ntwo\n");
}

TEST(LineFile, ALineThatIsCutShortAloneLeavesNothing) {
  const WorkDirectory work;
  const std::string file = work.path() + "/lines";
  std::ofstream(file) << "cut sh";
  drop_cut_line(file);
  EXPECT_EQ(text_of(file), "");
}

TEST(LineFile, NoRoomIsAnError) {
  const WorkDirectory work;
  EXPECT_THROW(append_line(work.path(), "a directory"), InputError);
  EXPECT_THROW(append_line("/dev/full", "a full disk"), InputError);
  drop_cut_line(work.path() + "/none");
  EXPECT_FALSE(std::filesystem::exists(work.path() + "/none"));
}

}  // namespace
}  // namespace tpfuzz
