// The splitters on AVX2 and BMI2. See window.hpp.
#include "base/compiler.hpp"
#if defined(TOKENRY_X86)
#include "split/blocks_avx2.hpp"
#include "split/families.hpp"
#include "split/ideographs.hpp"

namespace tokenry::split {
namespace {

struct Avx2 : Avx2Blocks {
    static Bits classify(Block block, Masks& masks) {
        const Block folded = {_mm256_or_si256(block.low, _mm256_set1_epi8(0x20)),
                              _mm256_or_si256(block.high, _mm256_set1_epi8(0x20))};
        const Bits letters = between(folded, 'a', 'z');
        const Bits raised = bits_of(shifted(block, 2));  // 0x20, the bit of case, as the sign
        masks.lower = letters & raised;
        masks.upper = letters & ~raised;
        masks.number = between(block, '0', '9');
        masks.blank = equal(block, ' ');
        masks.space = between(block, '\t', '\r') | masks.blank;
        masks.newline = equal(block, '\n') | equal(block, '\r');
        masks.apostrophe = equal(block, '\'');
        masks.slash = equal(block, '/');
        masks.caseless = masks.mark = 0;
        masks.lead = ~Bits{0};
        return bits_of(block);
    }

    template <bool kOnlyIdeographs>
    static Bits add_wide(Block block, Masks& masks, Bits wide) {
        return add_ideographs<Avx2>(block, masks, wide);
    }

    static Bits blanks(Block block) { return equal(block, ' '); }

private:
    static Block shifted(Block block, int count) {
        return {_mm256_slli_epi16(block.low, count), _mm256_slli_epi16(block.high, count)};
    }
};

}  // namespace

SplitFunction avx2_split(std::size_t row) { return find_split<Avx2>(row); }

}  // namespace tokenry::split
#endif
