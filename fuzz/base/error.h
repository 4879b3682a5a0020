// What is wrong with an input, and where: the one error type outside the core.
#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace tpfuzz {

/// One mistake in an input.
struct Error {
  int line = 0;           ///< 1-based; 0: the mistake is in no line, or in all of them
  std::string message;    ///< "expected ..., found ...": one line without a full stop
  std::string file = {};  ///< empty: the reader of the error knows the file
  bool operator==(const Error&) const = default;
};

/// "FILE:LINE: message", without the parts that the error lacks.
inline std::string to_line(const Error& error) {
  std::string place = error.file;
  if (error.line > 0) place += (place.empty() ? "line " : ":") + std::to_string(error.line);
  return place.empty() ? error.message : place + ": " + error.message;
}

inline std::ostream& operator<<(std::ostream& out, const Error& error) { return out << to_line(error); }

/// The same errors, all of them in `file`.
inline std::vector<Error> in_file(std::vector<Error> errors, const std::string& file) {
  for (Error& error : errors) error.file = file;
  return errors;
}

/// A line for each of `errors`, in their order. The last line has no new line.
inline std::string to_lines(const std::vector<Error>& errors) {
  std::string lines;
  for (const Error& error : errors) lines += (lines.empty() ? "" : "\n") + to_line(error);
  return lines;
}

}  // namespace tpfuzz
