// The words of Fortran in free form, with the kinds of its names.
#pragma once
#include "domains/code_leaves.hpp"

namespace tokenry::domains {

LeafRow fortran_words_of(base::Text data);

}  // namespace tokenry::domains
