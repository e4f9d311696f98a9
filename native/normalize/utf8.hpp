// The few facts about UTF-8 that normalisation needs.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/key.hpp"

namespace tokenry::normalize {

inline constexpr std::string_view kSpaceMark = "\xE2\x96\x81";  // U+2581, a space in SentencePiece

inline bool is_continuation(std::uint8_t byte) { return (byte & 0xC0) == 0x80; }

// Bytes of a character by its first byte; 1 for bytes that begin none.
inline std::size_t utf8_width(std::uint8_t lead) {
    return lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

// The code point of a character of `width` bytes that is known to be valid.
inline std::uint32_t decode(const std::uint8_t* at, std::size_t width) {
    switch (width) {
        case 1: return at[0];
        case 2: return (at[0] & 0x1Fu) << 6 | (at[1] & 0x3Fu);
        case 3: return (at[0] & 0x0Fu) << 12 | (at[1] & 0x3Fu) << 6 | (at[2] & 0x3Fu);
        default:
            return (at[0] & 0x07u) << 18 | (at[1] & 0x3Fu) << 12 | (at[2] & 0x3Fu) << 6 |
                   (at[3] & 0x3Fu);
    }
}

// Writes the UTF-8 of a code point, up to four bytes; returns how many.
inline std::size_t encode(std::uint32_t code, std::uint8_t* to) {
    const auto tail = [&](int shift) { return static_cast<std::uint8_t>(0x80 | (code >> shift & 0x3F)); };
    if (code < 0x80) return to[0] = static_cast<std::uint8_t>(code), 1;
    if (code < 0x800) {
        to[0] = static_cast<std::uint8_t>(0xC0 | code >> 6);
        return to[1] = tail(0), 2;
    }
    if (code < 0x10000) {
        to[0] = static_cast<std::uint8_t>(0xE0 | code >> 12);
        to[1] = tail(6);
        return to[2] = tail(0), 3;
    }
    to[0] = static_cast<std::uint8_t>(0xF0 | code >> 18);
    to[1] = tail(12);
    to[2] = tail(6);
    return to[3] = tail(0), 4;
}

// Bytes of the valid character at the beginning of the text, or 0 where there is none.
inline std::size_t valid_width(const std::uint8_t* at, std::size_t size) {
    if (at[0] < 0x80) return 1;
    const auto width = utf8_width(at[0]);
    if (width == 1 || width > size || at[0] > 0xF7) return 0;
    for (std::size_t i = 1; i < width; ++i)
        if (!is_continuation(at[i])) return 0;
    const auto code = decode(at, width);
    constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (code < least[width] || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return 0;
    return width;
}

// Whether all bytes are ASCII characters that one sees: '!' to '~'.
inline bool is_graphic(const std::uint8_t* text, std::size_t size) {
    constexpr std::uint64_t kOnes = 0x0101010101010101, kTops = 0x80 * kOnes;
    const auto all = [](std::uint64_t eight) {
        const auto seven = eight & ~kTops;  // so that no sum carries into the next byte
        return ((seven + (0x80 - '!') * kOnes) & ~(seven + (0x7F - '~') * kOnes) & ~eight & kTops) == kTops;
    };
    if (size >= 8) {
        for (std::size_t at = 0; at + 8 < size; at += 8)
            if (!all(base::load_u64(text + at))) return false;
        return all(base::load_u64(text + size - 8));
    }
    for (std::size_t at = 0; at < size; ++at)
        if (text[at] < '!' || text[at] > '~') return false;
    return true;
}

// Bytes of whole eights of ASCII at the beginning of the text.
inline std::size_t ascii_width(const std::uint8_t* text, std::size_t size) {
    std::size_t at = 0;
    while (size - at >= 8 && (base::load_u64(text + at) & 0x8080808080808080) == 0) at += 8;
    return at;
}

inline bool is_utf8(std::string_view text) {
    const auto* at = reinterpret_cast<const std::uint8_t*>(text.data());
    for (std::size_t i = 0; i < text.size();) {
        i += ascii_width(at + i, text.size() - i);
        if (i == text.size()) break;
        const auto width = valid_width(at + i, text.size() - i);
        if (width == 0) return false;
        i += width;
    }
    return true;
}

}  // namespace tokenry::normalize
