// The second stage of SuperBPE by windows: \p{N}{1,3}| ?[^\s\p{L}\p{N}]{2,}[\r\n/]*| +(?!\S)
// Matches are rare and the stretches between them long, so windows only look for places where one
// may start, and the scalar matcher decides there.
#pragma once
#include "split/masks.hpp"

namespace tokenry {
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

// The first match at or after `place`, or `end`.
template <class Isa>
Pointer next_superword(Pointer place, Pointer end) {
    while (place < end) {
        bool ascii;
        const Masks masks = read_window<Isa>(place, end, ascii);
        const Candidates found = candidates(masks);
        for (Bits rest = found.places; rest; rest &= rest - 1) {
            const Pointer start = place + lowest(rest);
            if (scalar::superword_match(start, end)) return start;
        }
        if (found.resume > 0) {
            place += found.resume;
            continue;
        }
        if (scalar::superword_match(place, end)) return place;
        place += lowest(masks.lead & ~Bits{1});  // past one character
    }
    return end;
}

template <class Isa>
Pointer superword(Pointer text, Pointer end) {
    const Pointer stop = scalar::superword_match(text, end);
    return stop ? stop : next_superword<Isa>(text, end);
}

}  // namespace
}  // namespace tokenry
