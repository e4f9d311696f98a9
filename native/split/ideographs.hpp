// CJK ideographs by comparing bytes, for instruction sets without a lookup of 128 bytes.
#pragma once
#include "split/masks.hpp"

namespace tokenry::split {
namespace {

// U+4E00..U+9FFF, all of them letters without case: bytes E4 B8..BF xx and E5..E9 xx xx. Returns
// the bytes of `wide` that are none of them.
template <class Isa>
Bits add_ideographs(typename Isa::Block block, Masks& masks, Bits wide) {
    const auto between = [&](int first, int last) {
        return Isa::between(block, static_cast<char>(first), static_cast<char>(last));
    };
    const Bits above = between(0xE5, 0xE9);
    const Bits first = between(0xE4, 0xE4);
    if ((above | first) == 0) return wide;
    const Bits continuing = between(0x80, 0xBF);
    const Bits later = between(0xB8, 0xBF);
    const Bits leads = (above | (first & later >> 1)) & continuing >> 1 & continuing >> 2;
    const Bits tails = leads << 1 | leads << 2;
    masks.caseless |= leads | tails;
    masks.lead &= ~tails;
    return wide & ~(leads | tails);
}

}  // namespace
}  // namespace tokenry::split
