#include "formats/token_names.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "base/key.hpp"

namespace tokenry::formats {
namespace {

const std::uint8_t* bytes_of(std::string_view text) {
    return reinterpret_cast<const std::uint8_t*>(text.data());
}

// A hash of two strings as of one, for names that are looked up in two parts.
class Hash {
public:
    void add(std::string_view text) {
        for (const char each : text) state_ = (state_ ^ std::uint8_t(each)) * 0x100000001b3ull;
    }
    std::uint32_t value() const { return std::uint32_t(state_ ^ state_ >> 29); }

private:
    std::uint64_t state_ = 0xcbf29ce484222325ull;  // FNV-1a (Fowler, Noll, Vo 1991)
};

// The byte that each character of the byte-level alphabet stands for, by code point; -1: none.
constexpr std::array<std::int16_t, 324> byte_level_codes() {
    std::array<std::int16_t, 324> bytes{};
    bytes.fill(-1);
    std::int16_t next = 256;
    for (std::int16_t byte = 0; byte < 256; ++byte) {
        const bool printable = (byte >= 0x21 && byte < 0x7f) || (byte >= 0xa1 && byte != 0xad);
        bytes[printable ? byte : next++] = byte;
    }
    return bytes;
}
constexpr auto kByteLevel = byte_level_codes();

bool append_byte_level(std::string_view name, Buffer<std::uint8_t>& out) {
    out.reserve_more(name.size());
    std::uint8_t* to = out.end();
    const std::uint8_t* text = bytes_of(name);
    for (std::size_t at = 0; at < name.size();) {
        std::size_t code = text[at++];
        if (code >= 0x80) {
            if (code > 0xc5) return false;  // past U+017F
            code = (code & 0x1f) << 6 | (text[at++] & 0x3f);
        }
        if (code >= kByteLevel.size() || kByteLevel[code] < 0) return false;
        *to++ = static_cast<std::uint8_t>(kByteLevel[code]);
    }
    out.set_size(static_cast<std::size_t>(to - out.data()));
    return true;
}

constexpr std::string_view kMark = "\xe2\x96\x81";

bool append_unmarked(std::string_view name, Buffer<std::uint8_t>& out) {
    bool spaced = false;
    out.reserve_more(name.size());
    for (std::size_t at = 0; at < name.size();) {
        const bool mark = name[at] == kMark[0] && name.substr(at, kMark.size()) == kMark;
        spaced |= name[at] == ' ';
        out.push(mark ? ' ' : std::uint8_t(name[at]));
        at += mark ? kMark.size() : 1;
    }
    return !spaced;
}

// Pairs of ids that were seen, each with the place of the first.
class SeenPairs {
public:
    explicit SeenPairs(std::size_t count)
        : slots_(std::bit_ceil(2 * count + 16), ~std::size_t{0}), mask_(slots_.size() - 1) {}

