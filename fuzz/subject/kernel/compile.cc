#include "fuzz/subject/kernel/compile.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <regex>

#include "fuzz/base/format.h"
#include "fuzz/subject/kernel/cache.h"
#include "fuzz/subject/kernel/program.h"
#include "fuzz/subject/kernel/shim_files.h"
#include "fuzz/subject/sanitizer.h"

namespace tpfuzz::kernel {
namespace {

namespace fs = std::filesystem;

constexpr const char* kShim = "fuzz/subject/kernel/shim";

std::string compiler() {
  const char* const given = std::getenv("TPFUZZ_KERNEL_CC");
  return given != nullptr && *given != '\0' ? given : TPFUZZ_KERNEL_CC;
}

// Where `program` is; empty if it is nowhere.
std::string found_in_path(const std::string& program) {
  if (program.find('/') != program.npos) return access(program.c_str(), X_OK) == 0 ? program : "";
  const char* const variable = std::getenv("PATH");
  std::string_view path = variable != nullptr ? variable : "";
  while (!path.empty()) {
    const std::string_view directory = path.substr(0, path.find(':'));
    path.remove_prefix(std::min(path.size(), directory.size() + 1));
    const std::string file = formatted("{}/{}", directory, program);
    if (access(file.c_str(), X_OK) == 0) return file;
  }
  return {};
}

// What the shim has to know of the tree's headers, and what no macro says: as options of the compiler.
std::vector<std::string> features(const Tree& tree) {
  static const std::regex key(R"(struct\s+static_call_key\s*\{)");
  if (std::ranges::any_of(tree.files, [](const Tree::File& file) { return std::regex_search(file.text, key); }))
    return {"-DTPFUZZ_TREE_HAS_STATIC_CALL_KEY=1"};
  return {};
}

// What compiles the tree in `directory` into `library`.
std::vector<std::string> command(const std::string& program, const Tree& tree, const fs::path& directory,
                                 bool preempt_rt, const std::string& library) {
  std::vector<std::string> command = {
      program, "-x", "c", "-std=gnu11", "-O2", "-g", "-fPIC", "-shared", "-nostdlibinc", "-ffreestanding",
      // The kernel's own rules for the language.
      "-fno-strict-aliasing", "-fwrapv", "-fno-delete-null-pointer-checks", "-fno-omit-frame-pointer", "-w",
      "-Werror=implicit-function-declaration", "-Werror=implicit-int", "-Werror=incompatible-function-pointer-types",
      "-fno-color-diagnostics", "-fno-caret-diagnostics",
      // Each plain access and each indirect call is told of.
      "-fsanitize-coverage=bb,trace-loads,trace-stores,indirect-calls", "-fuse-ld=lld"};
  if (kAddressSanitizer) command.push_back("-fsanitize=address");
  if (kThreadSanitizer) command.push_back("-fsanitize=thread");
  if (preempt_rt) command.push_back("-DCONFIG_PREEMPT_RT=1");
  for (std::string& feature : features(tree)) command.push_back(std::move(feature));
  for (const char* within : {"", "tree/"})
    command.push_back(formatted("-ffile-prefix-map={}/{}=", directory.string(), within));
  const fs::path shim = directory / kShim;
  command.push_back(formatted("-I{}", shim.string()));
  command.push_back(formatted("-I{}", (directory / "tree/include").string()));
  command.insert(command.end(), {"-include", "forced.h", (directory / "tree" / kTracepointFile).string(),
                                 (shim / "glue.c").string(), (shim / "ask.c").string(), "-o", library});
  return command;
}

std::string identity(const std::string& program) {
  struct stat its = {};
  if (stat(program.c_str(), &its) != 0) return program;
  return formatted("{} {} {}.{}", program, its.st_size, its.st_mtim.tv_sec, its.st_mtim.tv_nsec);
}

bool write_all(const Tree& tree, const fs::path& directory) {
  std::error_code error;
  const auto write = [&](const fs::path& file, std::string_view text) {
    fs::create_directories(file.parent_path(), error);
    return !error && write_file(file.string(), text);
  };
  for (const Tree::File& file : tree.files)
    if (!write(directory / "tree" / file.name, file.text)) return false;
  for (const ShimFile& file : kShimFiles)
    if (!write(directory / kShim / file.name, file.text)) return false;
  return true;
}

// What stands in a tree that was packed for machines without a compiler.
std::optional<Compiled> packed(const Tree& tree) {
  const char* const build = kAddressSanitizer ? "address" : kThreadSanitizer ? "thread" : "none";
  const std::string directory = formatted("{}/.tpfuzz-{}", tree.place, build);
  const std::string library = directory + "/tree.so";
  if (std::error_code error; !fs::is_regular_file(library, error)) return std::nullopt;
  return Compiled{library, directory};
}

}  // namespace

std::string compile_error(const std::string& output, const std::string& place) {
  std::smatch match;
  static const std::regex error_line(R"((?:^|\n)(?:tree/)?([^\s:]+):(\d+):\d+: (?:fatal )?error: ([^\n]*))");
  if (!std::regex_search(output, match, error_line))
    return formatted("{}: does not compile: {}", place, output.substr(0, output.find('\n')));
  const std::string file = match[1], line = match[2], what = match[3];
  std::smatch missing;
  const bool of_shim = file.starts_with(kShim);
  const std::string where =
      of_shim ? formatted("{}: {}:{}", place, file, line) : formatted("{}/{}:{}", place, file, line);
  static const std::regex undeclared(R"(undeclared (?:function|identifier|library function) '(\w+)')");
  static const std::regex no_header(R"('(\S+)' file not found)");
  static const std::regex no_type(R"(unknown type name '(\w+)')");
  static const std::regex no_struct(R"(incomplete (?:definition of )?type '(?:struct )?(\w+)')");
  if (std::regex_search(what, missing, no_header))
    return formatted("{}: the shim has no <{}>: add {}/{} with the primitives that the tree takes from it", where,
                     missing[1].str(), kShim, missing[1].str());
  static const std::regex guarded("^tpfuzz_guarded_(.*)$");  // of `guard`, in linux/compiler.h
  for (const std::regex* kind : {&undeclared, &no_type, &no_struct})
    if (std::regex_search(what, missing, *kind))
      return formatted("{}: the shim has no '{}': add a line for it to {}/linux/, as README.md there says", where,
                       std::regex_replace(missing[1].str(), guarded, "guard($1)"), kShim);
  return formatted("{}: does not compile: {}", where, what);
}

std::variant<Compiled, Error> compile(const Tree& tree, bool preempt_rt) {
  if (!preempt_rt)
    if (auto its = packed(tree)) return *std::move(its);
  const std::string program = found_in_path(compiler());
  if (program.empty())
    return Error{0, formatted("{}: expected the compiler {}, found none: install it, or name one in TPFUZZ_KERNEL_CC",
                              tree.place, compiler())};
  Key key;
  for (const Tree::File& file : tree.files) key.add(file.name), key.add(file.text);
  for (const ShimFile& file : kShimFiles) key.add(file.name), key.add(file.text);
  for (const std::string& word : command(program, tree, "/", preempt_rt, "")) key.add(word);
  key.add(tree.release);
  key.add(identity(program));
  const auto cached = cache_directory(key.text());
  if (const auto* error = std::get_if<Error>(&cached)) return *error;
  const fs::path directory = std::get<std::string>(cached);
  const fs::path library = directory / "tree.so";
  if (std::error_code error; fs::exists(library, error)) return Compiled{library.string(), directory.string()};
  if (!write_all(tree, directory)) return Error{0, formatted("{}: can't be written into", directory.string())};
  const std::string begun = formatted("{}.{}", library.string(), getpid());
  const Ran ran = run_program(command(program, tree, directory, preempt_rt, begun));
  if (ran.status != 0) {
    std::string output;
    const std::string prefix = directory.string() + '/';
    for (std::size_t at = 0; at < ran.output.size();) {
      if (ran.output.compare(at, prefix.size(), prefix) == 0) {
        at += prefix.size();
        continue;
      }
      output += ran.output[at++];
    }
    std::error_code error;
    fs::remove(begun, error);
    return Error{0, compile_error(output, tree.place)};
  }
  std::error_code error;
  fs::rename(begun, library, error);
  if (error) return Error{0, formatted("{}: {}", library.string(), error.message())};
  return Compiled{library.string(), directory.string()};
}

}  // namespace tpfuzz::kernel
