// Characters that may be taken as one symbol, and boundaries that merging never crosses.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/buffer.hpp"
#include "encode/pair_table.hpp"
#include "encode/piece_table.hpp"

namespace tokenry::encode {

// In byte-level BPE a character of several bytes is put together by merges of its own. Some pieces
// tear characters: they hold only a part of one and something beside it ("x" and the first two
// bytes of a Han character). Which neighbours allow that is known beforehand, so two sets of pairs
// of characters are kept:
//
// *adjacent*: a piece exists whose bytes could cross the boundary between the two. Where a pair is
// not in the set no merge can ever join what stands left and right, and the text may be cut. For
// characters that are no pieces the set holds only pieces with both of them whole; the few pieces
// that hold parts are looked up by those parts.
//
// *torn*: a merge exists that crosses the boundary, holds only a part of one of the two, and has an
// order not above R, the highest order among the merges that make up that character. Where
// a character has no torn pair at either side, and all merges that hold it whole with something
// beside it come later than R, it may be taken as one symbol, an *atom*: until it is one, a merge
// of its own is possible and goes first, and these commute with all others before them.
class Atoms {
public:
    Atoms() = default;
    Atoms(const PieceTable& table, const PairTable& pairs, const std::int64_t* byte_ids);

    // Appends the ends of the parts of a pretoken, between which merging is certain to cross no
    // boundary; nothing where such boundaries are rare or there is none.
    void cut(const std::uint8_t* text, std::size_t size, Buffer<std::uint32_t>& ends) const;

    // First symbols of a pretoken: atoms, and bytes where there is none. At most `size`.
    std::size_t symbols(const std::uint8_t* text, std::size_t size, Id* out) const;

    bool any() const { return any_; }

private:
    // A set of pairs of code points; it may claim pairs that nobody added, which costs speed only.
    class PairSet {
    public:
        PairSet() = default;
        explicit PairSet(int bits) : words_((std::size_t{1} << bits) / 64), shift_(32 - bits) {}
        void add(std::uint32_t left, std::uint32_t right) {
            const std::uint32_t slot = slot_of(left, right);
            words_[slot >> 6] |= 1ull << (slot & 63);
        }
        bool has(std::uint32_t left, std::uint32_t right) const {
            const std::uint32_t slot = slot_of(left, right);
            return words_[slot >> 6] >> (slot & 63) & 1;
        }

    private:
        std::uint32_t slot_of(std::uint32_t left, std::uint32_t right) const {
            return ((left << 16 | right) * 0x9e3779b1u) >> shift_;
        }
        std::vector<std::uint64_t> words_;
        int shift_ = 0;
    };

    class Builder;
    bool certain(std::uint32_t left, std::uint32_t right) const;
    bool parts_cross(std::uint32_t left, std::uint32_t right) const;
    bool known(std::uint32_t code) const { return left_[code] & kKnown; }

    std::vector<Id> ids_;               // by code point below 2^16: what it becomes alone
    PairSet adjacent_, torn_;
    PairSet parts_;  // hashes of what stands left and right of a boundary inside a torn piece
    // By code point, what a character may be left of a boundary inside a torn piece, and right of
    // one. Both sides of a boundary have a bit in common, or it is none.
    enum Boundary : std::uint8_t { kWholeBeforeHead = 1, kTailBeforeWhole = 2, kTailBeforeHead = 4, kKnown = 8 };
    std::vector<std::uint8_t> left_, right_;
    Id bytes_[256] = {};
    bool any_ = false;
};

}  // namespace tokenry::encode
