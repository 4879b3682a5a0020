// The patched sites of one tracepoint, watched: what each holds, what it should hold, and in which order its bytes
// change. All is read from the text itself and from what the compiler recorded, and decoded by machine_code.h; of the
// core is taken only where sites are, and what the trap handler would answer with.
//
// The order (invariant `patch-order`). Text is looked at when a PatchLock is taken, at each barrier, and when the lock
// is given back. Between two looks a site changes in one of three ways, and only while the lock is held:
//
//   int3         the first byte becomes int3; the tail, the four bytes after it, stays
//   tail         the tail changes under the int3
//   first byte   the int3 becomes the new first byte; the tail stays
//
// Two of them without a look in between are two without a barrier in between. When the last lock is given back no int3
// is left.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "core/static_call.h"
#include "core/static_key.h"
#include "fuzz/base/saved_bytes.h"
#include "fuzz/subject/functions.h"
#include "fuzz/subject/machine_code.h"
#include "fuzz/subject/state_digest.h"
#include "fuzz/subject/subject.h"

namespace tpfuzz {

/// Whether between two looks the bytes of a site may change from `before` to `after`.
bool is_patch_step(SiteBytes before, SiteBytes after);

class SiteWatch {
 public:
  /// What a tracepoint consists of in the text.
  struct Text {
    tp::Site* key_sites = nullptr;  ///< the first of each list
    tp::Site* call_sites = nullptr;
    std::uintptr_t iterator = 0;
    std::uintptr_t trampoline = 0;                        ///< of the static call
    std::array<std::uintptr_t, kMaxSites> call_sites_in;  ///< the functions that hit
  };

  /// Watches `text`; `functions` are the probes'. Nobody patches it meanwhile.
  void start(const Text& text, const Functions& functions);

  /// Whether what a reader comes to next in call site `site` is one instruction that the patcher may have written, or a
  /// trap that is answered with one; true if the reader comes to none.
  bool is_intact(int site, SiteKind patched) const;

  /// What stands there.
  SiteText text(int site, SiteKind patched) const;

  /// The first site that does not hold what it should if the key is on or not and the call goes to `target`.
  std::optional<WrongSite> wrong_site(bool key_on, std::uintptr_t target) const;

  /// Looks at the text. Returns whether all that changed since the last look changed in order; if not, `disorder`
  /// tells.
  bool in_order(PatchMoment moment);
  const Disorder& disorder() const { return disorder_; }

  /// Puts back what every site held before the first registration, and returns whether it wrote any. Nobody runs them.
  bool restore();

  /// Writes what every site holds and what the last look saw, and puts it back: `restore` returns whether it wrote any
  /// site. Nobody runs them.
  void save(SavedBytes& out) const;
  bool restore(SavedReader& in);

  /// Tells `digest` what every site holds, and what a trap is answered with.
  void describe(StateDigest& digest) const;

 private:
  struct Watched {
    tp::Site* site;
    std::uintptr_t address;
    std::uintptr_t branch;  // of a key: where its jump goes
    Decoded::Kind goes;     // of a call: how
    SiteKind patched;
    int number;          // of its call site; kMaxSites: none
    SiteBytes original;  // before the first registration
  };
  // What the last look saw of a site. Apart from the rest, as all of them are compared at each look.
  struct Seen {
    std::uintptr_t address;
    SiteBytes bytes;
  };

  // A site as it is saved.
  struct Saved {
    SiteBytes bytes;
    SiteBytes answer;
    SiteBytes seen;
  };

  static SiteBytes bytes(std::uintptr_t address);
  static SiteBytes bytes(const Watched& site) { return bytes(site.address); }
  bool all_finished();
  void note(const Seen& seen, SiteBytes before, bool unfinished);
  bool is_right(const Watched& site, const Decoded& instruction) const;
  SiteText text_of(const Watched& site, SiteBytes bytes) const;
  bool is_known(std::uintptr_t target) const;
  std::uintptr_t final_target(std::uintptr_t target) const;
  int target_number(std::uintptr_t target) const;
  // nullptr: the call site has no such instruction.
  const Watched* numbered(int site, SiteKind patched) const {
    const auto its = numbered_[static_cast<std::size_t>(site)][static_cast<std::size_t>(patched)];
    return its ? &sites_[*its] : nullptr;
  }

  Text text_;
  const Functions* functions_ = nullptr;
  std::vector<Watched> sites_;                                                          // the key's, then the call's
  std::vector<Seen> seen_;                                                              // of each of them
  std::array<std::array<std::optional<std::size_t>, kSiteKinds>, kMaxSites> numbered_;  // which a reader comes to
  int patchers_ = 0;                                                                    // that hold a PatchLock
  Disorder disorder_;
};

}  // namespace tpfuzz
