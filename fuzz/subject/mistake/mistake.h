// Mistakes in C++: what an engineer could get wrong in the core and no line of a protocol's steps says. A protocol
// names those that it makes (`mistake: NAME`). They are made by the core of an Env of its own (mistaken_env.h), which
// asks each at the place that it is about.
#pragma once

#include <cstddef>
#include <source_location>
#include <span>
#include <string>
#include <string_view>

namespace tpfuzz {

/// One mistake. An object of static storage beside the code that makes it: so its place is where both stand.
class Mistake {
 public:
  consteval Mistake(std::string_view name, std::string_view words,
                    std::source_location where = std::source_location::current())
      : name_(name), words_(words), where_(where) {}
  Mistake(const Mistake&) = delete;
  Mistake& operator=(const Mistake&) = delete;

  std::string_view name() const { return name_; }
  std::string_view words() const { return words_; }  ///< what is wrong
  std::string place() const;                         ///< "fuzz/subject/mistake/FILE:LINE"

  /// Whether the subject that runs makes it.
  bool on() const { return on_; }

 private:
  friend void make_mistakes(std::span<const std::size_t> numbers);

  std::string_view name_;
  std::string_view words_;
  std::source_location where_;
  bool on_ = false;
};

/// All of them; a mistake's number is its place here.
std::span<Mistake* const> mistakes();

/// Their names, in the same order.
std::span<const std::string_view> mistake_names();

/// From now on those with these `numbers` are made, and no other one. While no CPU is in a subject.
void make_mistakes(std::span<const std::size_t> numbers);

/// By kind, one source file each.
namespace mistake {

std::span<Mistake* const> of_cookies();
std::span<Mistake* const> of_memory();
std::span<Mistake* const> of_arrays();
std::span<Mistake* const> of_registration();
std::span<Mistake* const> of_patching();
std::span<Mistake* const> of_readers();

}  // namespace mistake
}  // namespace tpfuzz
