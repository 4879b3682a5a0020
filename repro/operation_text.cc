#include "repro/operation_text.h"

#include "fuzz/sequence/text.h"

namespace tpfuzz {

std::string operation_text(const Sequence& sequence, std::size_t index) {
  Sequence alone{sequence.probes, sequence.names, {sequence.operations[index]}};
  alone.operations[0].parks.clear();
  alone.operations[0].expect.reset();
  const std::string text = to_text(alone);
  const std::size_t begin = text.find(' ', text.rfind('\n', text.size() - 2)) + 1;
  return text.substr(begin, text.size() - 1 - begin);
}

}  // namespace tpfuzz
