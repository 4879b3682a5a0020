// The running program's text as a disassembler sees it: functions from the symbol table, instructions from Zydis.
#pragma once

#include <Zydis/Zydis.h>
#include <elf.h>
#include <link.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "core/text.h"

namespace tpfuzz::internal {

struct LiveFunction {
  std::uintptr_t begin = 0;
  std::uintptr_t size = 0;
};

/// The functions of this program (not of its libraries), by address.
inline std::vector<LiveFunction> live_functions() {
  std::uintptr_t base = 0;  // dl_iterate_phdr visits the program first
  dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* out) {
        *static_cast<std::uintptr_t*>(out) = info->dlpi_addr;
        return 1;
      },
      &base);
  std::ifstream file("/proc/self/exe", std::ios::binary);
  const std::string image((std::istreambuf_iterator<char>(file)), {});
  const auto load = [&]<class T>(T& out, std::uint64_t at) { std::memcpy(&out, image.data() + at, sizeof out); };
  Elf64_Ehdr header;
  load(header, 0);
  std::vector<LiveFunction> functions;
  for (std::uint64_t i = 0; i < header.e_shnum; ++i) {
    Elf64_Shdr section;
    load(section, header.e_shoff + i * header.e_shentsize);
    if (section.sh_type != SHT_SYMTAB) continue;
    for (std::uint64_t at = 0; at < section.sh_size; at += sizeof(Elf64_Sym)) {
      Elf64_Sym symbol;
      load(symbol, section.sh_offset + at);
      if (ELF64_ST_TYPE(symbol.st_info) == STT_FUNC && symbol.st_size != 0)
        functions.push_back({base + symbol.st_value, symbol.st_size});
    }
  }
  std::ranges::sort(functions, {}, &LiveFunction::begin);
  return functions;
}

/// The instruction at `address`; its length is 0 if there is none.
inline ZydisDecodedInstruction decode_at(std::uintptr_t address) {
  ZydisDecoder decoder;
  ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
  ZydisDecodedInstruction instruction;
  if (!ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(&decoder, nullptr, reinterpret_cast<const void*>(address),
                                                  ZYDIS_MAX_INSTRUCTION_LENGTH, &instruction)))
    instruction.length = 0;
  return instruction;
}

/// Whether an instruction begins at `address`, when its function is decoded from its beginning.
inline bool is_boundary(const std::vector<LiveFunction>& functions, std::uintptr_t address) {
  auto above = std::ranges::upper_bound(functions, address, {}, &LiveFunction::begin);
  if (above == functions.begin()) return false;
  const LiveFunction& function = *--above;
  if (address >= function.begin + function.size) return false;
  std::uintptr_t at = function.begin;
  while (at < address) {
    const auto length = decode_at(at).length;
    if (length == 0) return false;
    at += length;
  }
  return at == address;
}

/// What is wrong with what `site` holds, of a static call that calls `target` or of a key that is `on`; or "".
inline std::string flaw(const Site& site, std::uintptr_t target, bool on) {
  const ZydisDecodedInstruction instruction = decode_at(site.address);
  if (instruction.length != kInstructionSize) return "not five bytes";
  const bool jumps = site.kind == Site::Kind::jump || (site.kind == Site::Kind::branch && on);
  const ZydisMnemonic expected = site.kind == Site::Kind::call ? ZYDIS_MNEMONIC_CALL
                                 : jumps                       ? ZYDIS_MNEMONIC_JMP
                                                               : ZYDIS_MNEMONIC_NOP;
  if (instruction.mnemonic != expected) return "another instruction";
  if (expected == ZYDIS_MNEMONIC_NOP) return "";
  if (instruction.raw.imm[0].is_relative == 0 || instruction.raw.imm[0].size != 32) return "no rel32";
  const auto goes = site.address + instruction.length + static_cast<std::uintptr_t>(instruction.raw.imm[0].value.s);
  return goes == (site.kind == Site::Kind::branch ? site.branch : target) ? "" : "another destination";
}

/// The first site of `owner` of that kind.
inline Site& site_of(const SiteOwner& owner, Site::Kind kind) {
  Site* site = owner.sites;
  while (site->kind != kind) site = site->next;
  return *site;
}

inline int count_sites_of(const SiteOwner& owner, Site::Kind kind) {
  int sites = 0;
  for (const Site* site = owner.sites; site != nullptr; site = site->next) sites += site->kind == kind;
  return sites;
}

}  // namespace tpfuzz::internal
