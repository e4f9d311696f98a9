// Characters as the first symbols of merging, and places between two of them that no merge crosses.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/buffer.hpp"
#include "encode/pair_table.hpp"
#include "encode/piece_index.hpp"
#include "encode/piece_table.hpp"

namespace tokenry {

// A merge across the place between two characters makes a piece in which the two stand next to each
// other. So where no piece that merging makes has them so, text may be cut, whatever stands around
// them. A character without a piece becomes bytes of the fallback, which no merge may take here, and
// a run of unknown characters one id where they are fused: there nothing is cut. Of a vocabulary of
// 32,000 pieces only 3,300 pairs of characters stand together, so half of what is new in English, and
// nearly all in code and Chinese, falls apart into parts that have been seen.
class Characters {
public:
    Characters() = default;
    // `ids` give the piece of each character of the basic plane, or no_id; `unknowns_fuse`: whether
    // neighbours without a piece can become one id.
    Characters(const PieceTable& table, const PairTable& pairs, std::vector<Id> ids,
               bool unknowns_fuse);

    // Appends the ends of the parts of a pretoken that text may be cut into, the last of them its
    // own; nothing where it may be cut nowhere.
    void cut(const std::uint8_t* text, std::size_t size, Buffer<std::uint32_t>& ends) const;

    // Whether a code point is in the basic plane, and the piece of one that is, or no_id.
    bool has(std::uint32_t code) const { return code < ids_.size(); }
    Id id(std::uint32_t code) const { return ids_[code]; }

private:
    void add(std::uint32_t left, std::uint32_t right);
    void add_piece(const std::uint8_t* text, std::size_t size);
    // Write the ends but the last to `to`; return where these end.
    std::uint32_t* cut_ascii(const std::uint8_t* text, std::size_t size, std::uint32_t* to) const;
    std::uint32_t* cut_any(const std::uint8_t* text, std::size_t size, std::uint32_t* to) const;
    bool meet_ascii(std::uint32_t left, std::uint32_t right) const {
        return ascii_[left][right >> 6] >> (right & 63) & 1;
    }
    bool meet(std::uint32_t left, std::uint32_t right) const;
    bool certain(std::uint32_t left, std::uint32_t right) const;
    bool known(std::uint32_t code) const { return code < ids_.size() && ids_[code] != no_id; }
    std::uint32_t slot_of(std::uint32_t left, std::uint32_t right) const {
        return static_cast<std::uint32_t>(
            ((static_cast<std::uint64_t>(left) << 32 | right) * 0x9e3779b97f4a7c15ull) >> shift_);
    }

    std::vector<Id> ids_;  // by code point
    bool unknowns_fuse_ = false;
    // Pairs that stand together: of ASCII a bit each, of others a bit each by a hash, which may
    // claim pairs that nobody added. That costs speed only.
    std::array<std::array<std::uint64_t, 2>, 128> ascii_{};
    std::vector<std::uint64_t> others_;
    int shift_ = 0;
    // A bit for each character of the basic plane that is the left one, the right one of a pair.
    std::vector<std::uint64_t> lefts_, rights_;
};

}  // namespace tokenry
