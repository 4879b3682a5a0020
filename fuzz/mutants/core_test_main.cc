// The core's own tests on the woven core, as a finder: what fails first goes into the Report (report.h).
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

#include "fuzz/mutants/report.h"

namespace {

class Reporter : public testing::EmptyTestEventListener {
  void OnTestStart(const testing::TestInfo& test) override {
    name_ = std::string(test.test_suite_name()) + "." + test.name();
    ++tpfuzz::mutants::inherited_report().executions;
    tpfuzz::mutants::inherited_report().set_doing(name_);
  }
  void OnTestPartResult(const testing::TestPartResult& result) override {
    if (!result.failed()) return;
    tpfuzz::mutants::inherited_report().set_found(name_);
    _exit(1);  // what else would fail, or hang, is of no interest
  }

  std::string name_;
};

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  testing::UnitTest::GetInstance()->listeners().Append(new Reporter);
  return RUN_ALL_TESTS();
}
