// The words of C and C++ and of what their preprocessor reads.
#pragma once
#include "domains/code_text.hpp"

namespace tokenry::domains {

// Names are of kind variable, macro where they stand in one; `c_kinds` says more.
LeafRow c_words_of(base::Text data, bool cpp);

}  // namespace tokenry::domains
