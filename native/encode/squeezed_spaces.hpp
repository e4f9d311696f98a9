// White space as programs see it that make one space of whatever stands between two words.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#if defined(__SSE4_1__)
#include "base/intrinsics.hpp"
#endif

namespace tokenry::encode {

// The bytes that this takes for spaces.
inline constexpr std::string_view kSqueezed = " \t\n\r";

inline bool is_squeezed(std::uint8_t byte) {
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

// Copies a text, with one space for several of these bytes in a row and none behind a space that
// stands before `to`; returns where the copy ends. There is room for 16 bytes more than the text has.
inline std::uint8_t* squeeze(const std::uint8_t* from, std::size_t size, std::uint8_t* to) {
    bool behind = to[-1] == ' ';
    std::size_t at = 0;
#if defined(__SSE4_1__)
    const __m128i space = _mm_set1_epi8(' ');
    while (at + 16 <= size) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + at));
        const auto is = [&](char byte) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(byte)); };
        const __m128i spaces = _mm_or_si128(_mm_or_si128(is(' '), is('\t')), _mm_or_si128(is('\n'), is('\r')));
        _mm_storeu_si128(reinterpret_cast<__m128i*>(to), _mm_blendv_epi8(bytes, space, spaces));
        const auto found = static_cast<unsigned>(_mm_movemask_epi8(spaces));
        const unsigned again = found & (found << 1 | unsigned(behind));
        if (again == 0) {
            behind = found >> 15;
            at += 16;
            to += 16;
            continue;
        }
        const int kept = std::countr_zero(again);
        behind = true;
        at += static_cast<std::size_t>(kept + std::countr_one(found >> kept));
        to += kept;
    }
#endif
    for (; at < size; ++at) {
        const bool found = is_squeezed(from[at]);
        *to = found ? ' ' : from[at];
        to += !(found && behind);
        behind = found;
    }
    return to;
}

}  // namespace tokenry::encode
