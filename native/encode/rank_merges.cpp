#include "encode/rank_merges.hpp"

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include "base/errors.hpp"
#include "base/utf8.hpp"
#include "encode/bpe_merge.hpp"
#include "encode/bpe_word.hpp"

namespace tokenry::encode {
namespace {

std::vector<Id> ids_by_rank(std::span<const std::uint32_t> ranks) {
    std::vector<Id> ids(ranks.size());
    std::iota(ids.begin(), ids.end(), 0u);
    if (!std::is_sorted(ranks.begin(), ranks.end()))
        std::stable_sort(ids.begin(), ids.end(), [&](Id a, Id b) { return ranks[a] < ranks[b]; });
    return ids;
}

// Ids in the order of their widths; those of up to 255 bytes, which is all of most vocabularies,
// by counting.
std::vector<Id> ids_by_width(const PieceTable& table) {
    constexpr std::uint32_t most = 256;
    const auto bucket = [&](Id id) { return std::min(table.width(id), most); };
    std::size_t starts[most + 2] = {};
    for (Id id = 0; id < table.size(); ++id) ++starts[bucket(id) + 1];
    for (std::size_t i = 1; i < std::size(starts); ++i) starts[i] += starts[i - 1];
    const auto first_wide = static_cast<std::ptrdiff_t>(starts[most]);
    std::vector<Id> ids(table.size());
    for (Id id = 0; id < table.size(); ++id) ids[starts[bucket(id)]++] = id;
    std::stable_sort(ids.begin() + first_wide, ids.end(),
                     [&](Id a, Id b) { return table.width(a) < table.width(b); });
    return ids;
}

// The order of each merge by its place among all ranks.
std::vector<std::uint32_t> orders_of(std::span<const Id> ids, std::span<const std::uint32_t> ranks) {
    std::vector<std::uint32_t> orders(ids.size());
    for (std::size_t i = 1; i < ids.size(); ++i)
        orders[i] = orders[i - 1] + (ranks[ids[i]] != ranks[ids[i - 1]]);
    return orders;
}

// Merges each piece from its first symbols with the pairs that make shorter pieces, shortest pieces
// first; where two symbols are left, they are the pair that makes it. Pieces of one width cannot
// hold one another, so several are merged in turn and wait for memory together.
class Finder {
public:
    Finder(const PieceTable& table, std::span<const std::uint32_t> ranks, bool characters)
        : table_(table), characters_(characters), index_(table, table.size()),
          by_rank_(ids_by_rank(ranks)), place_(table.size(), no_merge) {
        std::size_t named = 0;
        for (std::size_t i = 0; i < by_rank_.size(); ++i) {
            const Id id = by_rank_[i];
            named += ranks[id] != no_merge;
            if (!index_.add(id)) continue;
            if (ranks[id] != no_merge)
                place_[id] = static_cast<std::uint32_t>(i);
            else
                complete_ &= table.width(id) == 1;
        }
        by_rank_.resize(named);
        pairs_ = PairTable(by_rank_, orders_of(by_rank_, ranks));
        for (unsigned value = 0; value < 256 && !characters; ++value) {
            const auto byte = static_cast<std::uint8_t>(value);
            byte_ids_[value] = index_.find(&byte, 1);
        }
        if (!characters) byte_orders_.resize(65536, no_merge);
    }

    RankedMerges find() {
        const std::vector<Id> ids = ids_by_width(table_);
        for (auto first = ids.begin(); first != ids.end();) {
            const std::uint32_t width = table_.width(*first);
            const auto last = std::find_if(first, ids.end(),
                                           [&](Id id) { return table_.width(id) != width; });
            if (width > 1) merge_all({first, last}, width);
            first = last;
        }
        return {std::move(index_), std::move(pairs_), complete_};
    }

private:
    void merge_all(std::span<const Id> ids, std::uint32_t width) {
        if (width <= 16)
            merge_in_lanes<16>(ids);
        else if (width <= 64)
            merge_in_lanes<64>(ids);
        else
            for (const Id id : ids) merge_long(id);
    }

