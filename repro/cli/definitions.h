// What the command line is made of, as data: one reading of CLI11's definitions feeds the manual pages and the
// completion of each shell.
//
// The value of an option is written as its alternatives, parted by bars: "FILE|-", "DIR", "lockstep|threads|stress",
// "N|any". A shell completes from it: FILE, DIR and P (a protocol) are looked up, a word in small letters stands for
// itself, and nothing is known of the others.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace tpfuzz::cli {

struct Option {
  std::vector<std::string> names;  ///< "-o", "--output"; of a positional argument the only one: "FILE"
  std::string value = {};          ///< empty: a flag, or a positional argument that its name tells
  std::string otherwise = {};      ///< the value without the option; empty: said in words, or there is none
  std::string words = {};          ///< what it is for
  bool positional = false;
  bool required = false;
  bool many = false;  ///< may have several values, or be given several times
};

struct Verb {
  std::string name;    ///< "run"; empty: of the program itself
  std::string words;   ///< what it does, a sentence without a full stop
  std::string footer;  ///< prose, then "Example:" or "Examples:", then "Exit codes:"
  std::vector<Option> options;
};

struct Definitions {
  Verb program;
  std::vector<Verb> verbs;
};

Definitions definitions_of(const CLI::App& app);

/// What the alternatives of a value are.
struct Values {
  std::vector<std::string> words;
  bool files = false;
  bool directories = false;
  bool protocols = false;
  bool verbs = false;  ///< VERB
};

/// What a shell can complete for `option`, which has a value or is positional.
Values values_of(const Option& option);

}  // namespace tpfuzz::cli
