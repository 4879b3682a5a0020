// What the primitives of a tree mean here: the shim's functions, each of which becomes calls of the Host (host.h) and
// points in the terms of points.def. shim/README.md says it for people.
//
// Used on the CPUs of one execution at a time.
#pragma once

#include <array>
#include <boost/container/static_vector.hpp>
#include <optional>
#include <vector>

#include "core/static_call.h"
#include "core/static_key.h"
#include "fuzz/subject/arguments.h"
#include "fuzz/subject/host_env.h"
#include "fuzz/subject/kernel/library.h"
#include "fuzz/subject/state_digest.h"

namespace tpfuzz::kernel {

/// The Env of a tree: the harness's, with patches of its own, which no sanitizer judges.
struct KernelAccess : HostAccess {};
struct KernelEnv : HostEnv {
  using Words = tp::WatchedWords<KernelAccess>;
};

/// A tracepoint of the tree with what the patcher keeps of it.
struct Row {
  const tpfuzz_tracepoint* its = nullptr;
  tp::StaticKey<KernelEnv::Words> key{};
  tp::StaticCall<KernelEnv::Words> call{};
  bool used = false;  ///< something may have changed
};

class Primitives {
 public:
  Primitives();
  Primitives(const Primitives&) = delete;
  Primitives& operator=(const Primitives&) = delete;

  /// What the tree gets of them.
  const tpfuzz_harness& table() const { return table_; }

  /// The library that asks. Once.
  void serve(Library& library);

  /// The row of a tracepoint, ordinary or faultable.
  Row& row(int tracepoint, bool faultable) {
    return rows_[static_cast<std::size_t>(tracepoint + (faultable ? kMaxTracepoints : 0))];
  }
  std::span<Row> rows() { return rows_; }

  /// An operation of the CPU that runs: a hit through `site`; a sync begins.
  void hit(const Row& row, int site);
  void begin_sync();
  /// Its end: what has become due runs, and a warning that is not the caller's mistake is told.
  void end(int result);

  /// Of an execution: nobody is inside, nothing is queued.
  void forget();

  /// What is kept of an execution, but for the rows: as SubjectMemory (subject.h). It is to be described first.
  void save(SavedBytes& out) const;
  void restore(SavedReader& in);
  void describe(StateDigest& digest) const;

 private:
  static constexpr int kNoWarning = -1;

  // One pass of a reader through a call site.
  struct Pass {
    bool idle = false;      // its CPU is: RCU does not watch it
    int watched = 0;        // but for so many
    int sections = 0;       // that it is in
    bool loads = false;     // it has loaded the pointer to the array
    bool iterates = false;  // and again, in the iterator
    bool calls = false;     // it is in a function that the iterator called
    Token* token = nullptr;
    std::uint64_t token_value = 0;
  };
  struct CpuState {
    Pass* pass = nullptr;  // the innermost
    bool syncs = false;
    const void* publishes = nullptr;  // the pointer that the tree's macro is about to store
    bool stored = false;              // it has stored one without a macro
    int warning = kNoWarning;         // the first of its operation
  };
  struct Callback {
    GracePeriod grace_period;
    void* head;
    void (*function)(void* head);
  };
  struct Memory {
    const char* begin;
    std::size_t size;
    bool released;
  };

  static Primitives& of(tpfuzz_tree* tree) { return *reinterpret_cast<Primitives*>(tree); }
  CpuState& cpu() { return cpus_[static_cast<std::size_t>(host().hit().cpu)]; }
  bool is_funcs(const void* address) const;
  Row* row_of_key(const void* key);
  Row* row_of_call(const void* key);
  std::optional<tp::Point> access_at(const void* address, bool stores) const;
  void settle();
  void run_due();
  int number_of(const void* mutex);

  void lock(const void* mutex);
  void unlock(const void* mutex);
  void enter(int domain);
  void leave(int domain);
  void watch(bool on);
  void synchronize(int domain);
  unsigned long get_state(int domain);
  bool poll_state(unsigned long cookie);
  void cond_synchronize(unsigned long cookie);
  void call(int domain, void* head, void (*function)(void* head));
  void* allocate(std::size_t size);
  void release(const void* block);
  void publishes(const void* pointer);
  void published(const void* pointer);
  void dereferences();
  void dereferenced(const void* value);
  void set_key(const void* key, bool on);
  void update_call(const void* key, void* function);
  void warn(const tpfuzz_warning* warning);
  void loads(const void* address);
  void stores(const void* address);
  void calls();

  tpfuzz_harness table_{};
  Library* library_ = nullptr;
  std::array<Row, std::size_t{2} * kMaxTracepoints> rows_;
  std::array<CpuState, kMaxCpus> cpus_{};
  std::vector<Callback> callbacks_;
  std::vector<GracePeriod> cookies_;
  std::vector<Memory> memory_;
  boost::container::static_vector<const void*, 2> mutexes_;  // the first is that of registrations
  int watched_loads_ = 0;  // passes that are in a function, and stores without a macro: the next access tells more
  bool runs_due_ = false;
};

}  // namespace tpfuzz::kernel
