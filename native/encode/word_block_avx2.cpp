// Two keys at a time, and both words of a line compared at once: fewer instructions than the scalar
// twin has, which bound it, since all that is read was fetched ahead.
#include "base/compiler.hpp"
#if defined(TOKENRY_X86)
#include "base/intrinsics.hpp"
#include "encode/word_block.hpp"

namespace tokenry::encode {
namespace {

inline __m128i load(const void* at) { return _mm_loadu_si128(static_cast<const __m128i*>(at)); }
inline __m256i load_two(const void* first, const void* second) {
    return _mm256_inserti128_si256(_mm256_castsi128_si256(load(first)), load(second), 1);
}

// Where the ids of a word stand in its line, by which of the four halves of keys there are equal to
// those of its own; 0 where neither of the two words is that one.
constexpr std::uint8_t first_ids = sizeof(base::Key), second_ids = sizeof(WordCache::Entry) + first_ids;
constexpr std::uint8_t places[16] = {
    0, 0, 0, first_ids, 0, 0, 0, first_ids, 0, 0, 0, first_ids,
    second_ids, second_ids, second_ids, first_ids};

template <bool kCounts>
std::size_t copy_known(const WordBlock& block, std::size_t first, std::size_t count,
                       const WordCache& cache, Id*& out, std::uint32_t* counts) {
    const __m128i id_mask = _mm_set_epi32(-1, -1, -1, static_cast<int>(WordCache::id_mask));
    Id* to = out;
    std::size_t i = first;
    for (; i < count; ++i) {
        const WordCache::Pair& line = *block.lines[i];
        const __m256i key = _mm256_broadcastsi128_si256(load(block.keys + i));
        const __m256i equal =
            _mm256_cmpeq_epi64(key, load_two(&line.entries[0].key, &line.entries[1].key));
        const std::size_t place =
            places[static_cast<unsigned>(_mm256_movemask_pd(_mm256_castsi256_pd(equal)))];
        if (place == 0) break;
        const auto* ids =
            reinterpret_cast<const Id*>(reinterpret_cast<const std::uint8_t*>(&line) + place);
        std::size_t number = ids[0] >> WordCache::count_shift;
        if (number == 0) [[unlikely]] {
            number = ids[2];
            copy_fours(to, cache.overflow(ids), number);
        } else {
            _mm_storeu_si128(reinterpret_cast<__m128i*>(to), _mm_and_si128(load(ids), id_mask));
        }
        to += number;
        if constexpr (kCounts) counts[i] = static_cast<std::uint32_t>(number);
    }
    out = to;
    return i;
}

}  // namespace

// A size that is too large for a key marks it as one that no entry has.
std::size_t make_keys_avx2(const Words& words, WordBlock& block) {
    // Byte i of each half; the last is never inside a word, and takes its size.
    const __m256i place = _mm256_broadcastsi128_si256(
        _mm_set_epi8(127, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));
    const __m256i last = _mm256_set_epi64x(static_cast<long long>(0xff00'0000'0000'0000), 0,
                                           static_cast<long long>(0xff00'0000'0000'0000), 0);
    // The low byte of the first and of the second 32 bits to all bytes of their halves.
    const __m256i spread = _mm256_set_m128i(_mm_set1_epi8(4), _mm_set1_epi8(0));
    const auto make_two = [&](std::size_t i, __m128i sizes) {
        const __m256i size = _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(sizes), spread);
        const __m256i inside = _mm256_cmpgt_epi8(size, place);
        const __m256i bytes = load_two(words.text + words.begins[i], words.text + words.begins[i + 1]);
        const __m256i key = _mm256_or_si256(_mm256_and_si256(bytes, inside), _mm256_and_si256(size, last));
        _mm256_store_si256(reinterpret_cast<__m256i*>(block.keys + i), key);
    };
    std::size_t i = 0;
    for (; i + 4 <= words.count; i += 4) {
        const __m128i size = _mm_sub_epi32(load(words.ends + i), load(words.begins + i));
        const __m128i most = _mm_set1_epi32(127);
        const __m128i sizes = _mm_min_epu32(size, most);
        const __m128i is_long = _mm_cmpgt_epi32(sizes, _mm_set1_epi32(base::Key::longest));
        block.longs[i / 64] |= static_cast<std::uint64_t>(_mm_movemask_ps(_mm_castsi128_ps(is_long)))
                               << (i & 63);
        make_two(i, sizes);
        make_two(i + 2, _mm_unpackhi_epi64(sizes, sizes));
    }
    return i;
}

std::size_t copy_known_avx2(const WordBlock& block, std::size_t first, std::size_t count,
                            const WordCache& cache, Id*& out, std::uint32_t* counts) {
    return counts == nullptr ? copy_known<false>(block, first, count, cache, out, counts)
                             : copy_known<true>(block, first, count, cache, out, counts);
}

}  // namespace tokenry::encode
#endif
