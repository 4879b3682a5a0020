// Pages in Chromium, for tests: what a script finds in a page, light or dark, wide or narrow.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

namespace tpfuzz {

/// What a command of the shell prints on its standard output.
inline std::string printed_by(const std::string& command) {
  std::string output;
  std::FILE* pipe = popen((command + " 2>/dev/null").c_str(), "re");
  std::array<char, 4096> buffer;
  while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), pipe)) output.append(buffer.data(), got);
  pclose(pipe);
  return output;
}

inline bool has_chromium() { return !printed_by("command -v chromium").empty(); }
inline constexpr char kNoChromium[] = "there is no chromium: apt-get install chromium";

struct View {
  bool dark = false;
  int width = 1280;
};

/// Appends `script` to the page in `file`, opens it in `view`, without a network, and returns what the script hands to
/// `tell`: a function that takes one object, which the script calls at some time. Null if it does not.
inline nlohmann::json facts_in(const std::filesystem::path& file, const std::string& script, const View& view) {
  std::ofstream(file, std::ios::app) << "<script>const tell = (facts) => {\n"
                                        "  const script = document.createElement('script');\n"
                                        "  script.type = 'application/json';\n"
                                        "  script.id = 'facts';\n"
                                        "  script.textContent = JSON.stringify(facts).replaceAll('<', '\\\\u003c');\n"
                                        "  document.body.append(script);\n"
                                        "};\n"
                                     << script << "</script>\n";
  const std::string home = file.parent_path().string();
  const std::string dom = printed_by(
      "HOME='" + home + "' timeout -s KILL 200 chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage" +
      " --host-resolver-rules='MAP * ~NOTFOUND' --virtual-time-budget=60000 --window-size=" +
      std::to_string(view.width) + ",960 --user-data-dir='" + home + "/profile'" +
      " --blink-settings=preferredColorScheme=" + (view.dark ? "0" : "1") + " --dump-dom 'file://" + file.string() +
      "'");
  const std::string begin = "<script type=\"application/json\" id=\"facts\">";
  const std::size_t found = dom.find(begin);
  if (found == dom.npos) return {};
  const std::size_t from = found + begin.size();
  return nlohmann::json::parse(dom.substr(from, dom.find("</script>", from) - from));
}

/// WCAG's luminance of red, green and blue, each 0 to 255.
inline double luminance(const std::array<int, 3>& rgb) {
  std::array<double, 3> linear{};
  for (std::size_t i = 0; i < 3; ++i) {
    const double part = rgb[i] / 255.0;
    linear[i] = part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4);
  }
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
}

/// WCAG's contrast: 1 to 21.
inline double contrast(const std::array<int, 3>& one, const std::array<int, 3>& other) {
  const auto [less, more] = std::minmax({luminance(one), luminance(other)});
  return (more + 0.05) / (less + 0.05);
}

}  // namespace tpfuzz
