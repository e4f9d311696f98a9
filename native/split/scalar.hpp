// The reference matchers: each returns the end of the pretoken that starts at `text` < `end`.
// Every one is linear in the text it consumes. The vector paths are tested against them, and they
// against the regular expressions in src/tokenry/text/pretokenizers/split_patterns.py.
#pragma once
#include "split/characters.hpp"
#include "split/matchers.hpp"
#include "split/rules.hpp"

namespace tokenry::split::scalar {

// End of U*L+ | U+L* (see Word::cased) from `text`, or null.
template <bool kSeparateHan>
Pointer cased_word(Pointer text, Pointer end);

// White space, where no earlier alternative matched.
Pointer white_space(Pointer text, Pointer end, bool newlines, bool final_run);

template <Rules R>
inline constexpr Mask kWordMask =
    unicode::kLetter | (R.word == Word::marked || R.word == Word::cased ? unicode::kMark : 0);

template <Rules R>
inline constexpr Mask kOtherMask =
    ~(unicode::kSpace | unicode::kLetter | unicode::kNumber | kHanLetter |
      (R.word == Word::marked ? unicode::kMark : 0));

// The word that starts at `text`, with no character before its letters; null if there is none.
template <Rules R>
Pointer letters(Pointer text, Pointer end) {
    if constexpr (R.word != Word::cased) return skip(text, end, kWordMask<R>);
    const Pointer word = cased_word<R.han>(text, end);
    if constexpr (R.contraction != Contraction::suffix) return word;
    if (word == nullptr || word == end || *word != '\'') return word;
    const Pointer suffix = caseless_contraction(word, end);
    return suffix ? suffix : word;
}

template <Rules R>
Pointer word(Pointer text, Char first, Pointer end) {
    if (first.mask & kWordMask<R>) return letters<R>(text, end);
    const bool may_lead = R.word == Word::spaced
                              ? *text == ' '
                              : !is_newline(*text) && !(first.mask & unicode::kNumber);
    const Pointer start = text + first.width;
    return may_lead && at<R.han>(start, end, kWordMask<R>) ? letters<R>(start, end) : nullptr;
}

template <Rules R>
Pointer number(Pointer text, Char first, Pointer end) {
    if constexpr (R.digits != 0) {
        if (!(first.mask & unicode::kNumber)) return nullptr;
        return skip(text, end, unicode::kNumber, R.digits);
    }
    const Pointer start = text + (*text == ' ');
    return at(start, end, unicode::kNumber) ? skip(start, end, unicode::kNumber) : nullptr;
}

template <Rules R>
Pointer punctuation(Pointer text, Pointer end) {
    const Pointer start = text + (*text == ' ');
    if (!at<R.han>(start, end, kOtherMask<R>)) return nullptr;
    Pointer stop = skip<R.han>(start, end, kOtherMask<R>);
    if constexpr (R.tail != Tail::none) {
        while (stop < end && (is_newline(*stop) ||
                              (R.tail == Tail::newlines_slashes && *stop == '/'))) {
            ++stop;
        }
    }
    return stop;
}

// [\p{Han}]+, or null.
inline Pointer han(Pointer text, Pointer end) {
    const Pointer start = text;
    while (text < end && is_han(text, end)) text += read(text, end).width;
    return text > start ? text : nullptr;
}

template <Rules R>
Pointer match(Pointer text, Pointer end) {
    if (*text == '\'') {
        Pointer contraction = nullptr;
        if constexpr (R.contraction == Contraction::cased) {
            contraction = cased_contraction(text, end);
        } else if constexpr (R.contraction == Contraction::caseless) {
            contraction = caseless_contraction(text, end);
        }
        if (contraction) return contraction;
    }
    if constexpr (R.han)
        if (const Pointer stop = han(text, end)) return stop;
    const Char first = read_as<R.han>(text, end);
    if (const Pointer stop = word<R>(text, first, end)) return stop;
    if (const Pointer stop = number<R>(text, first, end)) return stop;
    if (const Pointer stop = punctuation<R>(text, end)) return stop;
    return white_space(text, end, R.newlines, R.final_run);
}

}  // namespace tokenry::split::scalar
