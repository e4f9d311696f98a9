// Text as BERT's kinds of characters under some options.
#pragma once
#include "unicode/bert.hpp"
#include "unicode/utf8.hpp"

namespace tokenry::unicode::bert {

// A set of bytes with the same upper bit: entry b & 15 has bit b >> 4 & 7.
using NibbleSet = std::array<std::uint8_t, 16>;

struct Kinds {
    explicit Kinds(Options options);

    struct Character {
        Kind kind;
        std::uint32_t width;
    };
    // The character at `at` < `end`; a byte outside valid UTF-8 is a letter.
    TOKENRY_ALWAYS_INLINE Character read(const std::uint8_t* at, const std::uint8_t* end) const {
        if (*at < 0x80) return {ascii[*at], 1};
        const unicode::Character character = unicode::decode(at, end);
        if (character.code == unicode::kInvalid) return {kLetter, 1};
        return {of(character.code), character.width};
    }
    TOKENRY_ALWAYS_INLINE Kind of(std::uint32_t code) const { return kind(record(code) & flags); }

    std::uint8_t flags;
    std::array<Kind, 128> ascii;
    // What the vector paths look up: ASCII of two kinds, and first bytes of two-byte characters all
    // of which are letters.
    NibbleSet spaces{}, alone{}, letter_leads{};
    bool han_alone;  // U+4E00..U+9FFF
};

}  // namespace tokenry::unicode::bert
