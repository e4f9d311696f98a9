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

// Stands for the category of letters of the script Han, where words have none of that script; its few
// marks are then like what has no category.
inline constexpr Mask kHanLetter = Mask{1} << 31;

inline bool is_han(Pointer text, Pointer end) {
    if (*text < 0x80) return false;
    const unicode::Character character = unicode::decode(text, end);
    return character.code != unicode::kInvalid && (unicode::record(character.code) & unicode::kHan);
}

template <bool kSeparateHan>
Char read_as(Pointer text, Pointer end) {
    const Char next = read(text, end);
    constexpr Mask kInWords = unicode::kLetter | unicode::kMark;
    if (!kSeparateHan || !(next.mask & kInWords) || !is_han(text, end)) return next;
    return {next.width, next.mask & unicode::kLetter ? kHanLetter : Mask{1} << unicode::Cn};
}

inline bool is_newline(std::uint8_t byte) { return byte == '\n' || byte == '\r'; }

// End of the longest run of characters of class `mask`.
template <bool kSeparateHan = false>
Pointer skip(Pointer text, Pointer end, Mask mask) {
    while (text < end) {
        const Char next = read_as<kSeparateHan>(text, end);
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

template <bool kSeparateHan = false>
bool at(Pointer text, Pointer end, Mask mask) {
    return text < end && (read_as<kSeparateHan>(text, end).mask & mask);
}

}  // namespace tokenry::split
