// The character before a place.
#pragma once
#include <algorithm>

#include "split/characters.hpp"

namespace tokenry::split {

// The character that ends at `stop`, in a text that begins at `text` < `stop`; a byte that is not
// part of UTF-8 stands alone.
inline Char read_back(Pointer text, Pointer stop) {
    const auto longest = std::min<std::ptrdiff_t>(4, stop - text);
    for (std::ptrdiff_t width = 1; width <= longest; ++width) {
        if ((stop[-width] & 0xC0) == 0x80) continue;
        const Char character = read(stop - width, stop);
        if (character.width == width) return character;
        break;
    }
    return {1, Mask{1} << unicode::Cn};
}

// Whether a character of the class comes right before `place`.
inline bool follows(Pointer text, Pointer place, Mask mask) {
    return place > text && (read_back(text, place).mask & mask);
}

}  // namespace tokenry::split
