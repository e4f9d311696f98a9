// White space as programs see it that make one space of whatever stands between two words.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/vector16.hpp"

namespace tokenry::encode {

// The bytes that this takes for spaces.
inline constexpr std::string_view kSqueezed = " \t\n\r";

inline bool is_squeezed(std::uint8_t byte) {
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

// Copies a text, with one space for several of these bytes in a row and none behind a space that
// stands before `to`; returns where the copy ends. There is room for 16 bytes more than the text has.
inline std::uint8_t* squeeze(const std::uint8_t* from, std::size_t size, std::uint8_t* to) {
    bool behind = to[-1] == ' ';
    std::size_t at = 0;
    using base::Vector16;
    while (at + 16 <= size) {
        const Vector16 bytes = Vector16::load(from + at);
        const auto is = [&](std::uint8_t byte) { return bytes == Vector16::all(byte); };
        const Vector16 spaces = is(' ') | is('\t') | is('\n') | is('\r');
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
        const bool found = is_squeezed(from[at]);
        *to = found ? ' ' : from[at];
        to += !(found && behind);
        behind = found;
    }
    return to;
}

}  // namespace tokenry::encode
