#include "repro/session/plan.h"

#include <fmt/format.h>

#include <boost/uuid/detail/sha1.hpp>
#include <charconv>
#include <optional>
#include <random>
#include <sstream>

#include "fuzz/subject/catalogue.h"
#include "fuzz/subject/kernel/kernel.h"
#include "fuzz/subject/sanitizer.h"
#include "repro/io/file.h"
#include "repro/session/words.h"

namespace tpfuzz {
namespace {

// The first eight digits of the SHA-1 of `file`.
std::string hash_of(const std::string& file) {
  const auto bytes = read_bytes(file);
  boost::uuids::detail::sha1 sum;
  sum.process_bytes(bytes.data(), bytes.size());
  boost::uuids::detail::sha1::digest_type digest;
  sum.get_digest(digest);
  static_assert(sizeof digest[0] == 4, "words of 32 bits");
  return fmt::format("{:08x}", digest[0]);
}

// A tree is called what its verdicts are, and by what its files hold.
std::string session_name(const SubjectRecord& built_in) {
  const auto tree = kernel::parse_name(built_in.name);
  if (!tree) return built_in.name;
  auto name = kernel::session_name(*tree);
  if (const auto* error = std::get_if<Error>(&name)) throw InputError(*error);
  return std::get<std::string>(std::move(name));
}

constexpr std::uint32_t kSeeds = 1'000'000'000;  // a fuzzer that starts later has a greater one

// What the flag "-seed=N" of libFuzzer says.
std::optional<std::uint32_t> given_seed(std::string_view flag) {
  constexpr std::string_view kFlag = "-seed=";
  if (!flag.starts_with(kFlag)) return std::nullopt;
  flag.remove_prefix(kFlag.size());
  std::uint32_t seed = 0;
  const auto [end, error] = std::from_chars(flag.data(), flag.data() + flag.size(), seed);
  if (error != std::errc{} || end != flag.data() + flag.size()) return std::nullopt;
  return seed;
}

std::string sanitizer_of_build() { return kAddressSanitizer ? "address" : kThreadSanitizer ? "thread" : "none"; }

}  // namespace

std::string SessionPlan::sequence_of(const std::string& token) const {
  return fmt::format("{}/{}-{}.seq", findings, name, replaced(token, "->", "-to-"));
}

SessionPlan make_plan(const SessionOptions& options, const std::string& work) {
  auto record = subject_record(options.protocol);
  if (const auto* errors = std::get_if<std::vector<Error>>(&record)) throw InputError(*errors);
  SessionPlan plan;
  plan.subject = std::get<SubjectRecord>(std::move(record));
  const bool built_in = plan.subject.protocol.empty();
  plan.protocol = built_in ? plan.subject.name : options.protocol;
  plan.called = name_of(plan.subject);
  plan.name =
      built_in ? session_name(plan.subject) : fmt::format("{}-{}", plan.subject.name, hash_of(options.protocol));
  plan.sanitizer = sanitizer_of_build();
  plan.seconds = options.seconds;
  plan.jobs = options.jobs;
  plan.readers = options.readers;
  plan.ignored = options.ignored;
  plan.findings = options.findings;
  plan.state = options.findings + '/' + plan.name;
  plan.corpus = options.corpus.empty() ? plan.file("corpus") : options.corpus;
  plan.report = options.report.empty() ? plan.file("report.html") : options.report;
  plan.work = work;
  plan.fuzzer = options.programs + "/registration_fuzzer";
  plan.repro = options.programs + "/repro";
  for (const std::string& given : options.given) (given.starts_with('-') ? plan.flags : plan.corpora).push_back(given);
  for (const std::string& flag : plan.flags)
    if (const auto seed = given_seed(flag)) {
      plan.seed = *seed;
      plan.given_seed = true;
    }
  if (!plan.given_seed) plan.seed = 1 + std::random_device{}() % kSeeds;
  return plan;
}

std::vector<std::string> limit_flags() {
  std::istringstream limits(TPFUZZ_LIMITS);  // fuzz/target/limits
  std::vector<std::string> flags;
  for (std::string limit; limits >> limit;) flags.push_back('-' + limit);
  return flags;
}

}  // namespace tpfuzz
