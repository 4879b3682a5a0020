// The manual: README.md and docs/. Its links lead somewhere, its commands do what the pages show, and nothing is named
// that the programs don't have.
#include <algorithm>
#include <map>

#include "repro/io/testing/command_line.h"
#include "repro/testing/page.h"

namespace tpfuzz {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = TPFUZZ_SOURCE_DIR;

std::string contents(const fs::path& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

Page page(const fs::path& path) { return parse_page(contents(path)); }

// Every page of the project.
std::vector<fs::path> all_pages() {
  std::vector<fs::path> pages;
  for (const auto& entry : fs::directory_iterator(kRoot))
    if (entry.path().extension() == ".md") pages.push_back(entry.path());
  for (const char* folder : {"core", "corpus", "docs", "fuzz", "repro"})
    for (const auto& entry : fs::recursive_directory_iterator(kRoot / folder))
      if (entry.path().extension() == ".md") pages.push_back(entry.path());
  std::ranges::sort(pages);
  return pages;
}

// The pages whose commands are run.
std::vector<std::string> manual() {
  std::vector<std::string> names{"README.md"};
  for (const auto& entry : fs::directory_iterator(kRoot / "docs"))
    if (entry.path().extension() == ".md") names.push_back("docs/" + entry.path().filename().string());
  std::ranges::sort(names);
  return names;
}

std::string at(const fs::path& path, int line) {
  return fs::relative(path, kRoot).string() + ":" + std::to_string(line) + ": ";
}

TEST(Docs, LinksLeadSomewhere) {
  std::size_t followed = 0;
  for (const fs::path& path : all_pages()) {
    for (const PageLink& link : page(path).links) {
      if (link.target.starts_with("https://") || link.target.starts_with("http://")) continue;
      ++followed;
      const std::size_t hash = std::min(link.target.find('#'), link.target.size());
      const fs::path target = hash == 0 ? path : path.parent_path() / link.target.substr(0, hash);
      if (!fs::exists(target)) {
        ADD_FAILURE() << at(path, link.line) << "expected a file, found " << link.target;
      } else if (hash < link.target.size()) {
        EXPECT_TRUE(page(target).anchors.contains(link.target.substr(hash + 1)))
            << at(path, link.line) << "expected a heading, found " << link.target;
      }
    }
  }
  EXPECT_GT(followed, 100u);
}

TEST(Docs, EachPageIsOnTheMaps) {
  const std::string readme = contents(kRoot / "README.md"), design = contents(kRoot / "DESIGN.md");
  for (const std::string& name : manual()) {
    if (name == "README.md") continue;
    EXPECT_NE(readme.find("](" + name + ")"), readme.npos) << "README.md: expected a link to " << name;
    EXPECT_NE(design.find("](" + name + ")"), design.npos) << "DESIGN.md: expected a link to " << name;
  }
}

TEST(Docs, TheReadmeIsAScreenOrTwo) {
  const std::string readme = contents(kRoot / "README.md");
  EXPECT_LE(std::ranges::count(readme, '\n'), 150);
}

// What `program VERB --help` prints.
const std::string& help(const std::string& command) {
  static std::map<std::string, std::string> known;
  auto [entry, is_new] = known.try_emplace(command);
  if (is_new) entry->second = shell(command + " --help 2>&1").output;
  return entry->second;
}

// The words up to the first that the shell takes for itself.
std::vector<std::string> words_of(const std::string& command) {
  std::vector<std::string> words;
  std::istringstream stream(command);
  for (std::string word;
       stream >> word && word != "--" && std::string_view("|&;><#$").find(word[0]) == std::string_view::npos;)
    words.push_back(word.substr(0, word.find_first_of("=;`)")));
  return words;
}

// Verbs and options that a page names are there, in the commands that are not run, too.
TEST(Docs, VerbsAndOptionsAreThere) {
  std::size_t checked = 0;
  for (const std::string& name : manual()) {
    const fs::path path = kRoot / name;
    const Page read = page(path);
    std::vector<Command> commands = read.spans;
    for (const PageBlock& block : read.blocks)
      for (Command& command : commands_of(block)) commands.push_back(std::move(command));
    for (const Command& command : commands) {
      const std::vector<std::string> words = words_of(command.text);
      const bool is_repro = words[0] == "repro" || words[0].ends_with("/bin/repro");
      if (!is_repro && words[0] != "./fuzz.sh") continue;
      std::string program = is_repro ? TPFUZZ_REPRO : (kRoot / "fuzz.sh").string();
      if (is_repro && words.size() > 1 && !words[1].starts_with("-") && words[1] != "VERB") {
        EXPECT_TRUE(help(program).find("\n  " + words[1] + " ") != std::string::npos || words[1] == "help")
            << at(path, command.line) << "expected a verb, found " << words[1];
        program += " " + words[1];
      }
      for (const std::string& word : words) {
        if (!word.starts_with("--") || word == "--help") continue;
        ++checked;
        EXPECT_NE(help(program).find(word), std::string::npos)
            << at(path, command.line) << "expected an option, found " << word << " in: " << command.text;
      }
    }
  }
  EXPECT_GT(checked, 50u);
}

// A copy of the tree in which the commands of a page run, one after the other: the project's files are links, the
// programs of all presets are those of this build.
class Copy {
 public:
  explicit Copy(const std::string& name)
      : directory_(fs::temp_directory_path() / ("docs_test." + std::to_string(getpid()) + "." + name)) {
    fs::create_directories(directory_ / "build");
    for (const auto& entry : fs::directory_iterator(kRoot))
      if (const fs::path file = entry.path().filename(); file != "build" && file != "findings")
        fs::create_symlink(entry.path(), directory_ / file);
    for (const char* preset : {"release", "asan", "tsan"}) {
      fs::create_directory(directory_ / "build" / preset);
      fs::create_directory_symlink(fs::path(TPFUZZ_REPRO).parent_path(), directory_ / "build" / preset / "bin");
    }
  }
  ~Copy() { fs::remove_all(directory_); }

  void write(const PageBlock& block) {
    const fs::path path = directory_ / block.file;
    fs::create_directories(path.parent_path());
    std::ofstream(path) << block.text;
  }

  Outcome run(const std::string& command) {
    write({.line = 0, .text = command + "\n", .not_run = "", .file = "command.sh"});
    const std::string bin = fs::path(TPFUZZ_REPRO).parent_path().string();
    return shell("cd " + directory_.string() + " && PATH=" + bin +
                 ":$PATH bash -o pipefail command.sh 2>&1 </dev/null");
  }

 private:
  fs::path directory_;
};

class Manual : public testing::TestWithParam<std::string> {};

TEST_P(Manual, CommandsDoWhatThePageShows) {
  const fs::path path = kRoot / GetParam();
  Copy copy(path.stem());
  int ran = 0, not_run = 0;
  for (const PageBlock& block : page(path).blocks) {
    if (!block.file.empty()) copy.write(block);
    const std::vector<Command> commands = block.file.empty() ? commands_of(block) : std::vector<Command>();
    if (!block.not_run.empty()) {
      std::printf("%snot run (%zu): %s\n", at(path, block.line).c_str(), commands.size(), block.not_run.c_str());
      EXPECT_FALSE(commands.empty()) << at(path, block.line) << "expected a command that is not run";
      not_run += static_cast<int>(commands.size());
      continue;
    }
    for (const Command& command : commands) {
      ++ran;
      const Outcome outcome = copy.run(command.text);
      EXPECT_TRUE(outcome.exit_code == 0 || outcome.exit_code == 1)
          << at(path, command.line) << "exit code " << outcome.exit_code << ": " << command.text << "\n"
          << outcome.output;
      if (command.output)
        EXPECT_TRUE(matches(outcome.output, *command.output)) << at(path, command.line) << command.text << "\nshown:\n"
                                                              << *command.output << "found:\n"
                                                              << outcome.output;
    }
  }
  std::printf("%s: commands run: %d, not run: %d\n", GetParam().c_str(), ran, not_run);
}

INSTANTIATE_TEST_SUITE_P(Docs, Manual, testing::ValuesIn(manual()), [](const auto& name) {
  std::string word = fs::path(name.param).stem().string();
  std::ranges::replace(word, '-', '_');
  return word;
});

}  // namespace
}  // namespace tpfuzz
