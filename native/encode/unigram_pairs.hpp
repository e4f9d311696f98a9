// Which characters stand next to each other in some piece.
//
// Between two that never do, no piece crosses, so every segmentation has a boundary there. A text
// without spaces (Chinese, say) falls apart into runs of a few characters at such places.
#pragma once
#include <cstdint>
#include <vector>

#include "unicode/utf8.hpp"

namespace tokenry {

// A set of hashes: it may claim a pair that no piece has, never the other way round.
class UnigramPairs {
public:
    // About 5% of absent pairs are claimed for a vocabulary of 50,000 distinct ones.
    static constexpr int kBits = 20;

    void add(const std::uint8_t* piece, std::size_t size) {
        const auto* const end = piece + size;
        auto last = unicode::decode(piece, end);
        for (const auto* at = piece + last.width; at < end; at += last.width) {
            const auto next = unicode::decode(at, end);
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
        const auto* const end = text + size;
        auto last = unicode::decode(text + from, end);
        auto at = from + last.width;
        while (at < size) {
            const auto next = unicode::decode(text + at, end);
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
