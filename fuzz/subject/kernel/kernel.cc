#include "fuzz/subject/kernel/kernel.h"

#include <map>
#include <utility>

#include "core/protocol.h"
#include "fuzz/subject/kernel/ask.h"
#include "fuzz/subject/kernel/cache.h"
#include "fuzz/subject/kernel/compile.h"
#include "fuzz/subject/kernel/tree.h"

namespace tpfuzz::kernel {
namespace {

struct Opened {
  Compiled compiled;
  std::string protocol;
  std::string session;
};

// A tree is read once a process: a change of its files is for the next one.
std::variant<Opened, Error> open(const Name& name) {
  static std::map<std::string, Opened>& all = *new std::map<std::string, Opened>;
  const std::string key = text_of(name);
  if (const auto its = all.find(key); its != all.end()) return its->second;
  const auto tree = read_tree(name);
  if (const auto* error = std::get_if<Error>(&tree)) return *error;
  const auto& files = std::get<Tree>(tree);
  const auto compiled = compile(files, name.preempt_rt);
  if (const auto* error = std::get_if<Error>(&compiled)) return *error;
  const std::string release = files.release + (name.preempt_rt ? "-preempt-rt" : "");
  const auto protocol = ask(std::get<Compiled>(compiled), release);
  if (const auto* error = std::get_if<Error>(&protocol)) return *error;
  Key content;
  for (const Tree::File& file : files.files) content.add(file.text);
  return all[key] = {std::get<Compiled>(compiled), std::get<std::string>(protocol),
                     release + '-' + content.text().substr(0, 8)};
}

}  // namespace

std::variant<std::string, Error> protocol_text(const Name& name) {
  auto opened = open(name);
  if (auto* error = std::get_if<Error>(&opened)) return std::move(*error);
  return std::move(std::get<Opened>(opened).protocol);
}

std::variant<std::string, Error> session_name(const Name& name) {
  auto opened = open(name);
  if (auto* error = std::get_if<Error>(&opened)) return std::move(*error);
  return std::move(std::get<Opened>(opened).session);
}

std::variant<std::unique_ptr<Subject>, Error> make_subject(const Name& name) {
  const auto opened = open(name);
  if (const auto* error = std::get_if<Error>(&opened)) return *error;
  const auto& its = std::get<Opened>(opened);
  const auto loaded = load(its.compiled);
  if (const auto* error = std::get_if<Error>(&loaded)) return Error{0, name.place + ": " + error->message};
  const auto protocol = std::get<tp::Protocol>(tp::parse_protocol(its.protocol));
  return std::make_unique<KernelSubject>(*std::get<Loaded*>(loaded), protocol.name,
                                         Rules{.enomem_fails = protocol.enomem_fails});
}

}  // namespace tpfuzz::kernel
