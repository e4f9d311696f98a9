// Words of a text.
#pragma once
#include <cstddef>
#include <cstdint>

namespace tokenry::encode {

// Word i is text[begins[i], ends[i]), ascending, none empty. `size` bytes of the text can be read.
struct Words {
    const std::uint8_t* text;
    std::size_t size;
    const std::uint32_t* begins;
    const std::uint32_t* ends;
    std::size_t count;

    Words first(std::size_t most) const { return {text, size, begins, ends, most}; }
};

}  // namespace tokenry::encode