    // The first symbols of a piece; 0 where there is no pair to find.
    std::size_t start(Id id, Id* symbols) {
        if (place_[id] == no_merge) return 0;
        const std::uint8_t* const bytes = table_.data(id);
        const std::size_t size = table_.width(id);
        const std::size_t count = characters_ ? start_characters(bytes, size, symbols) : size;
        bool all = true;
        for (std::size_t i = 0; i < count; ++i) {
            if (!characters_) symbols[i] = byte_ids_[bytes[i]];
            all &= symbols[i] != no_id;
        }
        complete_ &= all;
        return all && count > 1 ? count : 0;
    }
    std::size_t start_characters(const std::uint8_t* bytes, std::size_t size, Id* symbols) const {
        std::size_t count = 0;
        for (std::size_t at = 0; at < size;) {
            const std::size_t step = base::character_size(bytes + at, size - at);
            symbols[count++] = index_.find(bytes + at, step);
            at += step;
        }
        return count;
    }

    // The pairs of single bytes stand in a small table as soon as all pieces of two bytes are done.
    template <unsigned Capacity>
    bool start(BpeWord<Capacity>& word, Id id) {
        const auto count = static_cast<unsigned>(start(id, word.ids));
        if (count == 0) return false;
        if (characters_) {
            word.start_later(pairs_, count);
            return true;
        }
        const std::uint8_t* const bytes = table_.data(id);
        const std::uint32_t* const orders = byte_orders_.data();
        for (unsigned i = 0; i + 1 < count; ++i)
            word.set_order(i, orders[bytes[i] | bytes[i + 1] << 8]);
        word.start(count);
        return true;
    }

    void finish(Id id, const Id* symbols, std::size_t count) {
        if (count != 2) {
            complete_ = false;
            return;
        }
        pairs_.add(symbols[0], symbols[1], place_[id]);
        const std::uint8_t* bytes = table_.data(id);
        if (!characters_ && table_.width(id) == 2)
            byte_orders_[bytes[0] | bytes[1] << 8] = pairs_.order(symbols[0], symbols[1]);
    }

    template <unsigned Capacity>
    void merge_in_lanes(std::span<const Id> ids) {
        constexpr std::size_t lanes = 12;  // enough to hide the latency of the L3 cache
        BpeWord<Capacity> words[lanes];
        Id pieces[lanes];
        std::size_t next = 0;
        const auto take = [&](std::size_t lane) {
            while (next < ids.size()) {
                pieces[lane] = ids[next++];
                if (start(words[lane], pieces[lane])) return true;
            }
            return false;
        };
        std::size_t active = 0;
        while (active < lanes && take(active)) ++active;
        while (active > 0)
            for (std::size_t lane = 0; lane < active; ++lane) {
                if (words[lane].step(pairs_)) continue;
                Id symbols[Capacity];
                finish(pieces[lane], symbols, words[lane].write(symbols));
                if (take(lane)) continue;
                --active;
                words[lane] = words[active];
                pieces[lane--] = pieces[active];
            }
    }

    void merge_long(Id id) {
        symbols_.resize(table_.width(id));
        const std::size_t count = start(id, symbols_.data());
        if (count == 0) return;
        finish(id, symbols_.data(), merge(pairs_, symbols_.data(), count, scratch_));
    }

    const PieceTable& table_;
    bool characters_;
    PieceIndex index_;
    Id byte_ids_[256];
    std::vector<std::uint32_t> byte_orders_;  // by two bytes
    std::vector<Id> by_rank_;           // those that have a rank
    std::vector<std::uint32_t> place_;  // by id: where it stands there; no_merge where it cannot be
    PairTable pairs_;
    bool complete_ = true;
    std::vector<Id> symbols_;
    MergeScratch scratch_;
};

}  // namespace

RankedMerges merges_from_ranks(const PieceTable& table, std::span<const std::uint32_t> ranks,
                               bool characters) {
    if (ranks.size() != table.size())
        throw base::VocabularyError(std::to_string(table.size()) +
                                    " pieces need as many ranks, not " +
                                    std::to_string(ranks.size()));
    return Finder(table, ranks, characters).find();
}

}  // namespace tokenry::encode
