// The Env of the core that makes mistakes (mistake.h). What the core asks of its surroundings is made here, in
// memory.cc; where a function of the core is wrong, the function is specialised for this Env and asks which mistakes
// are on. All of them are declared here, so that no source instantiates the core's own instead.
//
// Any number of mistakes may be on at once. Where several touch one function it says in which order they apply; each
// has its effect, unless another one leaves nothing to get wrong. None makes the harness itself do something undefined:
// what a mistaken subject reads may be anything, what it writes lies in memory of its own, and a fault that is made on
// purpose is a volatile access.
#pragma once

#include <array>
#include <cstddef>

#include "core/registry.h"
#include "fuzz/subject/host_env.h"

namespace tpfuzz {

struct MistakenEnv : HostEnv {
  static void point(tp::Point point);
  static void lock();
  static void unlock();
  static void read_lock(tp::Domain domain);
  static void read_unlock(tp::Domain domain);
  static Cookie snapshot(tp::Domain domain);
  static void defer_free(Header* block, tp::Domains readers);
};

/// Where an iterator is.
struct Position {
  const tp::Entry<MistakenEnv::Words>* array = nullptr;
  std::size_t entry = 0;
};

/// What the mistakes remember of an execution on one CPU.
struct Remembered {
  std::array<GracePeriod, tp::kDomains> begun{};                          ///< as the registration began
  std::array<bool, tp::kDomains> inside{};                                ///< a section, by what ends it
  bool awaited = false;                                                   ///< since the wait began
  std::array<const tp::State<MistakenEnv>*, kMaxTracepoints> disabled{};  ///< their disable hooks are still to be run
  bool hits = false;
  Position position;  ///< of all iterators
};

inline constinit std::array<Remembered, kMaxCpus> remembered{};

/// Of the CPU that runs.
inline Remembered& mine() { return remembered[static_cast<std::size_t>(host().hit().cpu)]; }

namespace mistake {

/// What the owner of probes does before functions and data go.
void sync(tp::Domains domains);

/// The hooks that a registration left to be run once the mutex is given back.
void run_late_hooks();

// Whether something changes that is no state of an execution.
bool remembers_registration();  ///< the probe that was registered last
bool writes_trampoline();       ///< the near trampoline of all functions

}  // namespace mistake
}  // namespace tpfuzz

namespace tpfuzz::internal {

/// The whole class: its functions compute a list first, which has room for whatever was read, and write it then.
template <>
class Arrays<tpfuzz::MistakenEnv> {
 public:
  using Env = tpfuzz::MistakenEnv;
  using Entry = tp::Entry<Env::Words>;

  static int insert(const Entry* old, const Probe& probe, Entry*& fresh);
  static int remove(Entry* old, std::span<const Probe> probes, bool fails, Entry*& fresh);
  static void defer_free(Entry* array, Domains readers);
  static void defer_free_since(Entry* array, Domains readers, const std::array<Env::Cookie, kDomains>& cookies);
};

template <>
void Registry<tpfuzz::MistakenEnv>::publish(State<tpfuzz::MistakenEnv>&, Entry*);
template <>
void Registry<tpfuzz::MistakenEnv>::update_call(State<tpfuzz::MistakenEnv>&, const Entry*);
template <>
void Registry<tpfuzz::MistakenEnv>::snapshot(State<tpfuzz::MistakenEnv>&, const Step&);
template <>
void Registry<tpfuzz::MistakenEnv>::await(State<tpfuzz::MistakenEnv>&, std::uint8_t);
template <>
int Registry<tpfuzz::MistakenEnv>::insert(State<tpfuzz::MistakenEnv>&, const Probe&);
template <>
int Registry<tpfuzz::MistakenEnv>::remove(State<tpfuzz::MistakenEnv>&, std::span<const Probe>);
template <>
void Registry<tpfuzz::MistakenEnv>::run_batch(std::span<Change>);
template <>
void Registry<tpfuzz::MistakenEnv>::disable(State<tpfuzz::MistakenEnv>&);
template <>
void Worker<tpfuzz::MistakenEnv>::run_once();
template <>
void static_key_set<tpfuzz::MistakenEnv>(StaticKey<tpfuzz::MistakenEnv::Words>&, bool);
template <>
bool static_call_update<tpfuzz::MistakenEnv>(StaticCall<tpfuzz::MistakenEnv::Words>&, Function);

}  // namespace tpfuzz::internal

namespace tpfuzz {

static_assert(tp::Env<MistakenEnv>);

}  // namespace tpfuzz
