// BERT's text cleaning with the way back to the text, step by step.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "unicode/bert.hpp"

namespace tokenry::normalize {

namespace bert = unicode::bert;

// As Normalizer::normalize with places. A character that a step changes is made from all of what it
// was made from before; decomposing changes whole grapheme clusters.
std::string align_bert(bert::Options options, std::string_view text,
                       std::vector<std::int64_t>& starts, std::vector<std::int64_t>& ends);

}  // namespace tokenry::normalize
