// Splitting by windows of 64 bytes, each starting at a pretoken boundary, so nothing is carried
// from one to the next. What a window cannot decide (the last pretoken in it, mostly) is left to
// the next; where it decides nothing, the scalar matcher finds one pretoken.
//
// `Isa` is one instruction set: load(text, left) reads min(left, 64) bytes, classify gives the
// masks of the ASCII characters and which bytes are not ASCII, add_cjk may take some of those, and
// flatten writes base + i for each bit i.
#pragma once
#include "split/boundaries.hpp"

namespace tokenry {
namespace {

inline constexpr std::size_t kLongestCall = std::size_t{1} << 31;

// The lowest `count` bits of `bits`.
inline Bits lowest_bits(Bits bits, std::size_t count) {
    while (static_cast<std::size_t>(std::popcount(bits)) > count) bits &= ~bit(highest(bits));
    return bits;
}

template <class Isa, Rules R>
Bits window_boundaries(Pointer text, Pointer end) {
    const std::size_t left = static_cast<std::size_t>(end - text);
    Masks masks;
    masks.last = left < kWindow;
    masks.size = masks.last ? static_cast<unsigned>(left) : kWindow;
    const Bits wide = Isa::classify(Isa::load(text, masks.size), masks);
    if (wide == 0) return boundaries<R, true>(masks, text);
    add_wide(masks, text, end, Isa::add_cjk(Isa::load(text, masks.size), masks, wide));
    return boundaries<R, false>(masks, text);
}

template <class Isa, Rules R, Matcher match>
std::size_t split_windows(Pointer text, std::size_t size, std::size_t begin, std::uint32_t* ends,
                          std::size_t capacity) {
    const Pointer start = text + begin;
    const Pointer end = text + size;
    Pointer place = start;
    std::size_t count = 0;
    while (place < end && count < capacity) {
        const std::size_t base = static_cast<std::size_t>(place - start);
        if (base > kLongestCall - kWindow) break;
        Bits cuts = window_boundaries<Isa, R>(place, end);
        if (cuts == 0) {
            place = match(place, end);
            const std::size_t stop = static_cast<std::size_t>(place - start);
            if (stop > kLongestCall) {
                if (count == 0) ends[count++] = static_cast<std::uint32_t>(kLongestCall);
                break;
            }
            ends[count++] = static_cast<std::uint32_t>(stop);
            continue;
        }
        const std::size_t room = capacity - count;
        if (room < kWindow) cuts = lowest_bits(cuts, room);
        Isa::flatten(cuts, static_cast<std::uint32_t>(base), ends + count, room);
        count += static_cast<std::size_t>(std::popcount(cuts));
        place += highest(cuts);
    }
    return count;
}

}  // namespace
}  // namespace tokenry
