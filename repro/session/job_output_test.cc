#include "repro/session/job_output.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace tpfuzz {
namespace {

constexpr char kViolation[] =
    "#12 NEW cov: 3\n"
    "tpfuzz: VIOLATION invariant=pairing transition=1->2 point=loaded protocol=d25e37d\n"
    "tpfuzz: the sequence:\n"
    "tpfuzz 1\n"
    "w0 register a\n"
    "DEDUP_TOKEN: pairing-1->2-loaded\n"
    "==7== ERROR: libFuzzer: deadly signal\n"
    "SUMMARY: libFuzzer: deadly signal\n"
    "artifact_prefix='a b/'; Test unit written to a b/crash-0f\n"
    "Base64: AAAA\n";

constexpr char kReport[] =
    "#12 NEW cov: 3\n"
    "==7==ERROR: AddressSanitizer: heap-use-after-free on address 0x1\n"
    "    #0 0x2 in arrive\n"
    "tpfuzz: the sequence:\n"
    "tpfuzz 1\n"
    "w0 register a\n"
    "artifact_prefix='./'; Test unit written to ./crash-0f\n"
    "SUMMARY: AddressSanitizer: heap-use-after-free arrive.cc:3 in arrive\n";

TEST(JobOutput, OfAViolation) {
  EXPECT_EQ(artifact_in(kViolation), "a b/crash-0f");
  EXPECT_EQ(violation_token(kViolation), "pairing-1->2-loaded");
  EXPECT_EQ(told_of(kViolation),
            "tpfuzz: VIOLATION invariant=pairing transition=1->2 point=loaded protocol=d25e37d\n"
            "tpfuzz: the sequence:\ntpfuzz 1\nw0 register a\nDEDUP_TOKEN: pairing-1->2-loaded\n");
  EXPECT_TRUE(tells_finding(kViolation));
}

TEST(JobOutput, OfASanitizer) {
  EXPECT_EQ(artifact_in(kReport), "./crash-0f");
  EXPECT_EQ(violation_token(kReport), "");
  EXPECT_EQ(report_token(kReport, "address"), "address-heap-use-after-free");
  EXPECT_EQ(told_of(kReport),
            "==7==ERROR: AddressSanitizer: heap-use-after-free on address 0x1\n    #0 0x2 in arrive\n"
            "tpfuzz: the sequence:\ntpfuzz 1\nw0 register a\n");
  EXPECT_TRUE(tells_finding(kReport));
}

TEST(JobOutput, OfLibFuzzerItself) {
  EXPECT_EQ(report_token("SUMMARY: libFuzzer: timeout\n", "none"), "none-timeout");
  EXPECT_EQ(artifact_in("Test unit written to findings/timeout-0f\n"), "findings/timeout-0f");
  EXPECT_EQ(artifact_in("Test unit written to findings/slow-unit-0f\n"), "");
}

TEST(JobOutput, ALongReportKeepsItsSequence) {
  std::string report = "runtime error: x\n";
  for (int i = 0; i < 100; ++i) report += "frame\n";
  const std::string told = told_of(report + "tpfuzz: the sequence:\ntpfuzz 1\nartifact_prefix='./'\n");
  EXPECT_EQ(std::count(told.begin(), told.end(), '\n'), 62);
  EXPECT_TRUE(told.ends_with("frame\ntpfuzz: the sequence:\ntpfuzz 1\n"));
}

TEST(JobOutput, OfOneThatFoundNothing) {
  constexpr char kNothing[] = "#1 INITED\n#2 NEW\nDone 2 runs in 1 second(s)\n";
  EXPECT_EQ(artifact_in(kNothing), "");
  EXPECT_EQ(told_of(kNothing), "");
  EXPECT_FALSE(tells_finding(kNothing));
}

TEST(JobOutput, WhatItsUserHasToPutRight) {
  EXPECT_EQ(complaint_in("INFO: seed\nmy.protocol:3: expected a step\n#2 NEW\n"), "my.protocol:3: expected a step");
  EXPECT_EQ(complaint_in("1\n2\n3 4: 5\n4\n5\n6\n7\n"), "3 4: 5\n4\n5\n6\n7");
}

TEST(JobOutput, WhichTokensAreOfReports) {
  EXPECT_TRUE(is_report_token("address-heap-use-after-free"));
  EXPECT_TRUE(is_report_token("none-timeout"));
  EXPECT_FALSE(is_report_token("pairing-1->2-loaded"));
}

}  // namespace
}  // namespace tpfuzz
