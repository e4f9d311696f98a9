// A set of bytes: which bytes of a text are in it.
#pragma once
#include <cstdint>

#include "base/vector16.hpp"

namespace tokenry::base {

class ByteSet {
public:
    void add(std::uint8_t byte) {
        has_[byte] = true;
        rows_[byte >> 7][byte & 15] |= static_cast<std::uint8_t>(1 << (byte >> 4 & 7));
    }
    bool has(std::uint8_t byte) const { return has_[byte]; }

    // Where the first byte of the set stands, or `end`.
    const std::uint8_t* find(const std::uint8_t* at, const std::uint8_t* end) const {
        for (; end - at >= 16; at += 16)
            if (const unsigned place = found(at).first(); place < 16) return at + place;
        while (at < end && !has_[*at]) ++at;
        return at;
    }

    // A bit for each of 16 bytes.
    unsigned members(const std::uint8_t* bytes) const { return found(bytes).bits(); }

private:
    // A byte is in the set if the bit of its upper half is set in the row of its lower half; each
    // half of the rows is asked for its own.
    Vector16 found(const std::uint8_t* from) const {
        static constexpr std::uint8_t kBits[16] = {1, 2, 4, 8, 16, 32, 64, 128,
                                                   1, 2, 4, 8, 16, 32, 64, 128};
        const Vector16 bytes = Vector16::load(from);
        const Vector16 row = Vector16::load(rows_[0]).look_up(bytes) |
                             Vector16::load(rows_[1]).look_up(bytes ^ Vector16::all(0x80));
        const Vector16 bit = Vector16::load(kBits).look_up(bytes.high_halves());
        return (row & bit) == bit;
    }

    bool has_[256] = {};
    std::uint8_t rows_[2][16] = {};  // of ASCII and of the rest, by the lower half of a byte
};

}  // namespace tokenry::base
