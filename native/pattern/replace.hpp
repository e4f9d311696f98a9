// Text with something else in place of every match.
#pragma once
#include <string>
#include <string_view>

#include "split/finder.hpp"

namespace tokenry::pattern {

// `matches` finds what is replaced, none of it empty.
std::string replace(const split::Finder& matches, std::string_view text, std::string_view content);

}  // namespace tokenry::pattern
