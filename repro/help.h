// `repro help` and `repro completion`: what the command line is, for people and for shells.
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace tpfuzz {

/// Add the verbs to `app`, whose other verbs they tell about.
void add_help(CLI::App& app, std::function<int()>& chosen);
void add_completion(CLI::App& app, std::function<int()>& chosen);

}  // namespace tpfuzz
