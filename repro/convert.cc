#include "repro/convert.h"

#include <unistd.h>

#include <filesystem>

#include "repro/io/file.h"
#include "repro/io/output.h"
#include "repro/io/subjects.h"

namespace tpfuzz {
namespace {

bool to_binary_form(const ConvertOptions& options, const std::vector<std::uint8_t>& bytes) {
  if (!options.to.empty()) return options.to == "binary";
  return is_text({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace

int convert(const ConvertOptions& options) {
  check_other_file(options.in, options.out);
  const auto bytes = read_bytes(options.in);
  Input input = parse_sequence(options.in, bytes, options.reading);
  if (!input.subject) input.subject = session_subject(std::filesystem::path(options.in).parent_path().string());
  if (!to_binary_form(options, bytes)) {
    write_output(options.out, to_text(input.sequence, input.subject));
    return 0;
  }
  if (options.out.empty() && isatty(STDOUT_FILENO) == 1)
    throw InputError("standard output: expected a file or a pipe for the binary form, found a terminal");
  const auto binary = to_binary(input);
  write_output(options.out, {binary.begin(), binary.end()});
  return 0;
}

}  // namespace tpfuzz
