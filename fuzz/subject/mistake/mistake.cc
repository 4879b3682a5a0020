#include "fuzz/subject/mistake/mistake.h"

#include <vector>

#include "fuzz/base/format.h"

namespace tpfuzz {

std::string Mistake::place() const {
  const std::string_view file = where_.file_name();
  const std::size_t folder = file.rfind("fuzz/subject/");
  return formatted("{}:{}", file.substr(folder == file.npos ? 0 : folder), where_.line());
}

std::span<Mistake* const> mistakes() {
  static const std::vector<Mistake*> all = [] {
    std::vector<Mistake*> found;
    for (const auto group : {mistake::of_cookies(), mistake::of_memory(), mistake::of_arrays(),
                             mistake::of_registration(), mistake::of_patching(), mistake::of_readers()})
      found.insert(found.end(), group.begin(), group.end());
    return found;
  }();
  return all;
}

std::span<const std::string_view> mistake_names() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> all;
    for (const Mistake* mistake : mistakes()) all.push_back(mistake->name());
    return all;
  }();
  return names;
}

void make_mistakes(std::span<const std::size_t> numbers) {
  for (Mistake* mistake : mistakes()) mistake->on_ = false;
  for (const std::size_t number : numbers) mistakes()[number]->on_ = true;
}

}  // namespace tpfuzz
