// BERT's splitter on AVX2 and BMI2. See bert_window.hpp.
#if defined(__x86_64__)
#include <immintrin.h>

#include <cstring>

#include "split/bert_window.hpp"

namespace tokenry {
namespace {

struct Avx2 {
    struct Block {
        __m256i low, high;
    };

    static Block load(Pointer text, unsigned size) {
        if (size == kWindow) return load_window(text);
        alignas(32) std::uint8_t copy[kWindow] = {};
        std::memcpy(copy, text, size);
        return load_window(copy);
    }
    static Bits wide(Block block) { return bits_of(block); }
    static Bits equal(Block block, int byte) {
        const __m256i wanted = all(byte);
        return bits_of(
            {_mm256_cmpeq_epi8(block.low, wanted), _mm256_cmpeq_epi8(block.high, wanted)});
    }
    static Bits between(Block block, int first, int last) {
        const __m256i width = all(last - first);
        const auto within = [&](__m256i bytes) {
            const __m256i distance = _mm256_sub_epi8(bytes, all(first));
            return _mm256_cmpeq_epi8(_mm256_min_epu8(distance, width), distance);
        };
        return bits_of({within(block.low), within(block.high)});
    }
    static Bits member(Block block, const bert::NibbleSet& set) {
        const auto outside = [&](__m256i bytes) {
            const __m256i low = _mm256_and_si256(bytes, all(15));
            const __m256i high = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), all(7));
            const __m256i common =
                _mm256_and_si256(look_up(set.data(), low), look_up(kBits, high));
            return _mm256_cmpeq_epi8(common, _mm256_setzero_si256());
        };
        return ~bits_of({outside(block.low), outside(block.high)});
    }
    static void flatten(Bits cuts, std::uint32_t base, std::uint32_t* ends, std::size_t room) {
        const int count = std::popcount(cuts);
        if (room < kWindow) return write_each(cuts, base, ends);
        for (int done = 0; done < count; done += 4) {  // writes up to three too many
            for (int i = 0; i < 4; ++i) {
                ends[done + i] = base + lowest(cuts);
                cuts &= cuts - 1;
            }
        }
    }

private:
    static constexpr std::uint8_t kBits[16] = {1, 2, 4, 8, 16, 32, 64, 128};

    static __m256i all(int byte) { return _mm256_set1_epi8(static_cast<char>(byte)); }
    static __m256i look_up(const std::uint8_t* table, __m256i at) {
        const auto* sixteen = reinterpret_cast<const __m128i*>(table);
        return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(_mm_loadu_si128(sixteen)), at);
    }
    static Block load_window(Pointer text) {
        return {_mm256_loadu_si256(reinterpret_cast<const __m256i*>(text)),
                _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + 32))};
    }
    static Bits bits_of(Block block) {
        const auto low = static_cast<std::uint32_t>(_mm256_movemask_epi8(block.low));
        const auto high = static_cast<std::uint32_t>(_mm256_movemask_epi8(block.high));
        return low | Bits{high} << 32;
    }
};

}  // namespace

std::size_t split_bert_avx2(const bert::Kinds& kinds, Pointer text, std::size_t size,
                            std::size_t begin, std::uint32_t* ends, std::size_t capacity) {
    return split_bert_windows<Avx2>(kinds, text, size, begin, ends, capacity);
}

}  // namespace tokenry
#endif
