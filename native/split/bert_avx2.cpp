// BERT's splitter on AVX2 and BMI2. See bert_window.hpp.
#include "base/compiler.hpp"
#if defined(TOKENRY_X86)
#include "split/bert_window.hpp"
#include "split/blocks_avx2.hpp"

namespace tokenry::split {
namespace {

struct Avx2 : Avx2Blocks {
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

private:
    static constexpr std::uint8_t kBits[16] = {1, 2, 4, 8, 16, 32, 64, 128};

    static __m256i look_up(const std::uint8_t* table, __m256i at) {
        const auto* sixteen = reinterpret_cast<const __m128i*>(table);
        return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(_mm_loadu_si128(sixteen)), at);
    }
};

}  // namespace

std::size_t split_bert_avx2(const bert::Kinds& kinds, Pointer text, std::size_t size,
                            std::size_t begin, std::uint32_t* ends, std::size_t capacity) {
    return split_bert_windows<Avx2>(kinds, text, size, begin, ends, capacity);
}

}  // namespace tokenry::split
#endif
