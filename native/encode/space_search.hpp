// Finds the next space.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace tokenry::encode {

// The place of the first space in text[from, size), or `size`.
inline std::size_t find_space(const std::uint8_t* text, std::size_t from, std::size_t size) {
#if defined(__SSE2__)
    const auto spaces = _mm_set1_epi8(' ');
    for (; from + 16 <= size; from += 16) {
        const auto bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text + from));
        const auto found = unsigned(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, spaces)));
        if (found) return from + std::size_t(std::countr_zero(found));
    }
#endif
    while (from < size && text[from] != ' ') ++from;
    return from;
}

}  // namespace tokenry::encode
