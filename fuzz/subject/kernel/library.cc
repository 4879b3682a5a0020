#include "fuzz/subject/kernel/library.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>

#include <algorithm>
#include <cstring>

#include "core/instruction.h"
#include "fuzz/base/format.h"
#include "fuzz/subject/kernel/cache.h"
#include "fuzz/subject/site_records.h"

namespace tpfuzz::kernel {
namespace {

std::uintptr_t address(const void* pointer) { return reinterpret_cast<std::uintptr_t>(pointer); }
std::uintptr_t resolve(const int& offset) {
  return address(&offset) + static_cast<std::uintptr_t>(std::intptr_t{offset});
}

// A byte after the other, as a sanitizer must not look into it: there is room between variables that is nobody's.
#if defined(__clang__)
__attribute__((no_sanitize("address", "thread", "undefined")))
#endif
void copy(unsigned char* to, const unsigned char* from, std::size_t size) {
  std::size_t i = 0;
  for (; i + sizeof(std::uint64_t) <= size; i += sizeof(std::uint64_t)) {
    std::uint64_t word;
    __builtin_memcpy_inline(&word, from + i, sizeof word);
    __builtin_memcpy_inline(to + i, &word, sizeof word);
  }
  for (; i < size; ++i) *static_cast<volatile unsigned char*>(to + i) = from[i];
}

template <class Visit>
void for_each_tracepoint(const tpfuzz_tree_functions& functions, Visit visit) {
  for (const tpfuzz_tracepoint& its : functions.ordinary) visit(its);
  if (functions.has_faultable != 0)
    for (const tpfuzz_tracepoint& its : functions.faultable) visit(its);
}

}  // namespace

std::variant<std::unique_ptr<Library>, Error> Library::load(const std::string& file, const tpfuzz_harness& harness) {
  void* const handle = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) return Error{0, dlerror()};
  void* const begin = dlsym(handle, "tpfuzz_begin");
  link_map* map = nullptr;
  if (begin == nullptr || dlinfo(handle, RTLD_DI_LINKMAP, &map) != 0) return Error{0, dlerror()};
  std::unique_ptr<Library> library(new Library);
  library->file_ = file;
  library->base_ = map->l_addr;
  library->functions_ = reinterpret_cast<decltype(&tpfuzz_begin)>(begin)(&harness);
  for (const std::string& wrong : {library->find_parts(file), library->map_sites()})
    if (!wrong.empty()) return Error{0, wrong};
  return library;
}

// The variables are all that is writable once the library is loaded, whatever sections a tree has for them.
std::string Library::find_parts(const std::string& file) {
  const auto read = read_file(file);
  const auto* const bytes = std::get_if<std::string>(&read);
  const auto at = [&](std::size_t offset, auto& value) {
    if (bytes == nullptr || offset > bytes->size() || bytes->size() - offset < sizeof value) return false;
    std::memcpy(&value, bytes->data() + offset, sizeof value);
    return true;
  };
  Elf64_Ehdr header;
  Elf64_Shdr names;
  if (!at(0, header) || !at(header.e_shoff + std::size_t{header.e_shstrndx} * sizeof names, names))
    return formatted("{}: is no library", file);
  std::vector<Elf64_Phdr> segments(header.e_phnum);
  std::uint64_t relocated = 0;  // the end of what is writable only while it is loaded
  for (std::size_t i = 0; i < segments.size(); ++i) {
    if (!at(header.e_phoff + i * sizeof segments[i], segments[i])) return formatted("{}: is cut off", file);
    if (segments[i].p_type == PT_GNU_RELRO) relocated = segments[i].p_vaddr + segments[i].p_memsz;
  }
  for (const Elf64_Phdr& segment : segments) {
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) == 0) continue;
    constexpr std::uint64_t kWord = sizeof(std::uint64_t);
    const std::uint64_t begin = std::max(segment.p_vaddr / kWord * kWord, relocated);
    const std::uint64_t end = segment.p_vaddr + segment.p_memsz;
    if (begin < end) variables_.emplace_back(reinterpret_cast<unsigned char*>(base_ + begin), end - begin);
  }
  for (std::size_t i = 0; i < header.e_shnum; ++i) {
    Elf64_Shdr section;
    if (!at(header.e_shoff + i * sizeof section, section)) return formatted("{}: is cut off", file);
    if (names.sh_offset + section.sh_name >= bytes->size()) continue;
    const std::string_view name = bytes->c_str() + names.sh_offset + section.sh_name;
    if (name == ".text") code_ = {reinterpret_cast<unsigned char*>(base_ + section.sh_addr), section.sh_size};
  }
  return {};
}

