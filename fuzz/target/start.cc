#include "fuzz/target/start.h"

#include <cstdio>
#include <cstdlib>

#include "fuzz/execute.h"
#include "fuzz/target/inputs.h"
#include "fuzz/target/libfuzzer_files.h"

namespace tpfuzz {
namespace {

[[noreturn]] void refuse(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(2);
}

// What a call gave, unless that is a line that says what is wrong.
template <class T>
T value_of(std::variant<T, std::string> result) {
  if (const auto* error = std::get_if<std::string>(&result)) refuse(*error);
  return std::get<T>(std::move(result));
}

}  // namespace

Started start(int& argc, char** argv) {
  auto options = value_of(take_options(argc, argv));
  note_corpus(argc, argv);
  set_mutation(options.mutates_bytes, options.operations);
  if (const auto unusable = prepare()) refuse(*unusable);
  auto subject = value_of(load_subject(options.subject));
  Progress* const progress = options.progress.empty() ? nullptr : value_of(map_progress(options.progress));
  return {std::move(options), std::move(subject), progress};
}

}  // namespace tpfuzz
