// BERT's splitter on NEON. See bert_window.hpp.
#include "base/compiler.hpp"
#if defined(TOKENRY_ARM)
#include "split/bert_window.hpp"
#include "split/blocks_neon.hpp"

namespace tokenry::split {
namespace {

struct Neon : NeonBlocks {
    static Bits member(const Block& block, const bert::NibbleSet& set) {
        const uint8x16_t rows = vld1q_u8(set.data());
        const uint8x16_t bits = {1, 2, 4, 8, 16, 32, 64, 128};
        return bits_where(block, [=](uint8x16_t bytes) {
            const uint8x16_t row = vqtbl1q_u8(rows, vandq_u8(bytes, all(15)));
            const uint8x16_t bit = vqtbl1q_u8(bits, vandq_u8(vshrq_n_u8(bytes, 4), all(7)));
            return vtstq_u8(row, bit);
        });
    }
};

}  // namespace

std::size_t split_bert_neon(const bert::Kinds& kinds, Pointer text, std::size_t size,
                            std::size_t begin, std::uint32_t* ends, std::size_t capacity) {
    return split_bert_windows<Neon>(kinds, text, size, begin, ends, capacity);
}

}  // namespace tokenry::split
#endif
