// `repro show`: the interleaving of one execution as a diagram.
#pragma once

#include <string>
#include <vector>

#include "fuzz/sequence/input.h"
#include "repro/diagram.h"

namespace tpfuzz {

struct ShowOptions {
  std::string file;
  std::string protocol;  ///< what --protocol says; empty: nothing
  std::string format;    ///< of show_formats()
  std::string out;       ///< empty: standard output
  Reading reading = Reading::careful;
};

/// "text" first, which is the default.
std::vector<std::string> show_formats();

/// The diagram of `sequence`, which `file` holds, under the subject of `record`. Throws InputError.
Diagram diagram_of(const std::string& file, const Sequence& sequence, const SubjectRecord& record);

/// The diagram of `sequence`, which is that of `file`, under the subject of `record`, in the form `format`. Throws
/// InputError.
std::string drawn(const std::string& file, const Sequence& sequence, const SubjectRecord& record,
                  const std::string& format);

/// The diagram of `options.file` in the form of `options.format`. Throws InputError.
std::string shown(const ShowOptions& options);

/// Writes it to `options.out`. Returns 0, for a violation, too. Throws InputError.
int show(const ShowOptions& options);

}  // namespace tpfuzz
