// Words of a text.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tokenry::encode {

struct Pretoken {
    const std::uint8_t* text;
    std::size_t size;

    std::string_view view() const { return {reinterpret_cast<const char*>(text), size}; }
};

// Word i is text[begins[i], ends[i]), ascending, none empty. `size` bytes of the text can be read.
struct Words {
    const std::uint8_t* text;
    std::size_t size;
    const std::uint32_t* begins;
    const std::uint32_t* ends;
    std::size_t count;

    Pretoken operator[](std::size_t i) const { return {text + begins[i], ends[i] - begins[i]}; }
    Words first(std::size_t most) const { return {text, size, begins, ends, most}; }
};

}  // namespace tokenry::encode
