#include "fuzz/target/libfuzzer_files.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fuzz/target/whole_file.h"

extern "C" {
std::FILE* __real_fopen(const char* path, const char* mode);
int __real_fclose(std::FILE* stream);
int __real_unlink(const char* path);
}

namespace tpfuzz {
namespace {

// The files that are being written, by their streams. libFuzzer writes one at a time, but from any thread, and out of a
// signal's handler: a slot is taken and left without a lock.
struct Slot {
  std::atomic<bool> taken{false};
  std::atomic<std::FILE*> stream{nullptr};
  std::unique_ptr<WholeFile> file;
};
std::array<Slot, 8> slots;

Slot* take_slot() {
  for (Slot& slot : slots)
    if (!slot.taken.exchange(true)) return &slot;
  return nullptr;
}

Slot* slot_of(std::FILE* stream) {
  for (Slot& slot : slots)
    if (slot.stream.load() == stream) return &slot;
  return nullptr;
}

std::string corpus;                  // with a / behind it; empty: none
std::vector<std::string> postponed;  // what is to be removed from it; of the thread that fuzzes

// A finding, whose name begins with its kind and a dash, may lie there, too.
bool in_corpus(std::string_view path) {
  return !corpus.empty() && path.starts_with(corpus) && path.find_first_of("/-", corpus.size()) == path.npos;
}

void (*tell_of_artifact)() = nullptr;
std::string trailer;              // of artifacts
std::string exact_artifact_path;  // what libFuzzer was told to call one

// A file of what libFuzzer dies of. Not that of a step of its -minimize_crash, which measures what it reads again.
bool is_artifact(std::string_view path) {
  if (path == exact_artifact_path) return true;
  const std::string_view name = path.substr(path.rfind('/') + 1);
  for (const char* const kind : {"crash-", "leak-", "oom-", "slow-unit-", "timeout-"})
    if (name.find(kind) != name.npos) return true;
  return false;
}

void complain(const std::string& path) {
  std::fprintf(stderr, "%s: expected a file that can be written: %s\n", path.c_str(), std::strerror(errno));
}

std::FILE* open(const char* path) {
  if (tell_of_artifact != nullptr && is_artifact(path)) tell_of_artifact();
  Slot* const slot = take_slot();
  if (slot == nullptr) return __real_fopen(path, "wbe");
  slot->file = std::make_unique<WholeFile>(path);
  slot->stream = slot->file->stream();
  if (slot->stream != nullptr) return slot->stream;
  complain(path);
  slot->file.reset();
  slot->taken = false;
  return nullptr;
}

int close(Slot& slot) {
  const std::unique_ptr<WholeFile> file = std::move(slot.file);
  slot.stream = nullptr;  // before the WholeFile closes it: that is a call of fclose, too
  slot.taken = false;
  if (is_artifact(file->path())) std::fwrite(trailer.data(), 1, trailer.size(), file->stream());
  const bool committed = file->commit();
  if (!committed) complain(file->path());
  if (in_corpus(file->path())) {
    if (committed)
      for (const std::string& path : postponed) __real_unlink(path.c_str());
    postponed.clear();
  }
  return committed ? 0 : EOF;
}

}  // namespace

void note_arguments(int argc, const char* const* argv) {
  constexpr std::string_view kPath = "-exact_artifact_path=";
  bool minimizes = false;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (!argument.starts_with('-') && corpus.empty()) corpus = std::string(argument) + '/';
    if (argument.starts_with(kPath)) exact_artifact_path = argument.substr(kPath.size());
    minimizes |= argument.starts_with("-minimize_crash_internal_step=");
  }
  if (minimizes) exact_artifact_path.clear();
}

void note_trailer(std::string bytes) { trailer = std::move(bytes); }

void before_artifacts(void (*tell)()) { tell_of_artifact = tell; }

}  // namespace tpfuzz

extern "C" {

std::FILE* __wrap_fopen(const char* path, const char* mode) {
  return std::strcmp(mode, "wb") == 0 ? tpfuzz::open(path) : __real_fopen(path, mode);
}

int __wrap_fclose(std::FILE* stream) {
  tpfuzz::Slot* const slot = stream != nullptr ? tpfuzz::slot_of(stream) : nullptr;
  return slot != nullptr ? tpfuzz::close(*slot) : __real_fclose(stream);
}

int __wrap_unlink(const char* path) {
  if (!tpfuzz::in_corpus(path)) return __real_unlink(path);
  tpfuzz::postponed.emplace_back(path);
  return 0;
}

}  // extern "C"
