// Reading text one character at a time, as class masks.
#pragma once
#include <array>
#include <cstdint>

#include "split/matchers.hpp"
#include "unicode/utf8.hpp"

namespace tokenry::split {

using unicode::Mask;

struct Char {
    std::uint32_t width;
    Mask mask;  // one bit: the category; a byte outside valid UTF-8 counts as unassigned
};

extern const std::array<Mask, 128> kAsciiMasks;

inline Char read(Pointer text, Pointer end) {
    if (*text < 0x80) return {1, kAsciiMasks[*text]};
    const unicode::Character character = unicode::decode(text, end);
    if (character.code == unicode::kInvalid) return {1, Mask{1} << unicode::Cn};
    return {character.width, Mask{1} << unicode::category(character.code)};
}

inline bool is_newline(std::uint8_t byte) { return byte == '\n' || byte == '\r'; }

// End of the longest run of characters of class `mask`.
inline Pointer skip(Pointer text, Pointer end, Mask mask) {
    while (text < end) {
        const Char next = read(text, end);
        if (!(next.mask & mask)) break;
        text += next.width;
    }
    return text;
}

// End of at most `limit` characters of class `mask`.
inline Pointer skip(Pointer text, Pointer end, Mask mask, std::uint32_t limit) {
    for (; limit > 0 && text < end; --limit) {
        const Char next = read(text, end);
        if (!(next.mask & mask)) break;
        text += next.width;
    }
    return text;
}

inline bool at(Pointer text, Pointer end, Mask mask) {
    return text < end && (read(text, end).mask & mask);
}

}  // namespace tokenry::split
