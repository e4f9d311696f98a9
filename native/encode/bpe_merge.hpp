// Byte-pair merging of one sequence of symbols: the lowest rank first, the leftmost of equals.
//
// Sennrich, Haddow, Birch 2016 (arXiv 1508.07909).
#pragma once
#include <cstddef>
#include <vector>

#include "encode/bpe_repeats.hpp"
#include "encode/pair_table.hpp"

namespace tokenry::encode {

struct MergeScratch {
    struct Node {
        Id id;
        std::uint32_t order;  // of merging with the next one
        std::uint32_t previous, next;
    };
    std::vector<Node> nodes;
    std::vector<std::uint64_t> heap;
    std::vector<Placed> kept;
    std::vector<Id> shortened, expanded;  // around stretches that repeat
};

// Merges `ids[0, count)` in place and returns how many are left. Long stretches that repeat at most
// 32 symbols cost little more than their copy. Otherwise the time is in proportion to the
// count except where windows of thousands of symbols do not fit together; then it is O(n log n).
std::size_t merge(const PairTable& pairs, Id* ids, std::size_t count, MergeScratch& scratch);

}  // namespace tokenry::encode
