// A walk over JSON text, strict where it reads and quick where it passes over.
#pragma once
#include <cstdint>
#include <cstring>

#include "base/buffer.hpp"
#include "base/text.hpp"

namespace tokenry::formats {

using base::Buffer;

class JsonText {
public:
    explicit JsonText(base::Text text) : begin_(text.data()), at_(begin_), end_(begin_ + text.size()) {}

    std::size_t place() const { return static_cast<std::size_t>(at_ - begin_); }
    void go(std::size_t place) { at_ = begin_ + place; }
    bool ended() {
        space();
        return at_ == end_;
    }

    // What comes next behind white space; 0 at the end.
    std::uint8_t next() {
        space();
        return at_ < end_ ? *at_ : 0;
    }
    bool take(char expected) {
        if (next() != static_cast<std::uint8_t>(expected)) return false;
        ++at_;
        return true;
    }

    // Appends the UTF-8 of a string. False where it is none: a control character, bytes that are no
    // UTF-8, half of a surrogate pair.
    bool read_string(Buffer<std::uint8_t>& out);
    // An integer from 0 to 2^31 - 1 without sign, fraction or exponent.
    bool read_id(std::uint32_t& id);
    // A number. `exact` is false where a double is not one product of its digits with a power of
    // ten; what it is then is for someone else to say.
    bool read_number(double& value, bool& exact);
    // Whatever value is next, unread: only that its strings and brackets close is looked at.
    bool pass();

private:
    void space() {
        while (at_ < end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
    }
    bool pass_string();
    bool read_escape(Buffer<std::uint8_t>& out);
    bool read_hex(std::uint32_t& unit);
    bool read_character(Buffer<std::uint8_t>& out);
    std::size_t digits(std::uint64_t& significand, bool& exact);

    const std::uint8_t* begin_;
    const std::uint8_t* at_;
    const std::uint8_t* end_;
};

}  // namespace tokenry::formats
