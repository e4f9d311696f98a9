// The splitters on vectors of sixteen bytes, for processors without a path of their own. See window.hpp.
#include <cstring>

#include "base/vector16.hpp"
#include "split/families.hpp"
#include "split/ideographs.hpp"

namespace tokenry::split {
namespace {

struct Portable {
    using Vector = base::Vector16;
    static constexpr unsigned kVectors = kWindow / sizeof(Vector);
    struct Block {
        Vector vectors[kVectors];
    };

    static Block load(Pointer text, unsigned size) {
        if (size == kWindow) return load_window(text);
        std::uint8_t copy[kWindow] = {};
        std::memcpy(copy, text, size);
        return load_window(copy);
    }

    static Bits classify(const Block& block, Masks& masks) {
        const Bits letters = bits_where(block, [](Vector bytes) {
            return (bytes | Vector::all(0x20)).within('a', 'z');
        });
        const Bits raised = bits_where(block, [](Vector bytes) {
            return (bytes & Vector::all(0x20)) == Vector::all(0x20);
        });
        masks.lower = letters & raised;
        masks.upper = letters & ~raised;
        masks.number = between(block, '0', '9');
        masks.blank = blanks(block);
        masks.space = between(block, '\t', '\r') | masks.blank;
        masks.newline = equal(block, '\n') | equal(block, '\r');
        masks.apostrophe = equal(block, '\'');
        masks.slash = equal(block, '/');
        masks.caseless = masks.mark = 0;
        masks.lead = ~Bits{0};
        return bits_where(block, [](Vector bytes) { return bytes; });
    }

    template <bool kOnlyIdeographs>
    static Bits add_wide(const Block& block, Masks& masks, Bits wide) {
        return add_ideographs<Portable>(block, masks, wide);
    }

    static void flatten(Bits cuts, std::uint32_t base, std::uint32_t* ends, std::size_t room) {
        write_in_fours(cuts, base, ends, room);
    }

    static Bits blanks(const Block& block) { return equal(block, ' '); }

    static Bits between(const Block& block, int first, int last) {
        return bits_where(block, [=](Vector bytes) {
            return bytes.within(static_cast<std::uint8_t>(first), static_cast<std::uint8_t>(last));
        });
    }

private:
    static Block load_window(Pointer text) {
        Block block;
        for (unsigned i = 0; i < kVectors; ++i)
            block.vectors[i] = Vector::load(text + i * sizeof(Vector));
        return block;
    }
    static Bits equal(const Block& block, char byte) {
        return bits_where(block, [=](Vector bytes) {
            return bytes == Vector::all(static_cast<std::uint8_t>(byte));
        });
    }
    // The signs of what `test` makes of the bytes.
    template <class Test>
    static Bits bits_where(const Block& block, Test test) {
        Bits bits = 0;
        for (unsigned i = 0; i < kVectors; ++i) bits |= Bits{test(block.vectors[i]).bits()} << (16 * i);
        return bits;
    }
};

}  // namespace

SplitFunction portable_split(std::size_t row) { return find_split<Portable>(row); }

}  // namespace tokenry::split
