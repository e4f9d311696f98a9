// Splitting by windows of 64 bytes, each starting at a pretoken boundary, so nothing is carried
// from one to the next. What a window cannot decide (the last pretoken in it, mostly) is left to
// the next; where it decides nothing, the scalar matcher finds one pretoken.
//
// `Isa` is one instruction set: load(text, size) reads `size` bytes and no more, classify gives the
// masks of the ASCII characters and the bytes that are not ASCII, add_wide classifies what it can
// of those (or ideographs only) and returns the rest, flatten writes base + i for each bit i and may write up to `room`
// numbers, blanks finds U+0020.
#pragma once
#include "split/boundaries.hpp"

namespace tokenry::split {
namespace {

// The lowest `count` bits of `bits`.
inline Bits lowest_bits(Bits bits, std::size_t count) {
    while (static_cast<std::size_t>(std::popcount(bits)) > count) bits &= ~bit(highest(bits));
    return bits;
}

template <class Isa, Rules R>
Bits rules_window(Pointer text, Pointer end) {
    bool ascii;
    const Masks masks = read_window<Isa, R.han>(text, end, ascii);
    return ascii ? boundaries<R, true>(masks, text) : boundaries<R, false>(masks, text);
}

// Cuts before spaces: all of them, or the first of each run.
template <class Isa, bool kRuns>
Bits space_window(Pointer text, Pointer end) {
    const std::size_t left = static_cast<std::size_t>(end - text);
    const unsigned size = left < kWindow ? static_cast<unsigned>(left) : kWindow;
    const Bits blank = Isa::blanks(Isa::load(text, size));
    const Bits cuts = kRuns ? blank & ~(blank << 1) : blank;
    return (cuts & ~Bits{1}) | (left < kWindow ? bit(size) : 0);
}

// Bytes that the scalar matcher takes at least when it is asked.
constexpr std::ptrdiff_t kScalar = 48;

// `window` gives the cuts that are certain in the window at a boundary, none of them at bit 0;
// `match` the end of one pretoken.
template <class Isa, class Window, class Match>
inline std::size_t split_by(Window window, Match match, Pointer text, std::size_t size,
                            std::size_t begin, std::uint32_t* ends, std::size_t capacity) {
    const Pointer start = text + begin;
    const Pointer end = text + size;
    Pointer place = start;
    std::size_t count = 0;
    while (place < end && count < capacity) {
        const std::size_t base = static_cast<std::size_t>(place - start);
        if (base > kLongestCall - kWindow) break;
        Bits cuts = window(place, end);
        if (cuts == 0) {
            // Not only one: where a window decides nothing, the next often does not either.
            const Pointer window_end = end - place > kScalar ? place + kScalar : end;
            do {
                place = match(place, end);
                if (!add_end(static_cast<std::size_t>(place - start), ends, count)) return count;
            } while (place < window_end && count < capacity);
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
}  // namespace tokenry::split
