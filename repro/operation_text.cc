#include "repro/operation_text.h"

#include "fuzz/sequence/text.h"

namespace tpfuzz {

std::string operation_text(const Sequence& sequence, std::size_t index) {
  Sequence alone;
  Operation& operation = alone.operations.emplace_back(sequence.operations[index]);
  operation.parks.clear();
  operation.expect.reset();
  const std::string text = to_text(alone);
  const std::size_t begin = text.find(' ', text.find('\n')) + 1;
  return text.substr(begin, text.size() - 1 - begin);
}

}  // namespace tpfuzz
