// The processes that fuzz together.
//
// Each is an ordinary libFuzzer that reads what the others add to the corpus every second (-reload), and counts into
// one file that all map (fuzz/target/progress.h). Not libFuzzer's fork mode: a parent that hands out subsets of the
// corpus to children of a few seconds each, and runs a process that merges whenever one ends; there one finding ends
// all of them.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

#include "repro/session/take.h"

namespace tpfuzz {

class Jobs {
 public:
  explicit Jobs(const SessionPlan& plan) : plan_(plan), jobs_(static_cast<std::size_t>(plan.jobs)) {}
  /// They end: at once, as what they wrote is whole, and what they counted is there.
  ~Jobs() { stop(); }
  Jobs(const Jobs&) = delete;
  Jobs& operator=(const Jobs&) = delete;

  /// Starts all. Throws InputError.
  void start(const Findings& findings);

  /// Takes in what those have left that have ended: a finding, after which a job starts anew. What its user has to put
  /// right ends all with an InputError. Returns whether any goes on.
  bool take_ended(Findings& findings, std::int64_t begin, Signals& signals);

  /// Ends all, and takes in what they leave. One that has begun to tell a finding ends by itself, when it has saved it;
  /// all have ten seconds for that. Throws InputError.
  void finish(Findings& findings, std::int64_t begin);

 private:
  struct Job {
    pid_t process = 0;  // 0: none
    bool runs = false;  // or has ended, and nobody has looked at what it left
    int status = 0;
  };

  void start(std::size_t job, const Findings& findings);
  std::vector<std::string> command(const Findings& findings, const std::string& before);
  void look();
  Found left_by(std::size_t job) const;
  void await_findings();
  void stop();

  const SessionPlan& plan_;
  std::vector<Job> jobs_;
  std::uint32_t started_ = 0;  // how many, since the begin
};

}  // namespace tpfuzz
