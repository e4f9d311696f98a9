// Byte-pair encoding of long sequences by longest matches that fit together, in linear time.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/double_array.hpp"
#include "encode/pair_table.hpp"
#include "encode/piece_index.hpp"
#include "encode/piece_table.hpp"

namespace tokenry::encode {

// A sequence of ids is the result of merging exactly if every two neighbours are what merging them
// alone gives, and there is one such sequence (Antonov and van Antwerpen 2024, the crate `bpe`). So
// it can be found from left to right: take the longest piece that fits to the one before, and go
// back where none does. A place that was gone back from is never tried again, so the time is at
// most in proportion to the bytes times the longest piece.
//
// Windows walked in turn, a step each, without branches that nobody can foresee, were tried: 1.5
// times slower, for they read eight bytes for each piece of two or three.
class BpeWalk {
public:
    struct Scratch {
        std::vector<std::uint64_t> blocked;  // a bit for each place that was gone back from
        std::vector<std::uint64_t> known;    // pieces that were asked for, and what was taken
    };

    // None where ids do not follow the ranks of merges, a piece is made of later ones, or pieces are
    // so long that a walk might read much and take little. `wholes` are the pieces that merging makes of their own bytes.
    static std::optional<BpeWalk> of(const PieceTable& table, const PairTable& pairs,
                                     const std::vector<Id>& wholes);

    BpeWalk(BpeWalk&&) noexcept;
    BpeWalk& operator=(BpeWalk&&) noexcept;
    ~BpeWalk();

    // Appends the ids of a text that is not empty.
    void encode(const std::uint8_t* text, std::size_t size, Scratch& scratch,
                std::vector<Id>& ids) const;

private:
    struct Parts {
        Id left, right;  // what merging made the piece of; twice itself for a byte
    };

    BpeWalk(const PieceTable& table, const PairTable& pairs, const std::vector<Id>& wholes);

    struct Tables;

    Id longest(const std::uint8_t* text, std::size_t size) const;
    Id longest(const Tables& tables, const std::uint8_t* text, std::size_t size) const;
    template <typename Longest, typename Fitting>
    void walk(const std::uint8_t* text, std::size_t size, Scratch& scratch, std::vector<Id>& ids,
              Longest longest_at, Fitting fitting_behind) const;
    bool fit(Id left, Id right) const;
    Id fitting(Id last, Id piece, Scratch& scratch) const;
    const Tables& tables() const;
    void fill(Tables& tables) const;

    const PairTable* pairs_;
    PairSlots slots_;
    base::DoubleArray trie_;
    std::vector<Parts> parts_;          // by id
    std::vector<Id> shorter_;           // the longest piece that begins a piece, or no_id
    std::vector<std::uint8_t> widths_;  // bytes of each piece
    std::unique_ptr<Tables> tables_;    // filled when a text is long enough to pay for them
};

}  // namespace tokenry::encode
