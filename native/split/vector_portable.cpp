// The splitters on the vector extensions of GCC and Clang, for processors without a path of their
// own: 16 bytes at a time are a NEON register on ARM and an SSE2 register on x86. See window.hpp.
#include <bit>
#include <cstring>

#include "split/families.hpp"
#include "split/ideographs.hpp"

namespace tokenry::split {
namespace {

static_assert(std::endian::native == std::endian::little, "sign_bits numbers bytes from the lowest");

struct Portable {
    using Lane __attribute__((vector_size(16))) = std::uint8_t;
    using Found = decltype(Lane{} < 'a');
    static constexpr unsigned kLanes = kWindow / sizeof(Lane);
    struct Block {
        Lane lanes[kLanes];
    };

    static Block load(Pointer text, unsigned size) {
        Block block = {};
        if (size == kWindow) {  // a size that is known becomes four loads
            std::memcpy(&block, text, kWindow);
        } else {
            std::memcpy(&block, text, size);
        }
        return block;
    }

    static Bits classify(Block block, Masks& masks) {
        const Bits letters = bits_where(block, [](Lane bytes) {
            return within(bytes | 0x20, 'a', 'z');
        });
        const Bits raised = bits_where(block, [](Lane bytes) { return (bytes & 0x20) != 0; });
        masks.lower = letters & raised;
        masks.upper = letters & ~raised;
        masks.number = between(block, '0', '9');
        masks.blank = blanks(block);
        masks.space = between(block, '\t', '\r') | masks.blank;
        masks.newline = bits_where(block, [](Lane bytes) {
            return (bytes == '\n') | (bytes == '\r');
        });
        masks.apostrophe = between(block, '\'', '\'');
        masks.slash = between(block, '/', '/');
        masks.caseless = masks.mark = 0;
        masks.lead = ~Bits{0};
        return bits_where(block, [](Lane bytes) { return bytes >= 0x80; });
    }

    template <bool kOnlyIdeographs>
    static Bits add_wide(Block block, Masks& masks, Bits wide) {
        return add_ideographs<Portable>(block, masks, wide);
    }

    static void flatten(Bits cuts, std::uint32_t base, std::uint32_t* ends, std::size_t) {
        write_each(cuts, base, ends);
    }

    static Bits blanks(Block block) {
        return bits_where(block, [](Lane bytes) { return bytes == ' '; });
    }

    static Bits between(Block block, char first, char last) {
        return bits_where(block, [=](Lane bytes) {
            return within(bytes, static_cast<std::uint8_t>(first), static_cast<std::uint8_t>(last));
        });
    }

private:
    // All ones in a byte where it holds, else zeros; unsigned, so that less than `first` wraps.
    static Found within(Lane bytes, std::uint8_t first, std::uint8_t last) {
        return bytes - first <= Lane{} + static_cast<std::uint8_t>(last - first);
    }

    template <class Test>
    static Bits bits_where(const Block& block, Test test) {
        Bits bits = 0;
        for (unsigned i = 0; i < kLanes; ++i) {
            const Found found = test(block.lanes[i]);
            std::uint64_t halves[2];
            static_assert(sizeof found == sizeof halves);
            std::memcpy(halves, &found, sizeof halves);
            bits |= (sign_bits(halves[0]) | sign_bits(halves[1]) << 8) << (16 * i);
        }
        return bits;
    }

    // One bit of each of eight bytes: the factor moves that of byte i to bit 56 + i. Neither set of
    // instructions has this in one that the other has, and a multiplication is on every processor.
    static constexpr Bits sign_bits(std::uint64_t bytes) {
        return (bytes & 0x0101010101010101u) * 0x0102040810204080u >> 56;
    }
};

}  // namespace

SplitFunction portable_split(std::size_t row) { return find_split<Portable>(row); }

}  // namespace tokenry::split
