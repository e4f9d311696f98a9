// BERT's splitter on AVX-512 (BW, VBMI2). See bert_window.hpp.
#include "base/compiler.hpp"
#if defined(TOKENRY_X86)
#include "split/bert_window.hpp"
#include "split/blocks_avx512.hpp"

namespace tokenry::split {
namespace {

struct Avx512 : Avx512Blocks {
    static Bits between(Block block, int first, int last) {
        return _mm512_cmple_epu8_mask(_mm512_sub_epi8(block, all(first)), all(last - first));
    }
    static Bits member(Block block, const bert::NibbleSet& set) {
        const __m512i low = _mm512_and_si512(block, all(15));
        const __m512i high = _mm512_and_si512(_mm512_srli_epi16(block, 4), all(7));
        return _mm512_test_epi8_mask(look_up(set.data(), low), look_up(kBits, high));
    }

private:
    static constexpr std::uint8_t kBits[16] = {1, 2, 4, 8, 16, 32, 64, 128};

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

}  // namespace tokenry::split
#endif
