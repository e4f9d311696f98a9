#include "encode/pair_table.hpp"

#include <algorithm>
#include <bit>
#include <numeric>
#include <string>

#include "base/errors.hpp"

namespace tokenry {
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
    if (merges.size() > most)
        throw VocabularyError(std::to_string(merges.size()) + " merges are too many; at most " +
                                    std::to_string(most) + " are possible");
    slots_.assign(std::bit_ceil(merges.size() * 2 + 16), empty);
    mask_ = slots_.size() - 1;
    shift_ = 64 - std::countr_zero(slots_.size());
    merged_.reserve(merges.size());
    orders_.reserve(merges.size());
    std::uint32_t order = 0;
    std::uint32_t last_rank = 0;
    for (const std::uint32_t i : by_rank(ranks)) {
        const Merge& merge = merges[i];
        if (find(merge.left, merge.right) != no_merge) continue;
        const auto index = static_cast<std::uint32_t>(merged_.size());
        if (index > 0 && ranks[i] == last_rank)
            ties_ = true;
        else if (index > 0)
            ++order;
        last_rank = ranks[i];
        add(merge.left, merge.right, index);
        merged_.push_back(merge.merged);
        orders_.push_back(order);
    }
    if (ties_) return;
    orders_ = {};
    first_merged_ = merged_.empty() ? 0 : merged_.front();
    in_order_ = true;
    for (std::size_t i = 0; i < merged_.size(); ++i) in_order_ &= merged_[i] == first_merged_ + i;
}

void PairTable::add(Id left, Id right, std::uint32_t index) {
    std::size_t slot = slot_of(pair_bits(left, right));
    while (slots_[slot] != empty) slot = (slot + 1) & mask_;
    slots_[slot] = pair_bits(left, right) | index;
}

}  // namespace tokenry
