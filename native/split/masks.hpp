// A window of up to 64 bytes of text as bitmaps: bit i speaks of byte i, and every byte of a
// character carries the class of the character. The window starts at a pretoken boundary.
//
// This file and boundaries.hpp are plain 64-bit arithmetic, included once by the file of each
// vector path. Everything in them has internal linkage: the linker must never hand code made for a
// wider processor to a narrower one.
#pragma once
#include <bit>
#include <cstdint>

#include "split/matchers.hpp"
#include "unicode/utf8.hpp"

namespace tokenry::split {
namespace {

using Bits = std::uint64_t;

constexpr unsigned kWindow = 64;

struct Masks {
    Bits upper, lower, caseless, mark, number, space;  // \p{Lu}\p{Lt}, \p{Ll}, \p{Lm}\p{Lo}, ...
    Bits newline, blank, apostrophe, slash;            // \r\n, U+0020, ', /
    Bits lead;                                         // first bytes of characters
    Bits han;                                          // letters of this script, where it is asked for
    unsigned size;                                     // bytes known; whole characters
    bool last;                                         // the text ends after them

    Bits letter() const { return upper | lower | caseless; }
};

constexpr Bits bit(unsigned i) { return Bits{1} << i; }
constexpr Bits below(unsigned i) { return i < 64 ? bit(i) - 1 : ~Bits{0}; }
inline unsigned lowest(Bits bits) { return static_cast<unsigned>(std::countr_zero(bits)); }
// Minus one, modulo 2^32, where there is none.
inline unsigned highest(Bits bits) { return 63 - static_cast<unsigned>(std::countl_zero(bits)); }

// The runs of `mask` from the bits of `starts` on, which are bits of it, one a run.
constexpr Bits run_from(Bits starts, Bits mask) { return mask & ~(mask + starts); }

// base + i for each bit i.
inline void write_each(Bits cuts, std::uint32_t base, std::uint32_t* ends) {
    for (; cuts; cuts &= cuts - 1) *ends++ = base + lowest(cuts);
}

// The same without a branch for each bit; writes up to three numbers too many where there is room.
inline void write_in_fours(Bits cuts, std::uint32_t base, std::uint32_t* ends, std::size_t room) {
    const int count = std::popcount(cuts);
    if (room < kWindow) return write_each(cuts, base, ends);
    for (int done = 0; done < count; done += 4) {
        for (int i = 0; i < 4; ++i) {
            ends[done + i] = base + lowest(cuts);
            cuts &= cuts - 1;
        }
    }
}

enum Group : std::uint8_t { kOther, kUpper, kLower, kCaseless, kMark, kNumber, kSpace, kGroups };

constexpr std::array<std::uint8_t, 32> group_table() {
    std::array<std::uint8_t, 32> groups{};
    for (unsigned i = 0; i < 32; ++i) {
        const unicode::Mask mask = unicode::Mask{1} << i;
        groups[i] = mask & unicode::kUpper      ? kUpper
                    : mask & unicode::kLower    ? kLower
                    : mask & unicode::kCaseless ? kCaseless
                    : mask & unicode::kMark     ? kMark
                    : mask & unicode::kNumber   ? kNumber
                    : mask & unicode::kSpace    ? kSpace
                                                : kOther;
    }
    return groups;
}

constexpr std::array<std::uint8_t, 32> kGroupOf = group_table();

// Adds the characters whose bytes are `wide` (all of them at or above 0x80) by walking the Unicode
// tables, each character once. A character that the window cuts off ends it; where Han is told apart,
// so does one that is no letter, whose place decides what it belongs to.
template <bool kSeparateHan>
void walk_wide(Masks& masks, Pointer text, Pointer end, Bits wide) {
    Bits groups[kGroups] = {};
    Bits continuations = 0;
    while (wide) {
        const unsigned i = lowest(wide);
        const unicode::Character character = unicode::decode(text + i, end);
        if (i + character.width > kWindow) {
            masks.size = i;
            break;
        }
        const Bits bytes = below(character.width) << i;
        const std::uint8_t record =
            character.code == unicode::kInvalid ? std::uint8_t{unicode::Cn} : unicode::record(character.code);
        const std::uint8_t group = kGroupOf[record & unicode::kCategoryBits];
        if (kSeparateHan && (record & unicode::kHan)) {
            if (group != kCaseless) {
                masks.size = i;
                masks.last = false;
                break;
            }
            masks.han |= bytes;
        }
        groups[group] |= bytes;
        continuations |= bytes & (bytes - 1) & ~bit(i);
        wide &= ~bytes;
    }
    masks.upper |= groups[kUpper];
    masks.lower |= groups[kLower];
    masks.caseless |= groups[kCaseless];
    masks.mark |= groups[kMark];
    masks.number |= groups[kNumber];
    masks.space |= groups[kSpace];
    masks.lead &= ~continuations;
}

template <class Isa, bool kSeparateHan = false>
Masks read_window(Pointer text, Pointer end, bool& ascii) {
    const std::size_t left = static_cast<std::size_t>(end - text);
    Masks masks;
    masks.last = left < kWindow;
    masks.size = masks.last ? static_cast<unsigned>(left) : kWindow;
    const typename Isa::Block block = Isa::load(text, masks.size);
    const Bits wide = Isa::classify(block, masks);
    ascii = wide == 0;
    masks.han = 0;
    if (ascii) return masks;
    const Bits rest = Isa::template add_wide<kSeparateHan>(block, masks, wide);
    if constexpr (kSeparateHan) masks.han = masks.caseless;  // ideographs are all that it added
    walk_wide<kSeparateHan>(masks, text, end, rest);
    if constexpr (kSeparateHan) masks.caseless &= ~masks.han;
    return masks;
}

inline constexpr std::size_t kLongestCall = std::size_t{1} << 31;

// Adds one end; false if it lies beyond what a call may cover.
inline bool add_end(std::size_t stop, std::uint32_t* ends, std::size_t& count) {
    if (stop > kLongestCall && count > 0) return false;
    ends[count++] = static_cast<std::uint32_t>(stop < kLongestCall ? stop : kLongestCall);
    return stop <= kLongestCall;
}

}  // namespace
}  // namespace tokenry::split
