// A set of bytes: which bytes of a text are in it.
#pragma once
#include <bit>
#include <cstdint>

#if defined(__SSE4_1__)
#include "base/intrinsics.hpp"
#endif

namespace tokenry::base {

class ByteSet {
public:
    void add(std::uint8_t byte) {
        has_[byte] = true;
        rows_[byte >> 7][byte & 15] |= static_cast<std::uint8_t>(1 << (byte >> 4 & 7));
    }
    bool has(std::uint8_t byte) const { return has_[byte]; }

    // Where the first byte of the set stands, or `end`.
    const std::uint8_t* find(const std::uint8_t* at, const std::uint8_t* end) const {
#if defined(__SSE4_1__)
        for (; end - at >= 16; at += 16)
            if (const unsigned found = members(at)) return at + std::countr_zero(found);
#endif
        while (at < end && !has_[*at]) ++at;
        return at;
    }

    // A bit for each of 16 bytes.
    unsigned members(const std::uint8_t* bytes) const {
#if defined(__SSE4_1__)
        return members(load(bytes));
#else
        unsigned found = 0;
        for (unsigned i = 0; i < 16; ++i) found |= unsigned{has_[bytes[i]]} << i;
        return found;
#endif
    }

private:
#if defined(__SSE4_1__)
    static __m128i load(const std::uint8_t* bytes) {
        return _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes));
    }
    // A byte is in the set if the bit of its upper half is set in the row of its lower half; a
    // shuffle gives 0 where the index is above 127, so each half of the rows is asked for its own.
    unsigned members(__m128i bytes) const {
        const __m128i bits = _mm_setr_epi8(1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128);
        const __m128i upper = _mm_and_si128(_mm_srli_epi16(bytes, 4), _mm_set1_epi8(15));
        const __m128i row = _mm_or_si128(
            _mm_shuffle_epi8(load(rows_[0]), bytes),
            _mm_shuffle_epi8(load(rows_[1]), _mm_xor_si128(bytes, _mm_set1_epi8(-128))));
        const __m128i found = _mm_and_si128(row, _mm_shuffle_epi8(bits, upper));
        const int none = _mm_movemask_epi8(_mm_cmpeq_epi8(found, _mm_setzero_si128()));
        return static_cast<unsigned>(none) ^ 0xffff;
    }
#endif

    bool has_[256] = {};
    std::uint8_t rows_[2][16] = {};  // of ASCII and of the rest, by the lower half of a byte
};

}  // namespace tokenry::base
