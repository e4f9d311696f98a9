#include "formats/raw_snappy.hpp"

#include <algorithm>
#include <stdexcept>

namespace tokenry::formats {
namespace {

using base::Text;

struct Element {
    std::size_t head;    // bytes of the element, those of a literal left out
    std::size_t length;  // bytes it stands for
    std::size_t offset;  // how far back they are; 0 for a literal
};

std::size_t little_endian(Text bytes) {
    std::size_t value = 0;
    for (std::size_t i = bytes.size(); i > 0; --i) value = value << 8 | bytes[i - 1];
    return value;
}

// Of the element at the start of `packed`, which has five bytes at least, or all there are.
Element element_of(Text packed) {
    const std::size_t tag = packed[0], length = (tag >> 2) + 1;
    const auto number = [&](std::size_t size) {
        return little_endian(packed.subspan(1, std::min(size, packed.size() - 1)));
    };
    switch (tag & 3) {
        case 0:
            if (length <= 60) return {1, length, 0};
            return {length - 59, number(length - 60) + 1, 0};
        case 1:
            return {2, (tag >> 2 & 7) + 4, (tag >> 5) << 8 | number(1)};
        case 2:
            return {3, length, number(2)};
        default:
            return {5, length, number(4)};
    }
}

void copy_back(std::string& found, std::size_t offset, std::size_t length) {
    if (offset == 0 || offset > found.size())
        throw std::invalid_argument("Snappy data refers to what is not at hand");
    const std::size_t begin = found.size() - offset;
    found.resize(found.size() + length);
    char* const to = found.data() + begin + offset;
    for (std::size_t i = 0; i < length; ++i) to[i] = found[begin + i];  // they may overlap
}

}  // namespace

std::size_t unpack_snappy(Text packed, std::string& found) {
    std::size_t at = 0;
    while (at < packed.size()) {
        const Text rest = packed.subspan(at);
        const Element element = element_of(rest);
        const bool literal = (rest[0] & 3) == 0;
        const std::size_t size = element.head + (literal ? element.length : 0);
        if (size > rest.size()) break;
        if (literal)
            found.append(reinterpret_cast<const char*>(rest.data()) + element.head, element.length);
        else
            copy_back(found, element.offset, element.length);
        at += size;
    }
    return at;
}

}  // namespace tokenry::formats
