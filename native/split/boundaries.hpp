// Where a window is cut: the regexes of rules.hpp as shifts and ANDs on its bitmaps.
#pragma once
#include "split/masks.hpp"
#include "split/rules.hpp"

namespace tokenry::split {
namespace {

// Cuts found so far, and the first place about which the window cannot tell: what follows it may
// change the cuts from there on.
struct Cuts {
    Bits bits;
    unsigned limit;

    void stop_at(unsigned place) { limit = place < limit ? place : limit; }
};

// [\r\n/]* after punctuation where a slash follows a newline: the runs start at `starts`, but a
// newline after a slash of such a run is no start of another.
inline Bits slashed_tails(Bits starts, Bits mask) {
    Bits tails = 0;
    while (starts) {
        const Bits first = starts & -starts;
        const Bits run = run_from(first, mask) & ~(first - 1);
        tails |= run;
        starts &= ~(run | first);
    }
    return tails;
}

// Takes from `space`, `newline` and `other` what belongs to the punctuation before it.
template <Rules R>
void cut_tails(const Masks& masks, Bits& space, Bits& newline, Bits& other) {
    if constexpr (R.tail != Tail::none) {
        const Bits starts = newline & (other << 1);
        Bits tails = run_from(starts, newline);
        if constexpr (R.tail == Tail::newlines_slashes) {
            if (masks.slash & (tails << 1)) {
                tails = slashed_tails(starts, newline | masks.slash);
                other &= ~tails;
            }
        }
        space &= ~tails;
        newline &= ~tails;
    }
}

// \s*[\r\n]+ ends after the last newline of a run: cuts between it and the space that follows.
inline Bits after_last_newlines(Bits space, Bits newline) {
    const Bits rest = space & ~newline;
    Bits cuts = (newline << 1) & rest;
    Bits again = (rest + cuts) & ~rest & newline;
    while (again) {  // another newline comes in the same run
        cuts &= ~bit(highest(cuts & below(lowest(again))));
        again &= again - 1;
    }
    return cuts;
}

template <Rules R, bool kAscii>
void cut_space(const Masks& masks, Bits space, Bits newline, Cuts& cuts) {
    cuts.bits |= space & ~(space << 1);
    Bits ending = space & ~(space >> 1);  // what \s+(?!\S) leaves to the next pretoken
    if constexpr (R.newlines) ending &= ~newline;
    Bits after = 0;
    if constexpr (R.newlines) after = after_last_newlines(space, newline);
    // Where the run that reaches the end of the window starts, or the end. No branch: one window
    // in six ends in white space, and none can foresee which.
    const unsigned start = highest(~space & below(masks.size)) + 1;
    if (!masks.last) {
        cuts.stop_at(start + 1);
    } else if (start < masks.size) {
        ending &= below(masks.size - 1);
        if constexpr (R.final_run) after &= below(start);
    }
    if constexpr (!kAscii) {  // white space has up to three bytes
        for (int i = 0; i < 2; ++i) ending = (ending & masks.lead) | (ending & ~masks.lead) >> 1;
    }
    cuts.bits |= ending | after;
}

template <Rules R, bool kAscii>
void cut_numbers(const Masks& masks, Cuts& cuts) {
    const Bits starts = masks.number & ~(masks.number << 1);
    if constexpr (R.digits == 1) {
        cuts.bits |= masks.number & masks.lead;
    } else if constexpr (kAscii) {
        const Bits pairs = masks.number & masks.number << 1;
        const Bits fourth = pairs & pairs << 2;
        cuts.bits |= starts;
        for (Bits group = starts; (group = group << 3 & fourth);) cuts.bits |= group;
    } else {
        unsigned length = 0;
        for (Bits rest = masks.number & masks.lead; rest; rest &= rest - 1) {
            const Bits number = rest & -rest;
            length = number & starts ? 0 : length + 1;
            if (length % R.digits == 0) cuts.bits |= number;
        }
    }
}

// Inside words of Word::cased: an upper-case letter after a lower-case one starts a word; one after
// caseless letters does if they follow a lower-case one, or if no letter but upper-case ones come.
template <bool kAscii>
void cut_case(const Masks& masks, Cuts& cuts) {
    cuts.bits |= masks.upper & masks.lower << 1;
    if constexpr (kAscii) return;
    const Bits either = masks.caseless | masks.mark;
    for (Bits rest = masks.upper & either << 1; rest; rest &= rest - 1) {
        const unsigned i = lowest(rest);
        const Bits before = ~either & below(i);
        const unsigned stop = lowest(~masks.upper & ~below(i));
        if (before && masks.lower >> highest(before) & 1) {
            cuts.bits |= bit(i);
        } else if (stop >= masks.size && !masks.last) {
            cuts.stop_at(i);
        } else if (stop >= masks.size || !((masks.lower | either) >> stop & 1)) {
            cuts.bits |= bit(i);
        }
    }
}

// Contractions that are alternatives of their own; `places` are apostrophes where a pretoken
// starts, with a letter after them.
template <Rules R>
void cut_contractions(const Masks& masks, Pointer text, Bits places, Cuts& cuts) {
    for (; places; places &= places - 1) {
        const unsigned i = lowest(places);
        if (i + 3 > masks.size && !masks.last) return cuts.stop_at(i + 1);
        const Pointer end = text + masks.size;
        const Pointer stop = R.contraction == Contraction::cased
                                 ? scalar::cased_contraction(text + i, end)
                                 : scalar::caseless_contraction(text + i, end);
        if (!stop) continue;
        cuts.bits &= ~bit(i + 1);
        if (stop - text < kWindow) cuts.bits |= bit(static_cast<unsigned>(stop - text));
    }
}

// Contractions at the end of a word; `places` are apostrophes after a letter or a mark.
inline void cut_suffixes(const Masks& masks, Pointer text, Bits places, Bits word, Cuts& cuts) {
    for (unsigned done = 0; places; places &= places - 1) {
        const unsigned i = lowest(places);
        if (i == done) continue;  // follows a contraction, so it is not at the end of a word
        if (i + 3 > masks.size && !masks.last) return cuts.stop_at(i);
        const Pointer stop = scalar::caseless_contraction(text + i, text + masks.size);
        if (!stop) continue;
        done = static_cast<unsigned>(stop - text);
        cuts.bits &= below(i) | ~below(done);  // also the change of case in 'lL
        if (done >= kWindow) return;
        cuts.bits |= bit(done);
        if (word >> done & 1) return cuts.stop_at(done + 1);  // the case of letters starts afresh
    }
}

template <Rules R, bool kAscii>
void cut_words(const Masks& masks, Pointer text, Bits word, Bits other, Bits leading, Cuts& cuts) {
    const Bits starts = word & ~(word << 1);
    const Bits free = other & ~(other << 1) & ~(masks.blank << 1);  // no space joins the run
    cuts.bits |= free;
    Bits alone = free;  // the first character of the run; where letters follow, it leads them
    if constexpr (!kAscii) {
        for (int i = 0; i < 3; ++i) alone |= alone << 1 & ~masks.lead;
    }
    cuts.bits |= starts & ~((leading | alone) << 1);
    if constexpr (R.word == Word::cased) {
        cut_case<kAscii>(masks, cuts);
        const Bits stray = masks.mark & other << 1;  // a mark that may belong to punctuation
        const Bits runs = other & ~(other << 1);
        if (!kAscii && stray) cuts.stop_at(highest(runs & below(lowest(stray))) + 1);
    }
    if constexpr (R.contraction == Contraction::caseless) {
        const Bits places = masks.apostrophe & free & masks.letter() >> 1;
        if (places) cut_contractions<R>(masks, text, places, cuts);
    } else if constexpr (R.contraction == Contraction::suffix) {
        const Bits places = masks.apostrophe & word << 1;
        if (places) cut_suffixes(masks, text, places, word, cuts);
    }
}

// " ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+" with contractions before them.
template <Rules R>
void cut_spaced(const Masks& masks, Pointer text, Bits letter, Bits other, Cuts& cuts) {
    const Bits starts = (letter & ~(letter << 1)) | (masks.number & ~(masks.number << 1)) |
                        (other & ~(other << 1));
    const Bits free = starts & ~(masks.blank << 1);
    cuts.bits |= free;
    const Bits places = masks.apostrophe & free & letter >> 1;
    if (places) cut_contractions<R>(masks, text, places, cuts);
}

// Ends of the pretokens of the window that are certain; bit i is an end before byte i.
template <Rules R, bool kAscii>
Bits boundaries(const Masks& masks, Pointer text) {
    constexpr bool kMarks = R.word == Word::cased || R.word == Word::marked;
    const Bits word = masks.letter() | (kMarks ? masks.mark : 0);
    Bits space = masks.space;
    Bits newline = masks.newline;
    Bits other = ~(word | masks.number | space | masks.han) & below(masks.size);
    cut_tails<R>(masks, space, newline, other);
    Cuts cuts{masks.last ? bit(masks.size) : 0, masks.last ? kWindow : masks.size};
    cut_space<R, kAscii>(masks, space, newline, cuts);
    if constexpr (R.han) cuts.bits |= masks.han & ~(masks.han << 1);
    if constexpr (R.word == Word::spaced) {
        cut_spaced<R>(masks, text, word, other, cuts);
    } else {
        cut_numbers<R, kAscii>(masks, cuts);
        cut_words<R, kAscii>(masks, text, word, other, space & ~newline, cuts);
    }
    return cuts.bits & below(cuts.limit) & ~Bits{1};
}

}  // namespace
}  // namespace tokenry::split
