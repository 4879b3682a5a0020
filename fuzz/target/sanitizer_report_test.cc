#include "fuzz/target/sanitizer_report.h"

#include <gtest/gtest.h>

namespace tpfuzz {
namespace {

std::string seen(const std::string& output) {
  const auto report = sanitizer_report(output);
  return report ? report->sanitizer + ' ' + report->kind : "";
}

TEST(SanitizerReport, TheKindEndsBeforeAnAddressOrANumber) {
  EXPECT_EQ(seen("==7==ERROR: AddressSanitizer: heap-use-after-free on address 0x1\n"), "address heap-use-after-free");
  EXPECT_EQ(seen("==7==ERROR: AddressSanitizer: attempting double-free on 0x1\n"), "address double-free");
  EXPECT_EQ(seen("WARNING: ThreadSanitizer: data race (pid=7)\n"), "thread data-race");
  EXPECT_EQ(seen("ERROR: LeakSanitizer: detected memory leaks\n"), "address detected-memory-leaks");
  EXPECT_EQ(seen("ERROR: AddressSanitizer: SEGV on unknown address\n"), "address SEGV");
}

TEST(SanitizerReport, TheFirstCounts) {
  EXPECT_EQ(seen("x.cc:3: runtime error: null\nERROR: AddressSanitizer: SEGV on 1\nWARNING: ThreadSanitizer: x (1)\n"),
            "address SEGV");
}

TEST(SanitizerReport, OfUndefinedBehaviour) {
  EXPECT_EQ(seen("x.cc:3: runtime error: load of null pointer\n"), "undefined runtime-error");
}

TEST(SanitizerReport, OtherWordsAreNone) {
  EXPECT_EQ(seen("SUMMARY: AddressSanitizer: heap-use-after-free x.cc:3\n"), "");
  EXPECT_EQ(seen("INFO: AddressSanitizer: on\n"), "");
  EXPECT_EQ(seen("ERROR: AddressSanitizer: 7\n"), "");
  EXPECT_EQ(seen("ERROR: AddressSanitizer: SEGV"), "");
}

}  // namespace
}  // namespace tpfuzz
