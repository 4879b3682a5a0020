#include "repro/check/corpus.h"

#include "fuzz/base/check.h"
#include "fuzz/sequence/text.h"
#include "repro/check/corpus_files.h"

namespace tpfuzz {

std::vector<KnownSequence> known_sequences() {
  std::vector<KnownSequence> all;
  for (const CorpusFile& file : kCorpusFiles) {
    auto parsed = parse_text(file.text);
    TPFUZZ_CHECK(std::holds_alternative<Sequence>(parsed));
    all.push_back({file.name, std::get<Sequence>(std::move(parsed))});
  }
  return all;
}

}  // namespace tpfuzz
