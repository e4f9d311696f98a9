// BERT's splitter on AVX-512 (BW, VBMI2). See bert_window.hpp.
#if defined(__x86_64__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // false alarms in the headers of GCC 12
#include <immintrin.h>

#include "split/bert_window.hpp"

namespace tokenry {
namespace {

constexpr std::array<std::uint8_t, 64> iota_table() {
    std::array<std::uint8_t, 64> values{};
    for (unsigned i = 0; i < 64; ++i) values[i] = static_cast<std::uint8_t>(i);
    return values;
}

alignas(64) constexpr std::array<std::uint8_t, 64> kIota = iota_table();

struct Avx512 {
    using Block = __m512i;

    static Block load(Pointer text, unsigned size) {
        if (size == kWindow) return _mm512_loadu_si512(text);
        return _mm512_maskz_loadu_epi8(below(size), text);
    }
    static Bits wide(Block block) { return _mm512_movepi8_mask(block); }
    static Bits equal(Block block, int byte) { return _mm512_cmpeq_epi8_mask(block, all(byte)); }
    static Bits between(Block block, int first, int last) {
        return _mm512_cmple_epu8_mask(_mm512_sub_epi8(block, all(first)), all(last - first));
    }
    static Bits member(Block block, const bert::NibbleSet& set) {
        const __m512i low = _mm512_and_si512(block, all(15));
        const __m512i high = _mm512_and_si512(_mm512_srli_epi16(block, 4), all(7));
        return _mm512_test_epi8_mask(look_up(set.data(), low), look_up(kBits, high));
    }
    static void flatten(Bits cuts, std::uint32_t base, std::uint32_t* ends, std::size_t room) {
        if (room < kWindow) return write_each(cuts, base, ends);
        const __m512i places = _mm512_maskz_compress_epi8(cuts, _mm512_load_si512(kIota.data()));
        const __m512i bases = _mm512_set1_epi32(static_cast<int>(base));
        const auto store = [&](int at, __m128i sixteen) {
            _mm512_storeu_si512(ends + at, _mm512_add_epi32(_mm512_cvtepu8_epi32(sixteen), bases));
        };
        store(0, _mm512_castsi512_si128(places));
        store(16, _mm512_extracti32x4_epi32(places, 1));
        if (std::popcount(cuts) <= 32) return;
        store(32, _mm512_extracti32x4_epi32(places, 2));
        store(48, _mm512_extracti32x4_epi32(places, 3));
    }

private:
    static constexpr std::uint8_t kBits[16] = {1, 2, 4, 8, 16, 32, 64, 128};

    static Block all(int byte) { return _mm512_set1_epi8(static_cast<char>(byte)); }
    static Block look_up(const std::uint8_t* table, Block at) {
        const auto* sixteen = reinterpret_cast<const __m128i*>(table);
        return _mm512_shuffle_epi8(_mm512_broadcast_i32x4(_mm_loadu_si128(sixteen)), at);
    }
};

}  // namespace

std::size_t split_bert_avx512(const bert::Kinds& kinds, Pointer text, std::size_t size,
                              std::size_t begin, std::uint32_t* ends, std::size_t capacity) {
    return split_bert_windows<Avx512>(kinds, text, size, begin, ends, capacity);
}

}  // namespace tokenry
#endif
