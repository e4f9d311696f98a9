// The characters of programs, and a place that walks over them.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "domains/code_leaves.hpp"

namespace tokenry::domains {

enum class Shape : std::uint8_t { none, space, letter, digit, sign, high };

constexpr std::array<Shape, 256> shapes = [] {
    std::array<Shape, 256> table{};
    for (int c = 0; c < 256; ++c) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
        const bool space = c == ' ' || (c >= '\t' && c <= '\r');
        table[static_cast<std::size_t>(c)] = letter                   ? Shape::letter
                                             : c >= '0' && c <= '9'   ? Shape::digit
                                             : space                  ? Shape::space
                                             : c >= 0x80              ? Shape::high
                                             : c > ' ' && c < 0x7f    ? Shape::sign
                                                                      : Shape::none;
    }
    return table;
}();

// A file and a place in it. Behind the end there are zeros.
class Cursor {
public:
    explicit Cursor(base::Text text) : text_(text) {}

    std::size_t size() const { return text_.size(); }
    bool ended() const { return at >= text_.size(); }
    std::uint8_t operator[](std::size_t i) const { return i < text_.size() ? text_[i] : 0; }
    std::uint8_t now(std::size_t ahead = 0) const { return (*this)[at + ahead]; }
    Shape shape(std::size_t i) const { return shapes[(*this)[i]]; }
    std::string_view word(std::size_t begin, std::size_t end) const {
        return {reinterpret_cast<const char*>(text_.data()) + begin, end - begin};
    }
    bool starts(std::string_view with) const {
        return text_.size() - at >= with.size() && word(at, at + with.size()) == with;
    }
    // Bytes of a character that names may have at `i`; 0 where there is none.
    std::size_t letter(std::size_t i) const {
        const Shape found = shape(i);
        if (found == Shape::letter || found == Shape::digit) return 1;
        if (found != Shape::high) return 0;
        const std::size_t width = base::character_size(text_.data() + i, text_.size() - i);
        return width > 1 ? width : 0;
    }
    // Where the name that begins at `i` ends.
    std::size_t name_end(std::size_t i) const {
        while (i < text_.size() && shapes[text_[i]] <= Shape::digit && shapes[text_[i]] >= Shape::letter) ++i;
        while (const std::size_t width = letter(i)) i += width;
        return i;
    }
    bool line_end(std::size_t i) const { return (*this)[i] == '\n' || ((*this)[i] == '\r' && (*this)[i + 1] == '\n'); }
    // Bytes of a backslash with the end of its line at `i`; 0 where there is none.
    std::size_t continuation(std::size_t i) const {
        if ((*this)[i] != '\\') return 0;
        return (*this)[i + 1] == '\n' ? 2 : (*this)[i + 1] == '\r' && (*this)[i + 2] == '\n' ? 3 : 0;
    }
    void skip_to(std::uint8_t byte) {
        while (at < text_.size() && text_[at] != byte) ++at;
    }

    std::size_t at = 0;

private:
    base::Text text_;
};

inline Leaf leaf_of(std::size_t begin, std::size_t end, Kind kind, Sign sign) {
    return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), kind, sign};
}

}  // namespace tokenry::domains
