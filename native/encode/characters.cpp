#include "encode/characters.hpp"

#include <algorithm>
#include <bit>

#include "base/utf8.hpp"
#include "unicode/utf8.hpp"

namespace tokenry::encode {
namespace {

constexpr std::uint32_t plane = 0x10000;

// Bits of the set of pairs: many for each pair, so that few are claimed wrongly.
int bits_for(std::size_t pieces) {
    return std::clamp(static_cast<int>(std::bit_width(pieces * 8)), 12, 22);
}

}  // namespace

std::vector<Id> character_ids(const PieceTable& table, const std::vector<Id>& ids) {
    std::vector<Id> found(plane, no_id);
    for (const Id id : ids) {
        const std::uint8_t* piece = table.data(id);
        const auto [code, width] = unicode::decode(piece, piece + table.width(id));
        if (width == table.width(id) && code < plane) found[code] = id;
    }
    return found;
}

Characters::Characters(std::vector<Id> ids, bool unknowns_fuse, std::size_t pieces)
    : ids_(std::move(ids)), unknowns_fuse_(unknowns_fuse) {
    for (Bits* bits : {&lefts_, &rights_, &known_, &occur_}) bits->resize(plane / 64);
    for (std::uint32_t code = 0; code < ids_.size(); ++code)
        if (ids_[code] != no_id) put_in(known_, code);
    occur_ = known_;
    const int bits = bits_for(pieces);
    others_.resize((std::size_t{1} << bits) / 64);
    shift_ = 64 - bits;
    for (std::uint32_t unknown = 0; unknowns_fuse && unknown < 0x80; ++unknown)
        for (std::uint32_t other = 0; !known(unknown) && other < 0x80; ++other) {
            join_ascii(unknown, other);
            join_ascii(other, unknown);
        }
}

void Characters::add(const std::uint8_t* piece, std::size_t size) {
    const std::uint8_t* const end = piece + size;
    unicode::Character left = unicode::decode(piece, end);
    for (piece += left.width; piece < end;) {
        const unicode::Character right = unicode::decode(piece, end);
        add(left.code, right.code);
        left = right;
        piece += right.width;
    }
}

void Characters::add(std::uint32_t left, std::uint32_t right) {
    if ((left | right) < 0x80) join_ascii(left, right);
    const std::uint32_t slot = slot_of(left, right);
    others_[slot >> 6] |= 1ull << (slot & 63);
    if (left < plane) put_in(lefts_, left), put_in(occur_, left);
    if (right < plane) put_in(rights_, right), put_in(occur_, right);
}

// Without branches on what is in the sets: half of all pairs are, in no order.
inline bool Characters::meet(std::uint32_t left, std::uint32_t right) const {
    if ((left | right) < 0x80) return meet_ascii(left, right);
    const auto may = [](const Bits& bits, std::uint32_t code) {
        return code >= plane || is_in(bits, code);
    };
    const std::uint32_t slot = slot_of(left, right);
    const bool left_may = may(lefts_, left), right_may = may(rights_, right);
    return left_may & right_may & (others_[slot >> 6] >> (slot & 63) & 1);
}

inline bool Characters::certain(std::uint32_t left, std::uint32_t right) const {
    const bool apart = !meet(left, right);
    if (!unknowns_fuse_) return apart;
    const bool left_known = known(left), right_known = known(right);
    return apart & (left_known | right_known) & (left_known | (left >= 0x80)) &
           (right_known | (right >= 0x80));
}

void Characters::cut(const std::uint8_t* text, std::size_t size,
                     Buffer<std::uint32_t>& ends) const {
    if (size == 0) return;
    ends.reserve_more(size);
    std::uint32_t* to = base::is_ascii(text, size) ? cut_ascii(text, size, ends.end())
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

std::size_t Characters::run(const std::uint8_t* text, std::size_t from, std::size_t size) const {
    const std::uint8_t* const end = text + size;
    const std::uint8_t* at = text + from;
    unicode::Character left = unicode::decode(at, end);
    for (at += left.width; at < end;) {
        const unicode::Character right = unicode::decode(at, end);
        if (!meet(left.code, right.code)) break;
        left = right;
        at += right.width;
    }
    return static_cast<std::size_t>(at - text);
}

}  // namespace tokenry::encode
