// Text inside XML and HTML.
#pragma once

#include <string>
#include <string_view>

namespace tpfuzz {

/// `text` with its `&`, `<`, `>` and `"` escaped: for elements and for attributes in double quotes.
std::string escaped(std::string_view text);

}  // namespace tpfuzz
