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
Or<Opened> open(const Name& name) {
  static std::map<std::string, Opened>& all = *new std::map<std::string, Opened>;
  const std::string key = text_of(name);
  if (const auto its = all.find(key); its != all.end()) return its->second;
  const auto tree = read_tree(name);
  if (const auto* refusal = std::get_if<Refusal>(&tree)) return *refusal;
  const auto& files = std::get<Tree>(tree);
  const auto compiled = compile(files, name.preempt_rt);
  if (const auto* refusal = std::get_if<Refusal>(&compiled)) return *refusal;
  const std::string release = files.release + (name.preempt_rt ? "-preempt-rt" : "");
  const auto protocol = ask(std::get<Compiled>(compiled), release);
  if (const auto* refusal = std::get_if<Refusal>(&protocol)) return *refusal;
  Key content;
  for (const Tree::File& file : files.files) content.add(file.text);
  return all[key] = {std::get<Compiled>(compiled), std::get<std::string>(protocol),
                     release + '-' + content.text().substr(0, 8)};
}

}  // namespace

Or<std::string> protocol_text(const Name& name) {
  auto opened = open(name);
  if (auto* refusal = std::get_if<Refusal>(&opened)) return std::move(*refusal);
  return std::move(std::get<Opened>(opened).protocol);
}

Or<std::string> session_name(const Name& name) {
  auto opened = open(name);
  if (auto* refusal = std::get_if<Refusal>(&opened)) return std::move(*refusal);
  return std::move(std::get<Opened>(opened).session);
}

Or<std::unique_ptr<Subject>> make_subject(const Name& name) {
  const auto opened = open(name);
  if (const auto* refusal = std::get_if<Refusal>(&opened)) return *refusal;
  const auto& its = std::get<Opened>(opened);
  const auto loaded = load(its.compiled);
  if (const auto* refusal = std::get_if<Refusal>(&loaded)) return Refusal{name.place + ": " + refusal->why};
  const auto protocol = std::get<tp::Protocol>(tp::parse_protocol(its.protocol));
  return std::make_unique<KernelSubject>(*std::get<Loaded*>(loaded), protocol.name,
                                         Rules{.enomem_fails = protocol.enomem_fails});
}

}  // namespace tpfuzz::kernel
