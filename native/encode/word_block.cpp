#include "encode/word_block.hpp"

#include <cstring>

#include "base/compiler.hpp"
#include "base/simd.hpp"

namespace tokenry::encode {

const WordSteps& word_steps() {
    static constexpr WordSteps scalar{make_keys_scalar, copy_known_scalar};
#if defined(TOKENRY_X86)
    static constexpr WordSteps avx512{make_keys_avx512, copy_known_avx512};
    static constexpr WordSteps avx2{make_keys_avx2, copy_known_avx2};
    static const base::Simd simd = base::best_simd();
    if (simd == base::Simd::avx512) return avx512;
    if (simd == base::Simd::avx2) return avx2;
#elif defined(TOKENRY_ARM)
    static constexpr WordSteps neon{make_keys_neon, copy_known_neon};
    static const bool vectors = base::best_simd() == base::Simd::neon;
    if (vectors) return neon;
#endif
    return scalar;
}

std::size_t make_keys_scalar(const Words& words, WordBlock& block) {
    for (std::size_t i = 0; i < words.count; ++i) {
        const std::size_t size = words.ends[i] - words.begins[i];
        block.set(i, base::key_of_padded(words.text + words.begins[i], size), size);
    }
    return words.count;
}

std::size_t copy_known_scalar(const WordBlock& block, std::size_t first, std::size_t count,
                              const WordCache& cache, Id*& out, std::uint32_t* counts) {
    std::size_t i = first;
    for (; i < count; ++i) {
        const WordCache::Pair& pair = *block.lines[i];
        const base::Key key = block.keys[i];
        const auto differs = [&](const WordCache::Entry& entry) {
            return (entry.key.low ^ key.low) | (entry.key.high ^ key.high);
        };
        const bool in_second = differs(pair.entries[1]) == 0;
        if (!in_second && differs(pair.entries[0]) != 0) break;
        const WordCache::Entry& entry = pair.entries[in_second];
        std::uint32_t ids = entry.ids[0] >> WordCache::count_shift;
        if (ids == 0) [[unlikely]] {
            ids = entry.ids[2];
            copy_fours(out, cache.overflow(entry.ids), ids);
        } else {
            std::memcpy(out, entry.ids, sizeof entry.ids);
            out[0] &= WordCache::id_mask;
        }
        out += ids;
        if (counts) counts[i] = ids;
    }
    return i;
}

}  // namespace tokenry::encode
