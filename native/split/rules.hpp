// What tells the splitting regexes of the GPT family apart. They are all ordered alternatives of
//   contraction | Han | word | number | punctuation | white space
// so a row of choices (splitters.hpp) describes each; the scalar and the vector matchers are built
// from it.
#pragma once
#include <cstdint>

namespace tokenry::split {

enum class Contraction : std::uint8_t {
    none,
    cased,     // '(?:[sdmt]|ll|ve|re) as an alternative of its own
    caseless,  // '(?i:[sdmt]|ll|ve|re), likewise; U+017F (long s) counts as an s
    suffix,    // the caseless form, optional at the end of a word
};

enum class Word : std::uint8_t {
    spaced,    // " ?\p{L}+"
    prefixed,  // [^\r\n\p{L}\p{N}]?\p{L}+
    marked,    // [^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+
    cased,     // [^\r\n\p{L}\p{N}]?, then U*L+ or else U+L*, where U has no lower-case letter and
               // L no upper-case one, and both have caseless letters and marks
};

enum class Tail : std::uint8_t { none, newlines, newlines_slashes };  // after punctuation

struct Rules {
    Contraction contraction;
    Word word;
    std::uint32_t digits;  // numbers a pretoken: at most this many; 0 means " ?\p{N}+"
    Tail tail;
    bool newlines = false;   // \s*[\r\n]+ comes before \s+(?!\S)
    bool final_run = false;  // \s++$ comes before both
    bool han = false;        // [\p{Han}]+ comes first, and words have no such letter
};

}  // namespace tokenry::split
