#include "formats/json_text.hpp"

#include <array>

#include "base/utf8.hpp"

namespace tokenry::formats {
namespace {

bool is_digit(std::uint8_t byte) { return byte >= '0' && byte <= '9'; }

// Powers of ten that are doubles; past them a product of two would round twice.
constexpr std::array<double, 23> kPowers = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                            1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                            1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

void append_utf8(std::uint32_t code, Buffer<std::uint8_t>& out) {
    const auto tail = [&](int shift) { return static_cast<std::uint8_t>(0x80 | (code >> shift & 0x3f)); };
    const auto head = [&](std::uint32_t mark, int shift) {
        out.push(static_cast<std::uint8_t>(mark | code >> shift));
    };
    if (code < 0x80) return out.push(static_cast<std::uint8_t>(code));
    if (code < 0x800) {
        head(0xc0, 6);
    } else if (code < 0x10000) {
        head(0xe0, 12);
        out.push(tail(6));
    } else {
        head(0xf0, 18);
        out.push(tail(12));
        out.push(tail(6));
    }
    out.push(tail(0));
}

}  // namespace

bool JsonText::read_string(Buffer<std::uint8_t>& out) {
    if (!take('"')) return false;
    while (at_ < end_) {
        const std::uint8_t* from = at_;
        while (at_ < end_ && *at_ >= 0x20 && *at_ < 0x80 && *at_ != '"' && *at_ != '\\') ++at_;
        out.append(from, static_cast<std::size_t>(at_ - from));
        if (at_ == end_ || *at_ < 0x20) return false;
        if (*at_ == '"') return ++at_, true;
        if (!(*at_ == '\\' ? read_escape(out) : read_character(out))) return false;
    }
    return false;
}

bool JsonText::read_character(Buffer<std::uint8_t>& out) {
    const std::size_t size = base::character_size(at_, static_cast<std::size_t>(end_ - at_));
    if (size == 1) return false;
    out.append(at_, size);
    at_ += size;
    return true;
}

bool JsonText::read_escape(Buffer<std::uint8_t>& out) {
    static constexpr char names[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    if (end_ - at_ < 2) return false;
    ++at_;
    if (*at_ != 'u') {
        const auto* found = static_cast<const char*>(std::memchr(names, *at_++, sizeof names - 1));
        if (found == nullptr) return false;
        return out.push(static_cast<std::uint8_t>(meant[found - names])), true;
    }
    std::uint32_t code = 0, low = 0;
    if (!read_hex(code)) return false;
    if (code >= 0xd800 && code < 0xe000) {
        if (code >= 0xdc00 || end_ - at_ < 2 || *at_++ != '\\' || !read_hex(low)) return false;
        if (low < 0xdc00 || low >= 0xe000) return false;
        code = 0x10000 + ((code & 0x3ff) << 10 | (low & 0x3ff));
    }
    append_utf8(code, out);
    return true;
}

// The four digits of \uXXXX, from its u on.
bool JsonText::read_hex(std::uint32_t& unit) {
    if (end_ - at_ < 5 || *at_++ != 'u') return false;
    unit = 0;
    for (int i = 0; i < 4; ++i) {
        const std::uint8_t digit = *at_++;
        const std::uint8_t letter = digit | 0x20;
        if (!is_digit(digit) && (letter < 'a' || letter > 'f')) return false;
        unit = unit << 4 | (is_digit(digit) ? digit - '0' : letter - 'a' + 10u);
    }
    return true;
}

bool JsonText::read_id(std::uint32_t& id) {
    space();
    const std::uint8_t* from = at_;
    std::uint64_t value = 0;
    while (at_ < end_ && is_digit(*at_) && at_ - from < 11) value = value * 10 + (*at_++ - '0');
    const auto size = at_ - from;
    if (size == 0 || size > 10 || value >> 31 || (size > 1 && *from == '0')) return false;
    if (at_ < end_ && (*at_ == '.' || *at_ == 'e' || *at_ == 'E')) return false;
    id = static_cast<std::uint32_t>(value);
    return true;
}

std::size_t JsonText::digits(std::uint64_t& significand, bool& exact) {
    const std::uint8_t* from = at_;
    for (; at_ < end_ && is_digit(*at_); ++at_) {
        const std::uint8_t digit = *at_ - '0';
        exact = exact && significand <= (~0ull - digit) / 10;
        significand = significand * 10 + digit;
    }
    return static_cast<std::size_t>(at_ - from);
}

bool JsonText::read_number(double& value, bool& exact) {
    space();
    const bool negative = at_ < end_ && *at_ == '-';
    at_ += negative;
    const std::uint8_t* from = at_;
    std::uint64_t significand = 0;
    exact = true;
    const std::size_t whole = digits(significand, exact);
    if (whole == 0 || (whole > 1 && *from == '0')) return false;
    std::size_t places = 0;
    if (at_ < end_ && *at_ == '.') {
        ++at_;
        places = digits(significand, exact);
        if (places == 0) return false;
    }
    if (at_ < end_ && (*at_ | 0x20) == 'e') {
        exact = false;
        ++at_;
        if (at_ < end_ && (*at_ == '+' || *at_ == '-')) ++at_;
        std::uint64_t power = 0;
        if (digits(power, exact) == 0) return false;
    }
    exact = exact && places < kPowers.size();
    value = exact ? static_cast<double>(significand) / kPowers[places] : 0;
    if (negative) value = -value;
    return true;
}

bool JsonText::pass() {
    std::size_t depth = 0;
    do {
        const std::uint8_t byte = next();
        if (byte == 0) return false;
        if (byte == '"') {
            if (!pass_string()) return false;
            continue;
        }
        ++at_;
        if (byte == '{' || byte == '[') {
            ++depth;
        } else if (byte == '}' || byte == ']') {
            if (depth == 0) return false;
            --depth;
        } else if (depth == 0) {  // a number or a word
            while (at_ < end_ && !std::strchr(",]} \n\r\t", *at_)) ++at_;
        }
    } while (depth != 0);
    return true;
}

bool JsonText::pass_string() {
    for (++at_; at_ < end_; ++at_) {
        if (*at_ == '"') return ++at_, true;
        at_ += *at_ == '\\';
    }
    return false;
}

}  // namespace tokenry::formats
