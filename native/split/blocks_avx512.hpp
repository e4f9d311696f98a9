// Windows of 64 bytes on AVX-512 (BW, VBMI2): what every splitter does with them.
//
// This file has internal linkage and is included only by the files of its vector path.
#pragma once
#include <array>

#include "base/intrinsics.hpp"
#include "split/masks.hpp"

namespace tokenry::split {
namespace {

constexpr std::array<std::uint8_t, 64> iota_table() {
    std::array<std::uint8_t, 64> values{};
    for (unsigned i = 0; i < 64; ++i) values[i] = static_cast<std::uint8_t>(i);
    return values;
}

alignas(64) constexpr std::array<std::uint8_t, 64> kIota = iota_table();

struct Avx512Blocks {
    using Block = __m512i;

    static Block load(Pointer text, unsigned size) {
        // The branch is foreseen; a mask made from `size` would be waited for.
        if (size == kWindow) return _mm512_loadu_si512(text);
        return _mm512_maskz_loadu_epi8(below(size), text);
    }
    static Bits wide(Block block) { return _mm512_movepi8_mask(block); }
    static Bits equal(Block block, int byte) { return _mm512_cmpeq_epi8_mask(block, all(byte)); }
    static void flatten(Bits cuts, std::uint32_t base, std::uint32_t* ends, std::size_t room) {
        const __m512i places = _mm512_maskz_compress_epi8(cuts, _mm512_load_si512(kIota.data()));
        const __m512i bases = _mm512_set1_epi32(static_cast<int>(base));
        const auto values = [&](__m128i sixteen) {
            return _mm512_add_epi32(_mm512_cvtepu8_epi32(sixteen), bases);
        };
        const unsigned count = static_cast<unsigned>(std::popcount(cuts));
        const __m512i first = values(_mm512_castsi512_si128(places));
        const __m512i second = values(_mm512_extracti32x4_epi32(places, 1));
        if (room < kWindow) return write_each(cuts, base, ends);
        _mm512_storeu_si512(ends, first);
        _mm512_storeu_si512(ends + 16, second);
        if (count <= 32) return;
        _mm512_storeu_si512(ends + 32, values(_mm512_extracti32x4_epi32(places, 2)));
        _mm512_storeu_si512(ends + 48, values(_mm512_extracti32x4_epi32(places, 3)));
    }

protected:
    static Block all(int byte) { return _mm512_set1_epi8(static_cast<char>(byte)); }
};

}  // namespace
}  // namespace tokenry::split
