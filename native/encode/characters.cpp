#include "encode/characters.hpp"

#include <algorithm>
#include <bit>

#include "base/utf8.hpp"
#include "unicode/utf8.hpp"

namespace tokenry {
namespace {

constexpr std::uint32_t plane = 0x10000;

// Bits of the set of pairs: many for each pair, so that few are claimed wrongly.
int bits_for(std::size_t merges) {
    return std::clamp(static_cast<int>(std::bit_width(merges * 8)), 12, 22);
}

}  // namespace

Characters::Characters(const PieceTable& table, const PairTable& pairs, std::vector<Id> ids,
                       bool unknowns_fuse)
    : ids_(std::move(ids)), unknowns_fuse_(unknowns_fuse), lefts_(plane / 64),
      rights_(plane / 64) {
    const int bits = bits_for(pairs.size());
    others_.resize((std::size_t{1} << bits) / 64);
    shift_ = 64 - bits;
    for (std::size_t i = 0; i < pairs.size(); ++i)
        add_piece(table.data(pairs.merged_at(i)), table.width(pairs.merged_at(i)));
}

void Characters::add_piece(const std::uint8_t* text, std::size_t size) {
    const std::uint8_t* const end = text + size;
    unicode::Character left = unicode::decode(text, end);
    for (text += left.width; text < end;) {
        const unicode::Character right = unicode::decode(text, end);
        add(left.code, right.code);
        left = right;
        text += right.width;
    }
}

void Characters::add(std::uint32_t left, std::uint32_t right) {
    if ((left | right) < 0x80) ascii_[left][right >> 6] |= 1ull << (right & 63);
    const std::uint32_t slot = slot_of(left, right);
    others_[slot >> 6] |= 1ull << (slot & 63);
    if (left < plane) lefts_[left >> 6] |= 1ull << (left & 63);
    if (right < plane) rights_[right >> 6] |= 1ull << (right & 63);
}

// Without branches on what is in the sets: half of all pairs are, in no order.
inline bool Characters::meet(std::uint32_t left, std::uint32_t right) const {
    if ((left | right) < 0x80) return meet_ascii(left, right);
    const auto may = [](const std::vector<std::uint64_t>& bits, std::uint32_t code) {
        return code >= plane || (bits[code >> 6] >> (code & 63) & 1);
    };
    const std::uint32_t slot = slot_of(left, right);
    return may(lefts_, left) & may(rights_, right) & (others_[slot >> 6] >> (slot & 63) & 1);
}

inline bool Characters::certain(std::uint32_t left, std::uint32_t right) const {
    const bool apart = !meet(left, right);
    return unknowns_fuse_ ? apart & (known(left) | known(right)) : apart;
}

void Characters::cut(const std::uint8_t* text, std::size_t size,
                     Buffer<std::uint32_t>& ends) const {
    if (size == 0) return;
    ends.reserve_more(size);
    std::uint32_t* to = is_ascii(text, size) && !unknowns_fuse_ ? cut_ascii(text, size, ends.end())
                                                                : cut_any(text, size, ends.end());
    if (to == ends.end()) return;
    *to++ = static_cast<std::uint32_t>(size);
    ends.set_size(static_cast<std::size_t>(to - ends.data()));
}

std::uint32_t* Characters::cut_ascii(const std::uint8_t* text, std::size_t size,
                                     std::uint32_t* to) const {
    for (std::size_t at = 1; at < size; ++at) {
        *to = static_cast<std::uint32_t>(at);
        to += !meet_ascii(text[at - 1], text[at]);
    }
    return to;
}

std::uint32_t* Characters::cut_any(const std::uint8_t* text, std::size_t size,
                                   std::uint32_t* to) const {
    const std::uint8_t* const end = text + size;
    const std::uint8_t* at = text;
    unicode::Character left = unicode::decode(at, end);
    for (at += left.width; at < end;) {
        const unicode::Character right = unicode::decode(at, end);
        *to = static_cast<std::uint32_t>(at - text);
        to += certain(left.code, right.code);
        left = right;
        at += right.width;
    }
    return to;
}

}  // namespace tokenry
