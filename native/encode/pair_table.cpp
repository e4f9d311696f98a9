#include "encode/pair_table.hpp"

#include <algorithm>
#include <bit>
#include <numeric>
#include <string>

#include "base/errors.hpp"

namespace tokenry::encode {
namespace {

std::vector<std::uint32_t> by_rank(std::span<const std::uint32_t> ranks) {
    std::vector<std::uint32_t> sorted(ranks.size());
    std::iota(sorted.begin(), sorted.end(), 0u);
    if (!std::is_sorted(ranks.begin(), ranks.end()))
        std::stable_sort(sorted.begin(), sorted.end(),
                         [&](std::uint32_t a, std::uint32_t b) { return ranks[a] < ranks[b]; });
    return sorted;
}

}  // namespace

PairTable::PairTable(std::span<const Merge> merges, std::span<const std::uint32_t> ranks) {
    resize(merges.size());
    merged_.reserve(merges.size());
    std::vector<std::uint32_t> orders;
    orders.reserve(merges.size());
    std::uint32_t order = 0;
    std::uint32_t last_rank = 0;
    for (const std::uint32_t i : by_rank(ranks)) {
        const Merge& merge = merges[i];
        if (find(merge.left, merge.right) != no_merge) continue;
        const auto index = static_cast<std::uint32_t>(merged_.size());
        if (index > 0) order += ranks[i] != last_rank;
        last_rank = ranks[i];
        add(merge.left, merge.right, index);
        merged_.push_back(merge.merged);
        orders.push_back(order);
    }
    set_orders(std::move(orders));
}

PairTable::PairTable(std::vector<Id> merged, std::vector<std::uint32_t> orders)
    : merged_(std::move(merged)) {
    resize(merged_.size());
    set_orders(std::move(orders));
}

void PairTable::resize(std::size_t merges) {
    if (merges > most)
        throw base::VocabularyError(std::to_string(merges) + " merges are too many; at most " +
                                    std::to_string(most) + " are possible");
    const std::size_t slots = std::bit_ceil(merges * 2 + 16);
    slots_.assign(slots + 1, empty);
    mask_ = slots - 1;
    shift_ = 64 - std::countr_zero(slots);
    filter_.assign(std::bit_ceil(merges * 8 + 64) / 32, 0);
    filter_shift_ = 64 - std::countr_zero(filter_.size());
    grid_.assign(std::size_t{PairSlots::grid_side} * PairSlots::grid_side, no_merge);
}

void PairTable::set_orders(std::vector<std::uint32_t> orders) {
    ties_ = !orders.empty() && orders.back() + 1 != orders.size();
    if (ties_) {
        orders_ = std::move(orders);
        return;
    }
    first_merged_ = merged_.empty() ? 0 : merged_.front();
    in_order_ = true;
    for (std::size_t i = 0; i < merged_.size(); ++i) in_order_ &= merged_[i] == first_merged_ + i;
}

std::vector<Merge> PairTable::merges() const {
    std::vector<Merge> all(merged_.size());
    for (const std::uint64_t slot : slots_)
        if (slot != empty)
            all[slot & index_mask] = {static_cast<Id>(slot >> 43),
                                      static_cast<Id>(slot >> 22 & ((1u << 21) - 1)),
                                      merged_[slot & index_mask]};
    // What no pair makes has kept two equal parts of id 0 and makes id 0: no merge does that.
    std::erase_if(all, [](const Merge& merge) { return merge.left == merge.merged; });
    return all;
}

void PairTable::add(Id left, Id right, std::uint32_t index) {
    std::size_t slot = slot_of(pair_bits(left, right));
    while (slots_[slot] != empty) slot = (slot + 1) & mask_;
    slots_[slot] = pair_bits(left, right) | index;
    slots_[mask_ + 1] = slots_[0];
    const std::uint64_t mixed = pair_bits(left, right) * PairSlots::multiplier;
    filter_[mixed >> filter_shift_] |= 1u << (mixed >> PairSlots::first_bit & 31) |
                                       1u << (mixed >> PairSlots::second_bit & 31);
    if (std::max(left, right) < PairSlots::grid_side) grid_[left * PairSlots::grid_side + right] = index;
}

}  // namespace tokenry::encode
