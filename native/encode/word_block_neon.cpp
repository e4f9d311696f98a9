// A key in one register, and both words of a line compared with it before the first branch.
#include "base/compiler.hpp"
#if defined(TOKENRY_ARM)
#include <arm_neon.h>

#include "encode/word_block.hpp"

namespace tokenry::encode {
namespace {

// The first n bytes, for each n below 16.
struct Beginnings {
    alignas(16) std::uint8_t of[16][16];
    constexpr Beginnings() : of{} {
        for (unsigned n = 0; n < 16; ++n)
            for (unsigned i = 0; i < n; ++i) of[n][i] = 0xff;
    }
};
constexpr Beginnings beginnings;

inline void make_key(const std::uint8_t* word, std::uint32_t size, base::Key& key) {
    const uint8x16_t bytes = vandq_u8(vld1q_u8(word), vld1q_u8(beginnings.of[size & 15]));
    vst1q_u8(reinterpret_cast<std::uint8_t*>(&key), vsetq_lane_u8(static_cast<std::uint8_t>(size), bytes, 15));
}

// All ones in the low half where the first word of the line has the key, in the upper for the second.
inline std::uint64_t equal_words(const WordCache::Pair& pair, const base::Key& key) {
    const auto load = [](const base::Key& from) {
        return vld1q_u32(reinterpret_cast<const std::uint32_t*>(&from));
    };
    const uint32x4_t wanted = load(key);
    const uint32x4_t halves = vpminq_u32(vceqq_u32(load(pair.entries[0].key), wanted),
                                         vceqq_u32(load(pair.entries[1].key), wanted));
    return vgetq_lane_u64(vreinterpretq_u64_u32(vpminq_u32(halves, halves)), 0);
}

template <bool kCounts>
std::size_t copy_known(const WordBlock& block, std::size_t first, std::size_t count,
                       const WordCache& cache, Id*& out, std::uint32_t* counts) {
    const uint32x4_t id_mask = {WordCache::id_mask, ~Id{0}, ~Id{0}, ~Id{0}};
    Id* to = out;
    std::size_t i = first;
    for (; i < count; ++i) {
        const WordCache::Pair& pair = *block.lines[i];
        const std::uint64_t equal = equal_words(pair, block.keys[i]);
        if (equal == 0) break;
        const Id* const ids = pair.entries[equal >> 63].ids;
        std::uint32_t number = ids[0] >> WordCache::count_shift;
        if (number == 0) [[unlikely]] {
            number = ids[2];
            copy_fours(to, cache.overflow(ids), number);
        } else {
            vst1q_u32(to, vandq_u32(vld1q_u32(ids), id_mask));
        }
        to += number;
        if constexpr (kCounts) counts[i] = number;
    }
    out = to;
    return i;
}

}  // namespace

// A size that is too large for a key marks it as one that no entry has.
std::size_t make_keys_neon(const Words& words, WordBlock& block) {
    constexpr std::uint32_t longest = base::Key::longest;
    const uint32x4_t places = {1, 2, 4, 8};
    std::size_t i = 0;
    for (; i + 4 <= words.count; i += 4) {
        const uint32x4_t size = vsubq_u32(vld1q_u32(words.ends + i), vld1q_u32(words.begins + i));
        const std::uint64_t is_long =
            vaddvq_u32(vandq_u32(vcgtq_u32(size, vdupq_n_u32(longest)), places));
        block.longs[i / 64] |= is_long << (i & 63);
        std::uint32_t sizes[4];
        vst1q_u32(sizes, vminq_u32(size, vdupq_n_u32(255)));
        for (std::size_t k = 0; k < 4; ++k)
            make_key(words.text + words.begins[i + k], sizes[k], block.keys[i + k]);
    }
    return i;
}

std::size_t copy_known_neon(const WordBlock& block, std::size_t first, std::size_t count,
                            const WordCache& cache, Id*& out, std::uint32_t* counts) {
    return counts == nullptr ? copy_known<false>(block, first, count, cache, out, counts)
                             : copy_known<true>(block, first, count, cache, out, counts);
}

}  // namespace tokenry::encode
#endif
