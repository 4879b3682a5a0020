// The trap handler of the core's subject: what it keeps of the update under way, and what it answers a reader that has
// run into an int3. `trap:` of a protocol chooses one (core/protocol.h, docs/protocols.md):
//
//   stateless    nothing is kept; the core's own answer (core/text.h)
//   descriptor   a vector of the sites under way and of what they are about to hold, and a count of who uses it. The
//                writer publishes both before the int3s, and retires both behind the last first byte. The forms differ
//                in how the handler tells that there is one, and in what the writer does between the count and the end
//                of the vector
//   hook         a pointer to the handler proper
//
// A reader passes `trapped-in` when it comes here, and `load-pending` at each load of what is kept. A CPU in the
// handler is in a section of the domain kTraps for as long as the form says that it may be waited for. In the forms
// with a reference that is while it takes and has one; in those with a rendezvous, which stands for interrupts that are
// off, all of the time.
//
// Who finds nothing kept runs the site again if there is no int3 any more, as the update has ended meanwhile. If the
// int3 is still there nobody answers for it, and the program ends: an illegal instruction, as in the kernel. A hook
// that is not there is the end in any case.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/protocol.h"
#include "core/text.h"
#include "fuzz/base/saved_bytes.h"
#include "fuzz/subject/sanitizer.h"
#include "fuzz/subject/state_digest.h"

namespace tpfuzz {

/// There is one, as there is one SIGTRAP. One writer at a time publishes and retires; readers answer at any time.
class TrapHandler {
 public:
  static TrapHandler& instance() {
    if (instance_ == nullptr) [[unlikely]]
      instance_ = new TrapHandler;  // never destroyed: readers may trap while the process exits
    return *instance_;
  }

  /// Makes it, and has traps taken out of the signal handler where that matters. After the core has its handler.
  static void prepare();

  /// The form from now on. While no CPU runs.
  void use(tp::TrapHandler form) {
    form_ = form;
    if (keeps() && memory_.size() < kUsualBlocks && !kAddressSanitizer) make_room();
  }

  /// Whether the form keeps something of updates.
  bool keeps() const { return form_ != tp::TrapHandler::stateless; }

  /// Where a reader goes on that has run into the int3 of `site`.
  tp::Answer answer(tp::Site& site);

  /// The writer's part, where the form keeps something. `begin` and `add` gather what is patched; `publish` comes
  /// before the int3s, `trapped` at the barriers behind them, `retire` behind the last first byte: it serialises all
  /// cores, as one that still has an int3 must not come here any more.
  void begin();
  void add(const tp::Site& site, tp::Instruction instruction);
  void publish();
  void trapped() {
    if (late_) [[unlikely]]
      publish_late();
  }
  void retire();

  /// Nothing is kept, and all memory is given back. While no CPU runs.
  void reset();

  /// As SubjectMemory (subject.h): what is kept, with its memory.
  void save(SavedBytes& out) const;
  void restore(SavedReader& in);
  void describe(StateDigest& digest) const;

 private:
  // What one site is about to hold.
  struct Row {
    std::uintptr_t site = 0;
    tp::Instruction instruction;
  };
  // What goes when an update has ended. As garbage its pointers are wild: who still uses it faults.
  struct Vector {
    static constexpr std::size_t kRoom = 8;
    std::array<const Row*, kRoom + 1> rows{};  // nullptr behind the last
    std::array<Row, kRoom> of{};
    std::size_t size = 0;
  };
  struct Descriptor {
    std::atomic<int> count{0};  // the update under way, and the handlers that have a reference
    std::atomic<const Vector*> vector{nullptr};
  };

  // Room for one of either; where it lies depends on nothing but how many there were before.
  struct Block {
    alignas(std::max_align_t) std::array<std::byte, std::max(sizeof(Vector), sizeof(Descriptor))> bytes;
  };
  struct Saved {
    int count;
    const Vector* vector;
    Descriptor* current;
    Vector* under_way;
    std::size_t used;
    unsigned published;
    bool hook;
    bool late;
  };

  bool waits_for_all() const {
    return form_ == tp::TrapHandler::rendezvous || form_ == tp::TrapHandler::hook_rendezvous;
  }
  // In advance: what an allocation leaves on the stack of a CPU would be there on one path and not on another.
  static constexpr std::size_t kUsualBlocks = 256;
  void make_room();

  tp::Answer answer_by_form(tp::Site& site);
  tp::Answer answer_by_reference(Descriptor* descriptor, tp::Site& site, unsigned published);
  tp::Answer without(const tp::Site& site, unsigned published) const;
  void publish_descriptor();
  void publish_late();
  static void drop(Descriptor& descriptor);
  template <class T>
  T* allocate();
  void free(void* object);
  Saved saved() const;

  static inline TrapHandler* instance_ = nullptr;

  tp::TrapHandler form_ = tp::TrapHandler::stateless;
  Descriptor descriptor_;                      // where it is no memory of its own
  std::atomic<Descriptor*> current_{nullptr};  // where it is
  std::atomic<bool> hook_{false};
  Vector* under_way_ = nullptr;         // the writer's
  bool late_ = false;                   // it is still to be published
  std::atomic<unsigned> published_{0};  // how often: tells a later update from none
  std::vector<std::unique_ptr<Block>> memory_;
  std::size_t used_ = 0;  // blocks of it since the last reset, those that are free again among them
};

}  // namespace tpfuzz
