// Declarations that the scalar and the vector files share; no code, so that no file of a wider
// instruction set can lend its copy of an inline function to the others.
#pragma once
#include <cstddef>
#include <cstdint>

namespace tokenry::split {

using Pointer = const std::uint8_t*;

// The end of the pretoken that starts at `text` < `end`.
using Matcher = Pointer (*)(Pointer text, Pointer end);

// As Splitter::split.
using SplitFunction = std::size_t (*)(Pointer text, std::size_t size, std::size_t begin,
                                      std::uint32_t* ends, std::size_t capacity);

namespace scalar {
// All of the text is one pretoken.
Pointer whole(Pointer text, Pointer end);

// Stretches between the matches of  \p{N}{1,3}| ?[^\s\p{L}\p{N}]{2,}[\r\n/]*| +(?!\S)  and the
// matches themselves; superword_match is null where none starts.
Pointer superword(Pointer text, Pointer end);
Pointer superword_match(Pointer text, Pointer end);

// Cuts at each space that follows something else: "a  b" is "a", "  b".
Pointer space_prefix(Pointer text, Pointer end);

// Cuts before every space: "a  b" is "a", " ", " b".
Pointer metaspace(Pointer text, Pointer end);

// Cuts around every number character (\p{N}), or around every run of them.
Pointer digits(Pointer text, Pointer end);
Pointer digit_runs(Pointer text, Pointer end);

// Cuts around every punctuation character: \p{P} and the ASCII symbols.
Pointer punctuation_marks(Pointer text, Pointer end);

// End of the contraction whose apostrophe is at `text`, or null.
Pointer cased_contraction(Pointer text, Pointer end);
Pointer caseless_contraction(Pointer text, Pointer end);
}  // namespace scalar

}  // namespace tokenry::split
