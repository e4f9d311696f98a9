#include "normalize/bert.hpp"

#include <algorithm>
#include <cstring>

#include "base/key.hpp"
#include "normalize/bert_alignment.hpp"
#include "normalize/utf8.hpp"

namespace tokenry::normalize {

using unicode::Character;
using unicode::kInvalid;

BertNormalizer::BertNormalizer(bert::Options options)
    : options_(options),
      flags_(options.flags()),
      changes_(static_cast<std::uint8_t>(
          flags_ & (bert::kRemoved | bert::kHan | bert::kStripped | bert::kLowered |
                    (options.clean_text ? bert::kWhite : 0)))) {
    for (std::uint32_t code = 0; code < 128; ++code) {
        const std::uint8_t flags = bert::record(code) & changes_;
        ascii_[code] = flags & bert::kRemoved   ? kGone
                       : flags & bert::kWhite   ? std::uint8_t{' '}
                       : flags & bert::kLowered ? static_cast<std::uint8_t>(code | 0x20)
                                                : static_cast<std::uint8_t>(code);
        if (ascii_[code] != code) unsure_.add(static_cast<std::uint8_t>(code));
    }
    for (unsigned byte = 0x80; byte < 0x100; ++byte) unsure_.add(static_cast<std::uint8_t>(byte));
}

bool BertNormalizer::change(std::string_view text, std::string& result) const {
    const Place begin = reinterpret_cast<Place>(text.data()), end = begin + text.size();
    if (unsure_.find(begin, end) == end) return false;
    result = Normalizer::normalize(text);
    return true;
}

std::string BertNormalizer::normalize(std::string_view text, Places* starts, Places* ends) const {
    if (starts) return align_bert(options_, text, *starts, *ends);
    Output out;
    out.reserve_more(text.size() + text.size() / 16 + 16);
    append(text, out);
    return {reinterpret_cast<const char*>(out.data()), out.size()};
}

namespace {

constexpr std::uint64_t each(std::uint8_t byte) { return 0x0101010101010101u * byte; }
// Whether all eight bytes lie between '!' and '~'.
constexpr bool are_printable(std::uint64_t bytes) {
    const std::uint64_t from_first = bytes + each(0x80 - '!'), behind_last = bytes + each(0x80 - 0x7f);
    return ((bytes | ~from_first | behind_last) & each(0x80)) == 0;
}
// Of eight ASCII characters.
constexpr std::uint64_t lowered(std::uint64_t bytes) {
    const std::uint64_t from_first = bytes + each(0x80 - 'A'), behind_last = bytes + each(0x80 - '[');
    return bytes | (from_first & ~behind_last & each(0x80)) >> 2;
}

}  // namespace

bool BertNormalizer::append_plain(std::string_view text, Output& out) const {
    if (text.size() > base::Key::longest) return false;
    const base::Key key = base::key_of(reinterpret_cast<Place>(text.data()), text.size());
    const base::KeyMask inside = base::key_masks.of[text.size()];
    std::uint64_t halves[2] = {(key.low & inside.low) | (each('a') & ~inside.low),
                               (key.high & inside.high) | (each('a') & ~inside.high)};
    if (!are_printable(halves[0]) || !are_printable(halves[1])) return false;
    if (options_.lowercase)
        for (std::uint64_t& half : halves) half = lowered(half);
    out.reserve_more(sizeof halves);
    std::memcpy(out.end(), halves, sizeof halves);
    out.set_size(out.size() + text.size());
    return true;
}

void BertNormalizer::append(std::string_view text, Output& out) const {
    Place at = reinterpret_cast<Place>(text.data());
    const Place end = at + text.size();
    while (at < end) {
        if (*at < 0x80) {
            at = copy_ascii(at, end, out);
            continue;
        }
        const Character character = unicode::decode(at, end);
        const std::uint8_t flags =
            character.code == kInvalid ? 0 : bert::record(character.code) & flags_;
        if (flags & changes_) {
            at = change_one(at, end, flags, character, out);
        } else {
            out.reserve_more(4);
            for (std::uint32_t i = 0; i < character.width; ++i) out.end()[i] = at[i];
            out.set_size(out.size() + character.width);
            at += character.width;
        }
    }
}

BertNormalizer::Place BertNormalizer::copy_ascii(Place at, Place end, Output& out) const {
    Place stop = at + 1;
    while (stop < end && *stop < 0x80) ++stop;
    out.reserve_more(static_cast<std::size_t>(stop - at));
    std::uint8_t* to = out.end();
    for (; at < stop; ++at) {
        *to = ascii_[*at];
        to += *to != kGone;
    }
    out.set_size(static_cast<std::size_t>(to - out.data()));
    return stop;
}

// Appends what the character at `at` becomes; returns where to go on.
BertNormalizer::Place BertNormalizer::change_one(Place at, Place end, std::uint8_t flags,
                                                 Character character, Output& out) const {
    Place next = at + character.width;
    if (flags & bert::kRemoved) return next;
    if (flags & changes_ & bert::kWhite) {
        out.push(' ');
        return next;
    }
    if (flags & bert::kHan) out.push(' ');
    if (flags & bert::kStripped)
        next = strip(next, end, bert::stripped(character.code), out);
    else
        lower(character.code, out);
    if (flags & bert::kHan) out.push(' ');
    return next;
}

BertNormalizer::Place BertNormalizer::strip(Place next, Place end, const bert::Spelling& spelling,
                                            Output& out) const {
    if (spelling.ordered) return order(next, end, spelling, out);
    for (const std::uint32_t code : spelling) lower(code, out);
    return next;
}

// Characters that are kept and have a combining class come in the order of these classes, whatever
// accents and removed characters stood between them; few scripts have any.
BertNormalizer::Place BertNormalizer::order(Place next, Place end, const bert::Spelling& first,
                                            Output& out) const {
    std::vector<std::uint32_t> codes;
    for (const std::uint32_t code : first)
        if (bert::combining(code)) codes.push_back(code);
        else lower(code, out);
    while (next < end) {
        const Character character = unicode::decode(next, end);
        if (character.code == kInvalid) break;
        const std::uint8_t flags = bert::record(character.code) & flags_;
        if (!(flags & (bert::kRemoved | bert::kPassed))) {
            if (!bert::combining(character.code)) break;
            codes.push_back(character.code);
        }
        next += character.width;
    }
    std::ranges::stable_sort(codes, {}, bert::combining);
    for (const std::uint32_t code : codes) lower(code, out);
    return next;
}

namespace {

void append_utf8(std::uint32_t code, BertNormalizer::Output& out) {
    out.reserve_more(4);
    out.set_size(out.size() + encode(code, out.end()));
}

}  // namespace

void BertNormalizer::lower(std::uint32_t code, Output& out) const {
    if (!(bert::record(code) & flags_ & bert::kLowered)) return append_utf8(code, out);
    for (const std::uint32_t each : bert::lowered(code)) append_utf8(each, out);
}

}  // namespace tokenry::normalize
