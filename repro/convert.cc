#include "repro/convert.h"

#include "fuzz/sequence/binary.h"
#include "fuzz/sequence/text.h"
#include "repro/file.h"
#include "repro/output.h"

namespace tpfuzz {

int convert(const std::string& in, const std::string& out) {
  const auto bytes = read_bytes(in);
  const Sequence sequence = parse_sequence(in, bytes);
  if (is_text({reinterpret_cast<const char*>(bytes.data()), bytes.size()})) {
    const auto binary = encode(sequence);
    write_output(out, {binary.begin(), binary.end()});
  } else {
    write_output(out, to_text(sequence));
  }
  return 0;
}

}  // namespace tpfuzz
