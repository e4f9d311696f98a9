// Four keys at a time, and both words of a line compared at once: half the instructions of the
// scalar twin, which bound it, since all that is read was fetched ahead.
#include "base/compiler.hpp"
#if defined(TOKENRY_X86)
#include "base/intrinsics.hpp"
#include "encode/word_block.hpp"

namespace tokenry::encode {
namespace {

constexpr __mmask64 last_bytes = 0x8000'8000'8000'8000;  // of each key: its size

inline __m128i load(const void* at) { return _mm_loadu_si128(static_cast<const __m128i*>(at)); }

// The first 16 bytes of four words.
inline __m512i beginnings(const std::uint8_t* text, const std::uint32_t* begins) {
    __m512i words = _mm512_castsi128_si512(load(text + begins[0]));
    words = _mm512_inserti32x4(words, load(text + begins[1]), 1);
    words = _mm512_inserti32x4(words, load(text + begins[2]), 2);
    return _mm512_inserti32x4(words, load(text + begins[3]), 3);
}

// Where the ids of a word stand in its line, by which of the eight numbers there are equal to those
// of its key, which stand four times in a vector; 0 where neither of the two words is that one.
struct Places {
    std::uint8_t of[256];
    constexpr Places() : of{} {
        for (unsigned equal = 0; equal < 256; ++equal) {
            const bool first = (equal & 0b11) == 0b11;
            const bool second = (equal >> 4 & 0b11) == 0b11;
            constexpr unsigned ids = sizeof(base::Key);
            of[equal] = first ? ids : second ? sizeof(WordCache::Entry) + ids : 0;
        }
    }
};
constexpr Places places;

template <bool kCounts>
std::size_t copy_known(const WordBlock& block, std::size_t first, std::size_t count,
                       const WordCache& cache, Id*& out, std::uint32_t* counts) {
    const __m128i id_mask = _mm_set_epi32(-1, -1, -1, static_cast<int>(WordCache::id_mask));
    const base::Key* key = block.keys + first;
    const WordCache::Pair* const* line = block.lines + first;
    const WordCache::Pair* const* const end = block.lines + count;
    Id* to = out;
    for (; line != end; ++line, ++key) {
        const __m512i keys = _mm512_broadcast_i32x4(load(key));
        const std::size_t place =
            places.of[_mm512_cmpeq_epi64_mask(keys, _mm512_load_si512(*line))];
        if (place == 0) break;
        const auto* ids =
            reinterpret_cast<const Id*>(reinterpret_cast<const std::uint8_t*>(*line) + place);
        std::size_t number = ids[0] >> WordCache::count_shift;
        if (number == 0) [[unlikely]] {
            number = ids[2];
            copy_fours(to, cache.overflow(ids), number);
        } else {
            _mm_storeu_si128(reinterpret_cast<__m128i*>(to), _mm_and_si128(load(ids), id_mask));
        }
        to += number;
        if constexpr (kCounts) counts[line - block.lines] = static_cast<std::uint32_t>(number);
    }
    out = to;
    return static_cast<std::size_t>(line - block.lines);
}

}  // namespace

// A size that is too large for a key marks it as one that no entry has.
std::size_t make_keys_avx512(const Words& words, WordBlock& block) {
    // Byte i of each quarter, but never the last.
    const __m512i place = _mm512_broadcast_i32x4(
        _mm_set_epi8(-1, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));
    // The low byte of the i-th 32 bits to all bytes of the i-th quarter.
    const __m512i spread = _mm512_inserti64x4(
        _mm512_castsi256_si512(_mm256_set_m128i(_mm_set1_epi8(4), _mm_set1_epi8(0))),
        _mm256_set_m128i(_mm_set1_epi8(12), _mm_set1_epi8(8)), 1);
    std::size_t i = 0;
    for (; i + 4 <= words.count; i += 4) {
        const __m128i size = _mm_sub_epi32(load(words.ends + i), load(words.begins + i));
        const std::uint64_t is_long =
            _mm_cmpgt_epu32_mask(size, _mm_set1_epi32(static_cast<int>(base::Key::longest)));
        block.longs[i / 64] |= is_long << (i & 63);
        const __m512i sizes = _mm512_permutexvar_epi8(
            spread, _mm512_castsi128_si512(_mm_min_epu32(size, _mm_set1_epi32(255))));
        const __mmask64 inside = _mm512_cmplt_epu8_mask(place, sizes);
        const __m512i key =
            _mm512_mask_mov_epi8(_mm512_maskz_mov_epi8(last_bytes, sizes), inside,
                                 beginnings(words.text, words.begins + i));
        _mm512_storeu_si512(block.keys + i, key);
    }
    return i;
}

std::size_t copy_known_avx512(const WordBlock& block, std::size_t first, std::size_t count,
                              const WordCache& cache, Id*& out, std::uint32_t* counts) {
    return counts == nullptr ? copy_known<false>(block, first, count, cache, out, counts)
                             : copy_known<true>(block, first, count, cache, out, counts);
}

}  // namespace tokenry::encode
#endif
