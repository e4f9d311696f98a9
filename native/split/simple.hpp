// Matchers of the splitters that are not regular expressions of the GPT family.
#pragma once
#include "split/characters.hpp"

namespace tokenry::split::scalar {

inline Pointer whole(Pointer, Pointer end) { return end; }

// Cuts around every number character (\p{N}), or around every run of them.
Pointer digits(Pointer text, Pointer end);
Pointer digit_runs(Pointer text, Pointer end);

// Cuts around every punctuation character: \p{P} and the ASCII symbols.
Pointer punctuation_marks(Pointer text, Pointer end);

}  // namespace tokenry::split::scalar
