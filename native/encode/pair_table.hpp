// Which two ids merge, in which order, into what.
#pragma once
#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "base/compiler.hpp"
#include "base/pages.hpp"
#include "encode/segmenter.hpp"

namespace tokenry::encode {

struct Merge {
    Id left, right, merged;
};

inline constexpr std::uint32_t no_merge = 0xffffffffu;

// The table as vector code reads it: open addressing by (pair * multiplier) >> shift, then slot by
// slot. A slot holds left (21 bits), right (21) and the index of the merge (22): one load decides.
//
// Most pairs do not merge. A filter that the L2 cache holds tells nearly all of those without a
// look at the slots: where pair * multiplier is x, word x >> filter_shift of it has bits x >> 43 and
// x >> 38 (modulo 32) set for a pair that merges.
struct PairSlots {
    static constexpr int left_shift = 43;
    static constexpr int right_shift = 22;
    static constexpr std::uint64_t index_mask = (1ull << 22) - 1;
    static constexpr std::uint64_t multiplier = 0x9e3779b97f4a7c15ull;
    static constexpr std::uint32_t grid_side = 256;
    static constexpr int first_bit = 43;
    static constexpr int second_bit = 38;

    const std::uint64_t* slots;
    std::size_t mask;
    int shift;
    const Id* merged;  // null where index i becomes first_merged + i
    Id first_merged;
    const std::uint32_t* filter;
    int filter_shift;
    // Cell left * grid_side + right: the index of merging two ids below grid_side, or no_merge.
    const std::uint32_t* grid;
};

// The order of a merge counts distinct ranks from 0, so comparing orders compares ranks.
class PairTable {
public:
    // `ranks` belong to `merges`, of which at most 2^22 - 1 and with ids below 2^21. A pair that
    // is listed twice keeps its lowest rank.
    PairTable(std::span<const Merge> merges, std::span<const std::uint32_t> ranks);
    // For merges that are found one by one: what each would make, and the order of each, ascending.
    PairTable(std::vector<Id> merged, std::vector<std::uint32_t> orders);
    PairTable() : PairTable(std::vector<Id>{}, {}) {}

    // Lets left and right make the index-th of `merged`; each index and each pair at most once.
    void add(Id left, Id right, std::uint32_t index);
    // The merges that were added, by index.
    std::vector<Merge> merges() const;

    static constexpr std::size_t most = (std::size_t{1} << 22) - 1;

    // The order of merging left with right, or no_merge.
    std::uint32_t order(Id left, Id right) const {
        return order_of(find(left, right));
    }
    // The same for symbols that no merge has made: most are bytes, whose pairs lie close together.
    std::uint32_t first_order(Id left, Id right) const {
        if (std::max(left, right) >= PairSlots::grid_side) return order(left, right);
        return order_of(grid_[left * PairSlots::grid_side + right]);
    }
    void prefetch_first(Id left, Id right) const {
        if (std::max(left, right) >= PairSlots::grid_side) return prefetch(left, right);
        base::prefetch(&grid_[left * PairSlots::grid_side + right]);
    }
    // What a pair of that order becomes. Where ids follow the ranks, as in most vocabularies, no
    // memory is read for it.
    Id merged(std::uint32_t order, Id left, Id right) const {
        if (in_order_) return first_merged_ + order;
        return merged_[ties_ ? find(left, right) : order];
    }
    void prefetch(Id left, Id right) const {
        base::prefetch(&slots_[slot_of(pair_bits(left, right))]);
    }
    // Whether any pair holds one of the ids that are set.
    bool uses(const std::vector<bool>& ids) const {
        for (const std::uint64_t slot : slots_)
            if (slot != empty && (ids[slot >> 43] || ids[slot >> 22 & ((1u << 21) - 1)])) return true;
        return false;
    }
    // Where no two ranks are equal, so that an order is the index of its merge; else no slots.
    PairSlots slots() const {
        return {ties_ ? nullptr : slots_.data(), mask_, shift_, in_order_ ? nullptr : merged_.data(),
                first_merged_, filter_.data(), filter_shift_, grid_.data()};
    }
    std::size_t size() const { return merged_.size(); }
    // The i-th merge by rank.
    Id merged_at(std::size_t i) const { return merged_[i]; }
    std::uint32_t order_at(std::size_t i) const {
        return ties_ ? orders_[i] : static_cast<std::uint32_t>(i);
    }

private:
    static std::uint64_t pair_bits(Id left, Id right) {
        return (static_cast<std::uint64_t>(left) << PairSlots::left_shift) |
               (static_cast<std::uint64_t>(right) << PairSlots::right_shift);
    }
    static constexpr std::uint64_t index_mask = PairSlots::index_mask;
    static constexpr std::uint64_t empty = ~0ull;

    std::size_t slot_of(std::uint64_t pair) const {
        return static_cast<std::size_t>((pair * PairSlots::multiplier) >> shift_);
    }
    std::uint32_t order_of(std::uint32_t index) const {
        return ties_ && index != no_merge ? orders_[index] : index;
    }
    // Two slots at a time: a search that ends at the first or the second, with the pair or without,
    // takes the same branches. One slot at a time, random letters merged at 24 MB/s instead of 30.
    std::uint32_t find(Id left, Id right) const {
        const std::uint64_t pair = pair_bits(left, right);
        for (std::size_t slot = slot_of(pair);; slot = (slot + 2) & mask_) {
            const std::uint64_t first = slots_[slot];
            const std::uint64_t second = slots_[slot + 1];
            const bool in_first = (first ^ pair) < index_mask;
            const bool in_second = (second ^ pair) < index_mask;
            const std::uint64_t found = in_first ? first : second;
            const auto index = static_cast<std::uint32_t>(found & index_mask);
            if (in_first | in_second | (first == empty) | (second == empty)) [[likely]]
                return (in_first | in_second) ? index : no_merge;
        }
    }
    void resize(std::size_t merges);
    void set_orders(std::vector<std::uint32_t> orders);

    std::vector<std::uint64_t, base::PageAllocator<std::uint64_t>>
        slots_;  // and once more the first
    std::size_t mask_;
    int shift_;
    std::vector<std::uint32_t> filter_;
    int filter_shift_;
    std::vector<std::uint32_t> grid_;
    std::vector<Id> merged_;             // by index; indices ascend with the rank
    std::vector<std::uint32_t> orders_;  // by index, where ranks tie
    bool ties_ = false;
    bool in_order_ = false;  // merged_[i] == first_merged_ + i
    Id first_merged_ = 0;
};

}  // namespace tokenry::encode
