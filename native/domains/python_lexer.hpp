// The words of Python.
#pragma once
#include "domains/code_leaves.hpp"

namespace tokenry::domains {

LeafRow python_words_of(base::Text data);

}  // namespace tokenry::domains
