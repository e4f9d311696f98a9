// Characters, their pieces, and places between two of them that no piece crosses.
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/buffer.hpp"
#include "encode/piece_index.hpp"
#include "encode/piece_table.hpp"

namespace tokenry::encode {

// The piece of each character of the basic plane, or no_id; of equal ones the last of `ids` counts.
std::vector<Id> character_ids(const PieceTable& table, const std::vector<Id>& ids);

// Whether each byte has an id, so that bytes can stand for whatever has no piece.
inline bool all_have_ids(const std::array<std::int64_t, 256>& byte_ids) {
    return std::ranges::none_of(byte_ids, [](std::int64_t id) { return id < 0; });
}

// Where no piece has two characters next to each other, every segmentation has a boundary between
// them, and so may text be cut there, whatever stands around them. Of a vocabulary of 32,000 pieces
// that merging makes only 3,300 pairs of characters stand together, so half of what is new in English,
// and nearly all in code and Chinese, falls apart into parts that have been seen.
class Characters {
public:
    Characters() = default;
    // `ids` are such as character_ids gives; `unknowns_fuse`: whether neighbours without a
    // piece can become one id. Then nothing is cut between two of them, nor beside one of a single
    // byte, lest a part have more of them than half its bytes. `pieces`: how many will be added, about.
    Characters(std::vector<Id> ids, bool unknowns_fuse, std::size_t pieces);

    // Takes note of the characters of a piece.
    void add(const std::uint8_t* piece, std::size_t size);

    // Appends the ends of the parts of a pretoken that text may be cut into, the last of them its
    // own; nothing where it may be cut nowhere.
    void cut(const std::uint8_t* text, std::size_t size, Buffer<std::uint32_t>& ends) const;

    // The end of the run at text[from, size) of which each two neighbours may stand in a piece.
    std::size_t run(const std::uint8_t* text, std::size_t from, std::size_t size) const;

    // Whether a code point is in the basic plane, and the piece of one that is, or no_id.
    bool has(std::uint32_t code) const { return code < ids_.size(); }
    Id id(std::uint32_t code) const { return ids_[code]; }
    // Whether a character may be in a piece.
    bool occurs(std::uint32_t code) const { return !has(code) || is_in(occur_, code); }

private:
    void add(std::uint32_t left, std::uint32_t right);
    using Bits = std::vector<std::uint64_t>;  // one for each character of the basic plane
    static bool is_in(const Bits& bits, std::uint32_t code) {
        return bits[code >> 6] >> (code & 63) & 1;
    }
    static void put_in(Bits& bits, std::uint32_t code) { bits[code >> 6] |= 1ull << (code & 63); }
    // Write the ends but the last to `to`; return where these end.
    std::uint32_t* cut_ascii(const std::uint8_t* text, std::size_t size, std::uint32_t* to) const;
    std::uint32_t* cut_any(const std::uint8_t* text, std::size_t size, std::uint32_t* to) const;
    void join_ascii(std::uint32_t left, std::uint32_t right) {
        ascii_[left][right >> 6] |= 1ull << (right & 63);
    }
    bool meet_ascii(std::uint32_t left, std::uint32_t right) const {
        return ascii_[left][right >> 6] >> (right & 63) & 1;
    }
    bool meet(std::uint32_t left, std::uint32_t right) const;
    bool certain(std::uint32_t left, std::uint32_t right) const;
    bool known(std::uint32_t code) const { return has(code) && is_in(known_, code); }
    std::uint32_t slot_of(std::uint32_t left, std::uint32_t right) const {
        return static_cast<std::uint32_t>(
            ((static_cast<std::uint64_t>(left) << 32 | right) * 0x9e3779b97f4a7c15ull) >> shift_);
    }

    std::vector<Id> ids_;  // by code point
    bool unknowns_fuse_ = false;
    // Pairs that stand together, or that nothing is cut between: of ASCII a bit each, of others a bit
    // each by a hash, which may claim pairs that nobody added. That costs speed only.
    std::array<std::array<std::uint64_t, 2>, 128> ascii_{};
    std::vector<std::uint64_t> others_;
    int shift_ = 0;
    Bits lefts_, rights_;  // whether it is the left one, the right one of a pair
    Bits known_, occur_;   // whether it is a piece, in one
};

}  // namespace tokenry::encode
