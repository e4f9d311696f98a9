// Byte-pair merging that goes on: from ids that the merges before a certain one have left.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "encode/bpe_merge.hpp"
#include "encode/bpe_word.hpp"
#include "encode/pair_table.hpp"

namespace tokenry::encode {

// Few neighbours of that beginning merge at once. Around those that do, the stretch that merging may
// change goes as far as its neighbours are *joinable*: some merge could ever cross the boundary between
// them, for it joins a piece that ends with the left one and a piece that begins with the right one.
class LaterMerges {
public:
    struct Scratch {
        MergeScratch merge;
        BpeWord<16> word;
    };

    // `order`: of the first merge that has not been done.
    LaterMerges(const PairTable& pairs, std::size_t pieces, std::uint32_t order);

    // Merges ids, counts[i] of them of the i-th pretoken, in place; counts become those that are left,
    // and so does the sum that is returned.
    std::size_t merge(std::span<Id> ids, std::span<std::uint32_t> counts, Scratch& scratch) const;

private:
    // Pairs of ids by hash; it may claim pairs that nobody added.
    class Pairs {
    public:
        void reserve(std::size_t count);
        void add(Id left, Id right) {
            const std::uint64_t slot = slot_of(left, right);
            bits_[slot / 64] |= std::uint64_t{1} << (slot % 64);
        }
        bool has(Id left, Id right) const {
            const std::uint64_t slot = slot_of(left, right);
            return bits_[slot / 64] >> (slot % 64) & 1;
        }

    private:
        std::uint64_t slot_of(Id left, Id right) const {
            return ((std::uint64_t{left} << 32 | right) * PairSlots::multiplier) >> shift_;
        }
        std::vector<std::uint64_t> bits_;
        int shift_ = 63;
    };
    class Ends;
    std::size_t merge_two(const Id* ids, Id* out) const;
    std::size_t merge_stretch(const Id* ids, std::size_t count, Id* out, Scratch& scratch) const;
    std::uint64_t merging(const Id* ids, std::size_t count) const;

    PairTable pairs_;  // of the later merges
    Pairs merging_, joinable_;
};

}  // namespace tokenry::encode
