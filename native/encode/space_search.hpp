// Finds the next space.
#pragma once
#include <cstddef>
#include <cstdint>

#include "base/vector16.hpp"

namespace tokenry::encode {

// The place of the first space in text[from, size), or `size`.
inline std::size_t find_space(const std::uint8_t* text, std::size_t from, std::size_t size) {
    const auto spaces = base::Vector16::all(' ');
    for (; from + 16 <= size; from += 16) {
        const unsigned place = (base::Vector16::load(text + from) == spaces).first();
        if (place < 16) return from + place;
    }
    while (from < size && text[from] != ' ') ++from;
    return from;
}

}  // namespace tokenry::encode