    // The place of an equal pair before, or `place` itself.
    std::size_t add(const Buffer<std::uint32_t>& rows, std::size_t place) {
        const std::uint64_t pair = pair_of(rows, place);
        std::size_t at = (pair * 0x9e3779b97f4a7c15ull >> 20) & mask_;
        for (; slots_[at] != ~std::size_t{0}; at = (at + 1) & mask_)
            if (pair_of(rows, slots_[at]) == pair) return slots_[at];
        return slots_[at] = place;
    }

private:
    static std::uint64_t pair_of(const Buffer<std::uint32_t>& rows, std::size_t place) {
        return std::uint64_t{rows[3 * place]} << 32 | rows[3 * place + 1];
    }
    std::vector<std::size_t> slots_;
    std::size_t mask_;
};

}  // namespace

TokenNames::TokenNames(Strings names, std::vector<Id> missing)
    : names_(std::move(names)),
      missing_(std::move(missing)),
      slots_(std::bit_ceil(2 * size() + 16)),
      mask_(slots_.size() - 1) {
    std::size_t next = 0;
    for (Id id = 0; id < size(); ++id) {
        if (next < missing_.size() && missing_[next] == id)
            ++next;
        else
            add(id);
    }
}

void TokenNames::add(Id id) {
    Hash hash;
    hash.add(names_[id]);
    std::size_t at = hash.value() & mask_;
    for (; slots_[at].id != kNone; at = (at + 1) & mask_) {
        if (slots_[at].hash == hash.value() && names_[slots_[at].id] == names_[id]) {
            repeats_ = true;
            break;
        }
    }
    slots_[at] = {hash.value(), id};
}

bool TokenNames::has(Id id) const {
    return id < size() && !std::binary_search(missing_.begin(), missing_.end(), id);
}

bool TokenNames::holds(std::string_view text) const {
    const std::string_view all(reinterpret_cast<const char*>(names_.bytes.data()),
                               names_.bytes.size());
    return all.find(text) != all.npos;
}

Id TokenNames::find(std::string_view left, std::string_view right) const {
    Hash hash;
    hash.add(left);
    hash.add(right);
    for (std::size_t at = hash.value() & mask_; slots_[at].id != kNone; at = (at + 1) & mask_) {
        if (slots_[at].hash != hash.value()) continue;
        const std::string_view name = names_[slots_[at].id];
        if (name.size() == left.size() + right.size() && name.starts_with(left) &&
            name.ends_with(right))
            return slots_[at].id;
    }
    return kNone;
}

Pieces TokenNames::pieces(Spelling spelling) const {
    Pieces made;
    made.strings.bytes.reserve_more(names_.bytes.size());
    made.strings.offsets.reserve_more(size());
    for (std::size_t id = 0; id < size(); ++id) {
        const std::size_t begin = made.strings.bytes.size();
        const bool even = spelling == Spelling::kPlain ? true
                          : spelling == Spelling::kMarks
                              ? append_unmarked(names_[id], made.strings.bytes)
                              : append_byte_level(names_[id], made.strings.bytes);
        if (!even) made.odd.push(static_cast<std::uint32_t>(id));
        if (spelling == Spelling::kPlain || (!even && spelling == Spelling::kBytes)) {
            made.strings.bytes.set_size(begin);
            made.strings.bytes.append(bytes_of(names_[id]), names_[id].size());
        }
        made.strings.close();
    }
    return made;
}

Strings TokenNames::words(std::string_view prefix) const {
    Strings made;
    made.bytes.reserve_more(names_.bytes.size() + size());
    made.offsets.reserve_more(size());
    std::size_t next = 0;
    for (Id id = 0; id < size(); ++id) {
        const bool gap = next < missing_.size() && missing_[next] == id;
        next += gap;
        std::string_view name = names_[id];
        if (name.starts_with(prefix))
            name.remove_prefix(prefix.size());
        else if (!gap)
            made.bytes.push(' ');
        made.bytes.append(bytes_of(name), name.size());
        made.close();
    }
    return made;
}

NamedMerges TokenNames::merges(const StringsView& pairs, std::size_t skipped) const {
    const std::size_t count = pairs.size() / 2;
    NamedMerges made;
    made.rows.reserve_more(3 * count);
    made.ranks.reserve_more(count);
    SeenPairs seen(count);
    Id expected = kNone;
    for (std::size_t rank = 0; rank < count; ++rank) {
        const std::string_view left = pairs[2 * rank], right = pairs[2 * rank + 1];
        const std::string_view rest = right.substr(std::min(skipped, right.size()));
        const Id ids[] = {find(left), find(right), merged(left, rest, expected)};
        if (std::find(std::begin(ids), std::end(ids), kNone) != std::end(ids)) {
            made.bad = rank;
            return made;
        }
        expected = ids[2] + 1;
        const std::size_t place = made.ranks.size();
        made.rows.append(ids, 3);
        const std::size_t first = seen.add(made.rows, place);
        if (first == place)
            made.ranks.push(static_cast<std::uint32_t>(rank));
        else
            made.ranks[first] = static_cast<std::uint32_t>(rank);
        made.rows.set_size(3 * made.ranks.size());
    }
    return made;
}

// Most files number what merges make in their order.
Id TokenNames::merged(std::string_view left, std::string_view right, Id expected) const {
    if (expected < size() && !repeats_ && missing_.empty()) {
        const std::string_view name = names_[expected];
        if (name.size() == left.size() + right.size() && name.starts_with(left) &&
            name.ends_with(right))
            return expected;
    }
    return find(left, right);
}

}  // namespace tokenry::formats
