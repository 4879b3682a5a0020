#include "fuzz/subject/kernel/name.h"

#include <filesystem>

namespace tpfuzz::kernel {
namespace {

constexpr std::string_view kKernel = "kernel:";
constexpr std::string_view kPreemptRt = "kernel-rt:";

}  // namespace

std::optional<Name> parse_name(std::string_view subject) {
  const bool preempt_rt = subject.starts_with(kPreemptRt);
  if (!preempt_rt && !subject.starts_with(kKernel)) return std::nullopt;
  subject.remove_prefix((preempt_rt ? kPreemptRt : kKernel).size());
  std::error_code error;
  const auto path = std::filesystem::absolute(subject, error).lexically_normal();
  std::string place = path.has_filename() || !path.has_parent_path() ? path.string() : path.parent_path().string();
  return Name{subject.empty() ? std::string() : std::move(place), preempt_rt};
}

std::string text_of(const Name& name) { return std::string(name.preempt_rt ? kPreemptRt : kKernel) + name.place; }

}  // namespace tpfuzz::kernel
