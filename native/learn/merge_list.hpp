// Merges learnt so far, replayed on new text.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "learn/pair_index.hpp"
#include "learn/pair_map.hpp"

namespace tokenry::learn {

class MergeList {
public:
    // merges: rows (left, right, made), the earlier first.
    MergeList(const std::uint32_t* merges, std::size_t count);

    // Applies the merges to `symbols` in place: always the earliest merge, leftmost first.
    void apply(std::vector<Id>& symbols) const;

private:
    std::uint32_t rank(Id left, Id right) const { return table_.find(PairMap::key(left, right)); }
    void apply_short(std::vector<Id>& symbols) const;
    void apply_long(std::vector<Id>& symbols) const;

    PairMap table_;
    std::vector<Id> made_;
};

}  // namespace tokenry::learn
