// The merges of a vocabulary that gives only a rank for each piece (tiktoken, SentencePiece).
#pragma once
#include <span>

#include "encode/pair_table.hpp"
#include "encode/piece_index.hpp"
#include "encode/piece_table.hpp"

namespace tokenry::encode {

struct RankedMerges {
    PieceIndex index;  // all pieces; of equal ones that of the lowest rank
    PairTable pairs;
    bool complete;  // merging makes every piece that is not one symbol
};

// The rule is: two neighbours whose concatenation is a piece may merge, at its rank. Of the many
// ways to cut a piece in two at most one can ever happen: while merging goes on inside the piece,
// what stands around it has no influence until the piece itself forms, so the two parts are the
// last state of merging its bytes alone. Only that pair is found, and nothing for a piece that
// merging never reaches or whose rank is `no_merge`. `characters`: merging starts from characters
// instead of bytes. Of pieces with equal bytes the one of the lowest rank counts; empty pieces do
// not. The table must outlive the index.
RankedMerges merges_from_ranks(const PieceTable& table, std::span<const std::uint32_t> ranks,
                               bool characters);

}  // namespace tokenry::encode
