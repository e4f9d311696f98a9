// Charsmap rules as Hugging Face's tokenizers applies them.
#pragma once
#include <string>
#include <string_view>

#include "normalize/charsmap.hpp"

namespace tokenry::normalize {

// A grapheme cluster of several characters and less than six bytes becomes what the shortest rule
// that it begins with gives; of every other cluster, each character does so by itself. `text` is
// valid UTF-8. `starts`, where given, gets for each byte of the result the place of the input
// that it was made from, and `ends` where that ends.
std::string apply_precompiled(const Charsmap& map, std::string_view text,
                              std::vector<std::int64_t>* starts, std::vector<std::int64_t>* ends);

}  // namespace tokenry::normalize
