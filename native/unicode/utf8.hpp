// Strict UTF-8: shortest forms, no surrogates, nothing above U+10FFFF.
#pragma once
#include <cstdint>

#include "unicode/classes.hpp"

namespace tokenry::unicode {

inline constexpr std::uint32_t kInvalid = 0xFFFFFFFF;

struct Character {
    std::uint32_t code;   // kInvalid for a byte that is not part of valid UTF-8
    std::uint32_t width;  // bytes, 1 to 4
};

// Decodes the sequence at `text`, of which `left` bytes exist.
TOKENRY_ALWAYS_INLINE Character decode(const std::uint8_t* text, std::ptrdiff_t left) {
    const std::uint32_t lead = text[0];
    if (lead < 0x80) return {lead, 1};
    const auto tail = [&](int i) { return text[i] & 0x3Fu; };
    const auto continues = [&](int i) { return i < left && (text[i] & 0xC0u) == 0x80u; };
    if (lead < 0xC2 || lead > 0xF4 || !continues(1)) return {kInvalid, 1};
    if (lead < 0xE0) return {(lead & 0x1F) << 6 | tail(1), 2};
    if (!continues(2)) return {kInvalid, 1};
    if (lead < 0xF0) {
        const std::uint32_t code = (lead & 0x0F) << 12 | tail(1) << 6 | tail(2);
        if (code < 0x800 || (code >= 0xD800 && code < 0xE000)) return {kInvalid, 1};
        return {code, 3};
    }
    if (!continues(3)) return {kInvalid, 1};
    const std::uint32_t code = (lead & 0x07) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3);
    if (code < 0x10000 || code >= kCodePoints) return {kInvalid, 1};
    return {code, 4};
}

// Decodes the sequence at `text` < `end`; a byte outside valid UTF-8 stands alone, as it does under
// Python's "surrogateescape".
TOKENRY_ALWAYS_INLINE Character decode(const std::uint8_t* text, const std::uint8_t* end) {
    return end - text >= 4 ? decode(text, std::ptrdiff_t{4}) : decode(text, end - text);
}

}  // namespace tokenry::unicode
