#include "repro/diagram/xml.h"

namespace tpfuzz {
namespace {

std::string escaped(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    default:
      return {c};
  }
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string whole;
  for (const char c : text) whole += escaped(c);
  return whole;
}

}  // namespace tpfuzz
