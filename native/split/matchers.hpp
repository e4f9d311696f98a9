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

// Splitters that have vector paths.
enum class Family : std::uint8_t {
    gpt2, cl100k, llama3, qwen2, qwen35, o200k, tekken, superbpe1, superbpe, space_prefix, metaspace
};

namespace scalar {
Pointer match_gpt2(Pointer text, Pointer end);
Pointer match_cl100k(Pointer text, Pointer end);
Pointer match_llama3(Pointer text, Pointer end);
Pointer match_qwen2(Pointer text, Pointer end);
Pointer match_qwen35(Pointer text, Pointer end);
Pointer match_o200k(Pointer text, Pointer end);
Pointer match_tekken(Pointer text, Pointer end);
Pointer match_superbpe1(Pointer text, Pointer end);

// Stretches between the matches of  \p{N}{1,3}| ?[^\s\p{L}\p{N}]{2,}[\r\n/]*| +(?!\S)  and the
// matches themselves; superword_match is null where none starts.
Pointer superword(Pointer text, Pointer end);
Pointer superword_match(Pointer text, Pointer end);

// Cuts at each space that follows something else: "a  b" is "a", "  b".
Pointer space_prefix(Pointer text, Pointer end);

// Cuts before every space: "a  b" is "a", " ", " b".
Pointer metaspace(Pointer text, Pointer end);

// End of the contraction whose apostrophe is at `text`, or null.
Pointer cased_contraction(Pointer text, Pointer end);
Pointer caseless_contraction(Pointer text, Pointer end);
}  // namespace scalar

// Vector paths; null where the path has none for the family.
SplitFunction avx512_split(Family family);
SplitFunction avx2_split(Family family);
SplitFunction portable_split(Family family);

}  // namespace tokenry::split
