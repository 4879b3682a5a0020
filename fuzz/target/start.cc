#include "fuzz/target/start.h"

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "fuzz/base/version.h"
#include "fuzz/execute.h"
#include "fuzz/sequence/input.h"
#include "fuzz/target/earlier.h"
#include "fuzz/target/inputs.h"
#include "fuzz/target/libfuzzer_files.h"

namespace tpfuzz {
namespace {

[[noreturn]] void refuse(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(2);
}

[[noreturn]] void refuse(const Error& error) { refuse(to_line(error)); }
[[noreturn]] void refuse(const std::vector<Error>& errors) { refuse(to_lines(errors)); }

// What a call gave, unless that is what is wrong.
template <class T, class Wrong>
T value_of(std::variant<T, Wrong> result) {
  if (const auto* wrong = std::get_if<Wrong>(&result)) refuse(*wrong);
  return std::get<T>(std::move(result));
}

constexpr const char* kFiles =
    R"(With corpus directories it fuzzes, and writes what leads on into the first of them; with files, text or binary, it
replays them. A violation is printed with its sequence and its DEDUP_TOKEN, a sanitizer's report with its sequence; the
input is saved as crash-..., and the process ends.
)";

constexpr const char* kMore = R"(
libFuzzer's own flags: -help=1. Those that matter: -max_total_time=SECONDS, -runs=N, -seed=N, -max_len=1024,
-artifact_prefix=DIR/. The options are also taken from the environment: TPFUZZ_PROTOCOL for --protocol, and so on.
Exit codes: 0 nothing found, 77 a violation, 2 usage or set-up; a sanitizer's report has its own.
)";

[[noreturn]] void print_help(std::string_view program, const char* about) {
  program.remove_prefix(program.rfind('/') + 1);
  std::printf("usage: %.*s [OPTIONS] [libFuzzer's flags] [CORPUS_DIRECTORY... | FILE...]\n\n%s\n%s\n%s%s",
              static_cast<int>(program.size()), program.data(), about, kFiles, options_help().c_str(), kMore);
  std::exit(0);
}

[[noreturn]] void print_version() {
  std::printf("%s\n", version_line().c_str());
  std::exit(0);
}

}  // namespace

Started start(int& argc, char** argv, const char* about) {
  for (int i = 1; i < argc; ++i) {
    if (std::string_view(argv[i]) == "--help") print_help(argv[0], about);
    if (std::string_view(argv[i]) == "--version") print_version();
  }
  auto options = value_of(take_options(argc, argv));
  note_arguments(argc, argv);
  keep_earlier(options.before);
  before_artifacts([] { print_running(), write_earlier(); });
  if (options.replays) run_all_inputs();
  if (const auto unusable = prepare()) refuse(*unusable);
  const SubjectRecord record = value_of(subject_record(options.subject));
  note_trailer(trailer(record));
  auto subject = value_of(make_subject(record));
  set_mutation(options.mutates_bytes,
               {.operations = options.operations,
                .both_readers = options.both_readers,
                .many_traps = std::get<tp::Protocol>(protocol_of(record)).trap != tp::TrapHandler::stateless,
                .key_users = subject->counted_keys() != nullptr});
  Progress* const progress = options.progress.empty() ? nullptr : value_of(map_progress(options.progress));
  return {std::move(options), std::move(subject), progress};
}

}  // namespace tpfuzz
