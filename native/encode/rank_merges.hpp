// The merges of a vocabulary that gives only a rank for each piece (tiktoken, SentencePiece).
#pragma once
#include <span>
#include <vector>

#include "encode/pair_table.hpp"
#include "encode/piece_table.hpp"

namespace tokenry {

struct RankedMerges {
    std::vector<Merge> merges;  // ascending by rank
    std::vector<std::uint32_t> ranks;
};

// The rule is: two neighbours whose concatenation is a piece may merge, at its rank. Of the many
// ways to cut a piece in two at most one can ever happen: while merging goes on inside the piece,
// what stands around it has no influence until the piece itself forms, so the two parts are the
// last state of merging its bytes alone. Only that pair is returned, and nothing for a piece that
// merging never reaches. `characters`: merging starts from characters instead of bytes.
// Of pieces with equal bytes the one of the lowest rank counts; empty pieces do not.
RankedMerges merges_from_ranks(const PieceTable& table, std::span<const std::uint32_t> ranks,
                               bool characters);

}  // namespace tokenry
