// What the words of C and C++ are to the rules of kinds.
#pragma once
#include <string_view>

#include "domains/code_leaves.hpp"

namespace tokenry::domains {

// signs::name where the language does not reserve the word.
Sign c_word(std::string_view word, bool cpp);

}  // namespace tokenry::domains
