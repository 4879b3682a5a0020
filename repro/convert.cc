#include "repro/convert.h"

#include <filesystem>

#include "repro/io/file.h"
#include "repro/io/output.h"
#include "repro/io/subjects.h"

namespace tpfuzz {

int convert(const std::string& in, const std::string& out, Reading reading) {
  const auto bytes = read_bytes(in);
  Input input = parse_sequence(in, bytes, reading);
  if (!input.subject) input.subject = session_subject(std::filesystem::path(in).parent_path().string());
  if (is_text({reinterpret_cast<const char*>(bytes.data()), bytes.size()})) {
    const auto binary = to_binary(input);
    write_output(out, {binary.begin(), binary.end()});
  } else {
    write_output(out, to_text(input.sequence, input.subject));
  }
  return 0;
}

}  // namespace tpfuzz