// A call of a tracepoint's trampoline in a call site's code: there is no other reason for these five bytes (one chance
// in 2^32 a byte).
std::string Library::map_sites() {
  struct Found {
    std::uintptr_t address;
    std::uintptr_t branch;
    tp::Site::Kind kind;
  };
  std::vector<Found> found;
  for (const tpfuzz_key_site* site = functions_->first_key_site; site != functions_->end_of_key_sites; ++site)
    found.push_back({resolve(site->site), resolve(site->branch), tp::Site::Kind::branch});
  const auto passes = address(functions_->passes), end = address(functions_->end_of_passes);
  for_each_tracepoint(*functions_, [&](const tpfuzz_tracepoint& its) {
    found.push_back({address(its.trampoline), 0, tp::Site::Kind::jump});
    for (std::uintptr_t place = passes; place + tp::kInstructionSize <= end; ++place) {
      tp::Instruction instruction;
      std::memcpy(&instruction.word, reinterpret_cast<const void*>(place), tp::kInstructionSize);
      if (tp::destination(instruction, place) != address(its.trampoline)) continue;
      if (instruction.first() == tp::kCallOpcode) found.push_back({place, 0, tp::Site::Kind::call});
      if (instruction.first() == tp::kJumpOpcode) found.push_back({place, 0, tp::Site::Kind::jump});
    }
  });
  std::ranges::sort(found, {}, &Found::address);
  sites_ = new std::vector<tp::Site>(found.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    tp::Site& site = (*sites_)[i];
    site.address = found[i].address;
    site.branch = found[i].branch;
    site.kind = found[i].kind;
  }
  const auto at = [&](std::uintptr_t place) {
    const auto its = std::ranges::lower_bound(*sites_, place, {}, &tp::Site::address);
    return its != sites_->end() && its->address == place ? &*its : nullptr;
  };
  std::vector<std::pair<tp::Site*, std::uintptr_t>> owners;  // whose trampoline each of them calls
  for_each_tracepoint(*functions_, [&](const tpfuzz_tracepoint& its) {
    owners.emplace_back(at(address(its.trampoline)), address(its.trampoline));
  });
  for (tp::Site& site : *sites_)
    if (site.kind != tp::Site::Kind::branch &&
        std::ranges::find(owners, &site, &decltype(owners)::value_type::first) == owners.end()) {
      tp::Instruction instruction;
      std::memcpy(&instruction.word, reinterpret_cast<const void*>(site.address), tp::kInstructionSize);
      owners.emplace_back(&site, tp::destination(instruction, site.address));
    }
  if (auto refused = tp::text::map({sites_->data(), sites_->size()})) return *refused;
  add_site_records(functions_->first_key_site, functions_->end_of_key_sites);
  for (const auto& [site, trampoline] : owners) {
    tp::Site* const own = at(trampoline);
    if (site == own) continue;
    site->next = own->next;
    own->next = site;
  }
  return {};
}

Library::Sites Library::sites(const tpfuzz_tracepoint& tracepoint) const {
  Sites its;
  for (const tpfuzz_key_site* record = functions_->first_key_site; record != functions_->end_of_key_sites; ++record) {
    if (resolve(record->key) != address(tracepoint.key)) continue;
    tp::Site& site = *std::ranges::lower_bound(*sites_, resolve(record->site), {}, &tp::Site::address);
    site.next = its.key;
    its.key = &site;
  }
  its.call = &*std::ranges::lower_bound(*sites_, address(tracepoint.trampoline), {}, &tp::Site::address);
  return its;
}

bool Library::has_code(const void* function) const { return address(function) - address(code_.data()) < code_.size(); }

bool Library::has_variable(const void* variable) const {
  return std::ranges::any_of(variables_,
                             [&](Bytes bytes) { return address(variable) - address(bytes.data()) < bytes.size(); });
}

void Library::save() {
  saved_.clear();
  for (const Bytes bytes : variables_) {
    saved_.emplace_back(bytes.size());
    copy(saved_.back().data(), bytes.data(), bytes.size());
  }
}

void Library::restore() {
  for (std::size_t i = 0; i < variables_.size(); ++i) copy(variables_[i].data(), saved_[i].data(), saved_[i].size());
}

void Library::save(SavedBytes& out) const {
  for (const Bytes bytes : variables_) out.put(std::as_bytes(bytes));
}

void Library::restore(SavedReader& in) {
  for (const Bytes bytes : variables_) std::memcpy(bytes.data(), in.take(bytes.size()).data(), bytes.size());
}

void Library::describe(StateDigest& digest) const {
  for (const Bytes bytes : variables_)
    for (std::size_t i = 0; i < bytes.size(); i += sizeof(std::uint64_t)) {
      std::uint64_t word = 0;
      std::memcpy(&word, bytes.data() + i, std::min(sizeof word, bytes.size() - i));
      digest.pointer(word);
    }
}

}  // namespace tpfuzz::kernel
