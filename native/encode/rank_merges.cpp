#include "encode/rank_merges.hpp"

#include <algorithm>
#include <bit>
#include <numeric>
#include <string>

#include "base/errors.hpp"
#include "base/utf8.hpp"
#include "encode/bpe_heap.hpp"
#include "encode/piece_index.hpp"

namespace tokenry {
namespace {

// Pairs found so far: open addressing from a pair to the index of its merge.
class GrowingPairs {
public:
    explicit GrowingPairs(std::size_t expected)
        : slots_(std::bit_ceil(expected * 2 + 16)), shift_(64 - std::countr_zero(slots_.size())) {}

    void add(Id left, Id right, std::uint32_t rank, Id merged) {
        Slot& slot = slots_[find(left, right)];
        slot = {pair_of(left, right), rank, merged};
    }
    std::uint32_t order(Id left, Id right) const { return slots_[find(left, right)].rank; }
    Id merged(std::uint32_t, Id left, Id right) const {
        return slots_[find(left, right)].merged;
    }

private:
    struct Slot {
        std::uint64_t pair = ~0ull;
        std::uint32_t rank = no_merge;
        Id merged = no_id;
    };
    static std::uint64_t pair_of(Id left, Id right) {
        return (static_cast<std::uint64_t>(left) << 32) | right;
    }
    std::size_t find(Id left, Id right) const {
        const std::uint64_t pair = pair_of(left, right);
        auto at = static_cast<std::size_t>((pair * 0x9e3779b97f4a7c15ull) >> shift_);
        while (slots_[at].pair != pair && slots_[at].pair != ~0ull) at = (at + 1) & (slots_.size() - 1);
        return at;
    }
    std::vector<Slot> slots_;
    int shift_;
};

class Finder {
public:
    Finder(const PieceTable& table, std::span<const std::uint32_t> ranks, bool characters)
        : table_(table), ranks_(ranks), characters_(characters), index_(table, table.size()),
          pairs_(table.size()) {
        for (const Id id : sorted([&](Id a, Id b) { return ranks[a] < ranks[b]; })) index_.add(id);
    }

    RankedMerges find() {
        std::vector<Merge> found;
        for (const Id id : sorted([&](Id a, Id b) { return table_.width(a) < table_.width(b); }))
            if (is_first(id) && start(id) && reduce() == 2) {
                found.push_back({symbols_[0], symbols_[1], id});
                pairs_.add(symbols_[0], symbols_[1], ranks_[id], id);
            }
        std::sort(found.begin(), found.end(), [&](const Merge& a, const Merge& b) {
            return std::pair(ranks_[a.merged], a.merged) < std::pair(ranks_[b.merged], b.merged);
        });
        RankedMerges result{.merges = std::move(found), .ranks = {}};
        for (const Merge& merge : result.merges) result.ranks.push_back(ranks_[merge.merged]);
        return result;
    }

private:
    template <typename Less>
    std::vector<Id> sorted(Less less) const {
        std::vector<Id> ids(table_.size());
        std::iota(ids.begin(), ids.end(), 0u);
        std::stable_sort(ids.begin(), ids.end(), less);
        return ids;
    }

    bool is_first(Id id) const {
        return table_.width(id) > 1 && index_.find(table_.data(id), table_.width(id)) == id;
    }

    // The first symbols of a piece; false where one has no piece or the piece is a single one.
    bool start(Id id) {
        symbols_.clear();
        const std::uint8_t* bytes = table_.data(id);
        for (std::size_t at = 0, size = table_.width(id); at < size;) {
            const std::size_t step = characters_ ? character_size(bytes + at, size - at) : 1;
            symbols_.push_back(index_.find(bytes + at, step));
            if (symbols_.back() == no_id) return false;
            at += step;
        }
        return symbols_.size() > 1;
    }

    // Merges the symbols with the pairs known, which are all that make a shorter piece.
    std::size_t reduce() {
        if (symbols_.size() > 64) return merge_by_heap();
        while (symbols_.size() > 2) {
            std::size_t at = 0;
            std::uint32_t lowest = no_merge;
            for (std::size_t i = 0; i + 1 < symbols_.size(); ++i)
                if (const auto rank = pairs_.order(symbols_[i], symbols_[i + 1]); rank < lowest) {
                    lowest = rank;
                    at = i;
                }
            if (lowest == no_merge) break;
            symbols_[at] = pairs_.merged(lowest, symbols_[at], symbols_[at + 1]);
            symbols_.erase(symbols_.begin() + static_cast<std::ptrdiff_t>(at) + 1);
        }
        return symbols_.size();
    }

    std::size_t merge_by_heap() {
        HeapMerge merge(pairs_, symbols_.data(), symbols_.size(), scratch_);
        merge.run();
        return merge.write(symbols_.data());
    }

    MergeScratch scratch_;
    const PieceTable& table_;
    std::span<const std::uint32_t> ranks_;
    bool characters_;
    PieceIndex index_;
    GrowingPairs pairs_;
    std::vector<Id> symbols_;
};

}  // namespace

RankedMerges merges_from_ranks(const PieceTable& table, std::span<const std::uint32_t> ranks,
                               bool characters) {
    if (ranks.size() != table.size())
        throw VocabularyError(std::to_string(table.size()) + " pieces need as many ranks, not " +
                                    std::to_string(ranks.size()));
    return Finder(table, ranks, characters).find();
}

}  // namespace tokenry
