// White space as programs see it that make one space of whatever stands between two words.
#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string_view>

#include "base/vector16.hpp"

namespace tokenry::encode {

// A space, and up to three other bytes that are taken for one.
class SpaceBytes {
public:
    // Without any, nothing is squeezed.
    explicit SpaceBytes(std::string_view bytes) : any_(!bytes.empty()) {
        if (bytes.size() > bytes_.size() || bytes.find_first_not_of(" \t\n\r") != bytes.npos)
            throw std::invalid_argument("squeezes: expected some of a space, a tab and ends of lines");
        for (std::size_t i = 0; i < bytes_.size(); ++i)
            bytes_[i] = i < bytes.size() ? static_cast<std::uint8_t>(bytes[i]) : ' ';
    }

    bool any() const { return any_; }
    bool has(std::uint8_t byte) const {
        return std::find(bytes_.begin(), bytes_.end(), byte) != bytes_.end();
    }
    std::uint8_t operator[](std::size_t i) const { return bytes_[i]; }

private:
    bool any_;
    std::array<std::uint8_t, 4> bytes_;
};

// Copies a text, with one space for several of these bytes in a row and none behind a space that
// stands before `to`; returns where the copy ends. There is room for 16 bytes more than the text has.
inline std::uint8_t* squeeze(const std::uint8_t* from, std::size_t size, std::uint8_t* to,
                             const SpaceBytes& taken) {
    bool behind = to[-1] == ' ';
    std::size_t at = 0;
    using base::Vector16;
    const Vector16 a = Vector16::all(taken[0]), b = Vector16::all(taken[1]);
    const Vector16 c = Vector16::all(taken[2]), d = Vector16::all(taken[3]);
    while (at + 16 <= size) {
        const Vector16 bytes = Vector16::load(from + at);
        const Vector16 spaces = (bytes == a) | (bytes == b) | (bytes == c) | (bytes == d);
        bytes.replaced(spaces, Vector16::all(' ')).store(to);
        const unsigned found = spaces.bits();
        const unsigned again = found & (found << 1 | unsigned(behind));
        if (again == 0) {
            behind = found >> 15;
            at += 16;
            to += 16;
            continue;
        }
        const int kept = std::countr_zero(again);
        behind = true;
        at += static_cast<std::size_t>(kept + std::countr_one(found >> kept));
        to += kept;
    }
    for (; at < size; ++at) {
        const bool found = taken.has(from[at]);
        *to = found ? ' ' : from[at];
        to += !(found && behind);
        behind = found;
    }
    return to;
}

}  // namespace tokenry::encode
