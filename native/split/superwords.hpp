// The second stage of SuperBPE by windows: \p{N}{1,3}| ?[^\s\p{L}\p{N}]{2,}[\r\n/]*| +(?!\S)
// Matches are rare and the stretches between them long, so windows only look for places where one
// may start, and the scalar matcher decides there.
#pragma once
#include "split/masks.hpp"

namespace tokenry::split {
namespace {

struct Candidates {
    Bits places;      // ascending; every match of the window starts at one, but not each is a match
    unsigned resume;  // from here on the next window has to look, 0 if nowhere
};

// Starts of the runs of `mask` that the bits of `members` lie in.
inline Bits starts_of(Bits members, Bits mask) {
    const Bits starts = mask & ~(mask << 1);
    Bits found = 0;
    while (members) {
        const unsigned start = highest(starts & below(lowest(members) + 1));
        found |= bit(start);
        members &= ~run_from(bit(start), mask);
    }
    return found;
}

inline Candidates candidates(const Masks& masks) {
    const Bits known = below(masks.size);
    const Bits other = ~(masks.letter() | masks.number | masks.space) & known;
    const Bits lead = masks.lead & known;
    const Bits runs = starts_of(other & lead & other << 1, other);  // of two characters or more
    const Bits blank = masks.blank & (masks.space >> 1 | (masks.last ? bit(masks.size - 1) : 0));
    Candidates found{(masks.number & lead) | runs | (runs >> 1 & masks.blank) | blank, masks.size};
    if (!masks.last && (other | masks.blank) >> (masks.size - 1) & 1) {
        const Bits before = ~other & known;  // the last run may go on in the next window
        const unsigned start = before ? highest(before) + 1 : 0;
        const bool spaced = start > 0 && masks.blank >> (start - 1) & 1;
        found.resume = start - spaced;
        found.places &= below(found.resume);
    }
    return found;
}

// Writes ends; `start` is where the call began and `place` the last end written.
struct Writer {
    Pointer start, place;
    std::uint32_t* ends;
    std::size_t capacity, count;

    // False when no more can be written.
    bool add(Pointer stop) {
        place = stop;
        return add_end(static_cast<std::size_t>(stop - start), ends, count) && count < capacity;
    }

    // The match [from, stop) and the stretch before it.
    bool add_match(Pointer from, Pointer stop) {
        return (from == place || add(from)) && add(stop);
    }
};

// Adds the matches that start in the window at `scan`; null when no more can be written, else where
// to go on.
template <class Isa>
Pointer scan_window(Pointer scan, Pointer end, Writer& writer) {
    bool ascii;
    const Masks masks = read_window<Isa>(scan, end, ascii);
    Candidates found = candidates(masks);
    if (found.resume == 0) {  // one run fills the window
        found.places = 1;
        found.resume = lowest(masks.lead & ~Bits{1});
    }
    for (Bits rest = found.places; rest; rest &= rest - 1) {
        const Pointer from = scan + lowest(rest);
        const Pointer stop = from < writer.place ? nullptr : scalar::superword_match(from, end);
        if (stop && !writer.add_match(from, stop)) return nullptr;
        if (stop && stop[-1] == '/') return stop;  // maybe inside a run, which starts anew here
    }
    const Pointer next = scan + found.resume;
    return writer.place > next ? writer.place : next;
}

template <class Isa>
std::size_t split_superwords(Pointer text, std::size_t size, std::size_t begin,
                             std::uint32_t* ends, std::size_t capacity) {
    const Pointer end = text + size;
    Writer writer{text + begin, text + begin, ends, capacity, 0};
    if (capacity == 0) return 0;
    for (Pointer scan = writer.start; scan < end;) {
        scan = scan_window<Isa>(scan, end, writer);
        if (scan == nullptr) return writer.count;
    }
    if (writer.place < end) writer.add(end);
    return writer.count;
}

}  // namespace
}  // namespace tokenry::split
