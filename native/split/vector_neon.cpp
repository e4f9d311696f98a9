// The splitters on NEON, which every 64-bit ARM processor has. See window.hpp.
#include "base/compiler.hpp"
#if defined(TOKENRY_ARM)
#include "split/blocks_neon.hpp"
#include "split/families.hpp"
#include "split/ideographs.hpp"

namespace tokenry::split {
namespace {

struct Neon : NeonBlocks {
    static Bits classify(const Block& block, Masks& masks) {
        const Bits letters = bits_where(block, [](uint8x16_t bytes) {
            return within(vorrq_u8(bytes, all(0x20)), 'a', 'z');
        });
        // 0x20, the bit of case, as the sign.
        const Bits raised = bits_where(block, [](uint8x16_t bytes) { return vshlq_n_u8(bytes, 2); });
        masks.lower = letters & raised;
        masks.upper = letters & ~raised;
        masks.number = between(block, '0', '9');
        masks.blank = equal(block, ' ');
        masks.space = between(block, '\t', '\r') | masks.blank;
        masks.newline = bits_where(block, [](uint8x16_t bytes) {
            return vorrq_u8(vceqq_u8(bytes, all('\n')), vceqq_u8(bytes, all('\r')));
        });
        masks.apostrophe = equal(block, '\'');
        masks.slash = equal(block, '/');
        masks.caseless = masks.mark = 0;
        masks.lead = ~Bits{0};
        return wide(block);
    }

    template <bool kOnlyIdeographs>
    static Bits add_wide(const Block& block, Masks& masks, Bits wide) {
        return add_ideographs<Neon>(block, masks, wide);
    }

    static Bits blanks(const Block& block) { return equal(block, ' '); }
};

}  // namespace

SplitFunction neon_split(std::size_t row) { return find_split<Neon>(row); }

}  // namespace tokenry::split
#endif
