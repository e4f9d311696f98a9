// Which characters stand next to each other in some piece.
//
// Between two that never do, no piece crosses, so every segmentation has a boundary there. A text
// without spaces (Chinese, say) falls apart into runs of a few characters at such places.
#pragma once
#include <cstdint>
#include <vector>

#include "base/utf8.hpp"

namespace tokenry {

struct Character {
    std::uint32_t code;  // bytes that are not UTF-8 have codes of their own
    std::uint32_t width;
};

inline Character character_at(const std::uint8_t* text, std::size_t size) {
    const std::uint32_t lead = text[0];
    if (lead < 0x80) return {lead, 1};
    switch (character_size(text, size)) {
        case 2: return {(lead & 0x1F) << 6 | (text[1] & 0x3Fu), 2};
        case 3: return {(lead & 0x0F) << 12 | (text[1] & 0x3Fu) << 6 | (text[2] & 0x3Fu), 3};
        case 4:
            return {(lead & 0x07) << 18 | (text[1] & 0x3Fu) << 12 | (text[2] & 0x3Fu) << 6 |
                        (text[3] & 0x3Fu),
                    4};
        default: return {0x110000 + lead, 1};
    }
}

// A set of hashes: it may claim a pair that no piece has, never the other way round.
class UnigramPairs {
public:
    // About 5% of absent pairs are claimed for a vocabulary of 50,000 distinct ones.
    static constexpr int kBits = 20;

    void add(const std::uint8_t* piece, std::size_t size) {
        auto last = character_at(piece, size);
        for (std::size_t at = last.width; at < size; at += last.width) {
            const auto next = character_at(piece + at, size - at);
            const auto bit = hash(last.code, next.code);
            bits_[bit >> 6] |= std::uint64_t{1} << (bit & 63);
            last = next;
        }
    }

    bool may_have(std::uint32_t left, std::uint32_t right) const {
        const auto bit = hash(left, right);
        return bits_[bit >> 6] >> (bit & 63) & 1;
    }

    // The end of the run at text[from, size) in which each pair may occur.
    std::size_t run(const std::uint8_t* text, std::size_t from, std::size_t size) const {
        auto last = character_at(text + from, size - from);
        auto at = from + last.width;
        while (at < size) {
            const auto next = character_at(text + at, size - at);
            if (!may_have(last.code, next.code)) break;
            last = next;
            at += next.width;
        }
        return at;
    }

private:
    static std::uint32_t hash(std::uint32_t left, std::uint32_t right) {
        return ((left * 0x9E3779B1u) ^ (right * 0x85EBCA77u)) >> (32 - kBits);
    }

    std::vector<std::uint64_t> bits_ = std::vector<std::uint64_t>((std::size_t{1} << kBits) / 64);
};

}  // namespace tokenry
