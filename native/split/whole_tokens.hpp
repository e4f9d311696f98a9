// A splitter that keeps given texts whole; src/tokenry/text/pretokenizers/whole_tokens.py says which and why.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "split/splitter.hpp"

namespace tokenry::split {

// Cuts as `base` does, but where a pretoken begins and one of `tokens` stands there, the longest is
// a pretoken. A token that begins (ends) with a letter, mark or number is not taken after (before)
// another such character.
std::unique_ptr<Splitter> with_whole_tokens(std::unique_ptr<Splitter> base,
                                            const std::vector<std::string>& tokens);

}  // namespace tokenry::split
