// What a program may not have: brackets without their partner, and names in a row.
#pragma once
#include "domains/code_words.hpp"

namespace tokenry::domains {

// Puts a leaf without bytes, of kind broken, before what cannot be, and counts the bytes of it.
Leaves checked(base::Text data, LeafRow leaves, Language language, const Lexicon& words);

}  // namespace tokenry::domains
