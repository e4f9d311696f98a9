// Walking over UTF-8.
#pragma once
#include <cstddef>
#include <cstdint>

#include "base/key.hpp"

namespace tokenry::base {

// Bytes of the character at `text`, of which `size` > 0 remain: 1 to 4, and 1 where the bytes are
// not well-formed UTF-8 (Unicode 16, table 3-7).
inline std::size_t character_size(const std::uint8_t* text, std::size_t size) {
    const auto continues = [&](std::size_t i, std::uint8_t from = 0x80, std::uint8_t to = 0xbf) {
        return text[i] >= from && text[i] <= to;
    };
    const std::uint8_t lead = text[0];
    if (lead < 0xc2) return 1;
    if (lead < 0xe0) return size >= 2 && continues(1) ? 2 : 1;
    if (lead < 0xf0) {
        if (size < 3) return 1;
        const std::uint8_t from = lead == 0xe0 ? 0xa0 : 0x80;
        const std::uint8_t to = lead == 0xed ? 0x9f : 0xbf;
        return continues(1, from, to) && continues(2) ? 3 : 1;
    }
    if (lead > 0xf4 || size < 4) return 1;
    const std::uint8_t from = lead == 0xf0 ? 0x90 : 0x80;
    const std::uint8_t to = lead == 0xf4 ? 0x8f : 0xbf;
    return continues(1, from, to) && continues(2) && continues(3) ? 4 : 1;
}

inline bool is_ascii(const std::uint8_t* text, std::size_t size) {
    constexpr std::uint64_t tops = 0x8080808080808080;
    std::uint64_t all = 0;
    if (size < 8) return (key_of(text, size).low & tops) == 0;
    for (std::size_t at = 0; at + 8 < size; at += 8) all |= load_u64(text + at);
    return ((all | load_u64(text + size - 8)) & tops) == 0;
}

}  // namespace tokenry::base
