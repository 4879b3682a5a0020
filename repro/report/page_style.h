// The style and the script of the page; no part of it comes from elsewhere.
#pragma once

#include <string>
#include <string_view>

namespace tpfuzz {

std::string page_style();

/// Buttons that copy, which are hidden without it; and what is folded opens to be printed.
std::string_view page_script();

/// A code block that can be scrolled, with a button that copies it. `html` is what is shown of it.
std::string copied_block(std::string_view label, std::string_view html);

}  // namespace tpfuzz
