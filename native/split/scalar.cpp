#include "split/scalar.hpp"

namespace tokenry::split {

namespace {
constexpr std::array<Mask, 128> ascii_masks() {
    constexpr auto records = unicode::expand<unicode::kRecords, std::uint8_t>(unicode::kRecordRuns);
    std::array<Mask, 128> masks{};  // the first two blocks of the table are U+0000..U+007F
    for (std::size_t i = 0; i < 128; ++i) {
        masks[i] = Mask{1} << (records[i] & unicode::kCategoryBits);
    }
    return masks;
}
}  // namespace

constexpr std::array<Mask, 128> kAsciiMasks = ascii_masks();

namespace scalar {

namespace {

// Bytes of [sdmt]|ll|ve|re at `text`, all of it lower case.
std::uint32_t contracted(Pointer text, Pointer end) {
    if (text == end) return 0;
    const std::uint8_t first = text[0];
    if (first == 's' || first == 'd' || first == 'm' || first == 't') return 1;
    if (end - text < 2) return 0;
    const std::uint8_t second = text[1];
    const bool found = (first == 'l' && second == 'l') ||
                       ((first == 'v' || first == 'r') && second == 'e');
    return found ? 2 : 0;
}

std::uint8_t lower(std::uint8_t byte) { return byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte; }

}  // namespace

Pointer cased_contraction(Pointer text, Pointer end) {
    const std::uint32_t bytes = contracted(text + 1, end);
    return bytes ? text + 1 + bytes : nullptr;
}

Pointer caseless_contraction(Pointer text, Pointer end) {
    if (end - text >= 3 && text[1] == 0xC5 && text[2] == 0xBF) return text + 3;  // U+017F
    std::uint8_t folded[2] = {};
    const auto bytes = end - text > 2 ? 2 : end - text - 1;
    for (std::ptrdiff_t i = 0; i < bytes; ++i) folded[i] = lower(text[1 + i]);
    const std::uint32_t found = contracted(folded, folded + bytes);
    return found ? text + 1 + found : nullptr;
}

template <bool kSeparateHan>
Pointer cased_word(Pointer text, Pointer end) {
    constexpr Mask kEither = unicode::kCaseless | unicode::kMark;
    Pointer after_caseless = nullptr;
    Pointer stop = text;
    while (stop < end) {
        const Char next = read_as<kSeparateHan>(stop, end);
        if (next.mask & unicode::kLower)
            return skip<kSeparateHan>(stop, end, unicode::kLower | kEither);
        if (!(next.mask & (unicode::kUpper | kEither))) break;
        stop += next.width;
        if (next.mask & kEither) after_caseless = stop;
    }
    // No lower-case letter follows: U*L+ gives back upper-case letters up to the last caseless one.
    if (after_caseless) return after_caseless;
    return stop > text ? stop : nullptr;
}

template Pointer cased_word<false>(Pointer text, Pointer end);
template Pointer cased_word<true>(Pointer text, Pointer end);

Pointer white_space(Pointer text, Pointer end, bool newlines, bool final_run) {
    Pointer after_newline = nullptr;
    Pointer last = text;
    Pointer stop = text;
    while (stop < end) {
        const Char next = read(stop, end);
        if (!(next.mask & unicode::kSpace)) break;
        last = stop;
        stop += next.width;
        if (is_newline(*last)) after_newline = stop;
    }
    if (final_run && stop == end) return end;
    if (newlines && after_newline) return after_newline;
    if (stop == end || last == text) return stop;
    return last;  // \s+(?!\S) leaves the last one to what follows
}

constexpr Mask kOther = ~(unicode::kSpace | unicode::kLetter | unicode::kNumber);

Pointer superword_match(Pointer text, Pointer end) {
    if (at(text, end, unicode::kNumber)) return skip(text, end, unicode::kNumber, 3);
    const Pointer start = text + (*text == ' ');
    if (start < end) {
        const Pointer two = skip(start, end, kOther, 2);
        const bool found = two > start && two > start + read(start, end).width;
        if (found) {
            Pointer stop = skip(two, end, kOther);
            while (stop < end && (is_newline(*stop) || *stop == '/')) ++stop;
            return stop;
        }
    }
    Pointer stop = text;
    while (stop < end && *stop == ' ') ++stop;
    if (stop == text || stop == end || at(stop, end, unicode::kSpace)) {
        return stop == text ? nullptr : stop;
    }
    return stop - text > 1 ? stop - 1 : nullptr;
}

Pointer superword(Pointer text, Pointer end) {
    if (const Pointer stop = superword_match(text, end)) return stop;
    do {
        text = skip(text + read(text, end).width, end, unicode::kLetter);  // none starts at a letter
    } while (text < end && !superword_match(text, end));
    return text;
}

}  // namespace scalar
}  // namespace tokenry::split
