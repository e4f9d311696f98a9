#include "encode/atoms.hpp"

#include <algorithm>
#include <cstring>
#include <span>
#include <unordered_map>

#include "base/utf8.hpp"
#include "encode/piece_index.hpp"

namespace tokenry::encode {
namespace {

constexpr std::uint32_t plane = 0x10000;
constexpr std::uint32_t no_character = 0xffffffffu;

struct Character {
    std::uint32_t code;  // no_character: not well-formed, or beyond the basic plane
    std::uint32_t size;
};

inline Character character_at(const std::uint8_t* text, std::size_t size) {
    const std::uint32_t lead = text[0];
    if (lead < 0x80) return {lead, 1};
    if (lead < 0xe0) {
        if (lead < 0xc2 || size < 2 || (text[1] & 0xc0) != 0x80) return {no_character, 1};
        return {(lead & 0x1f) << 6 | (text[1] & 0x3fu), 2};
    }
    if (lead < 0xf0) {
        if (size < 3 || (text[1] & 0xc0) != 0x80 || (text[2] & 0xc0) != 0x80)
            return {no_character, 1};
        const std::uint32_t code = (lead & 0xf) << 12 | (text[1] & 0x3fu) << 6 | (text[2] & 0x3fu);
        if (code < 0x800 || (code >= 0xd800 && code < 0xe000)) return {no_character, 1};
        return {code, 3};
    }
    return {no_character, static_cast<std::uint32_t>(base::character_size(text, size))};
}

// The same, fastest for well-formed characters of three bytes.
inline Character wide_character_at(const std::uint8_t* text, std::size_t size) {
    if (size >= 4) {
        std::uint32_t bytes;
        std::memcpy(&bytes, text, sizeof bytes);
        const std::uint32_t code =
            (bytes & 0xf) << 12 | (bytes >> 2 & 0xfc0) | (bytes >> 16 & 0x3f);
        if ((bytes & 0xc0c0f0) == 0x8080e0 && code >= 0x800 && (code & 0xf800) != 0xd800)
            return {code, 3};
    }
    return character_at(text, size);
}

bool continues(std::uint8_t byte) { return (byte & 0xc0) == 0x80; }

std::uint32_t part_key(const std::uint8_t* bytes, std::size_t size) {
    std::uint32_t key = static_cast<std::uint32_t>(size) << 24;
    for (std::size_t i = 0; i < size; ++i) key |= static_cast<std::uint32_t>(bytes[i]) << (8 * i);
    return key;
}

// Parts of one or of two bytes, by their keys.
constexpr std::size_t most_parts = 2 * plane;
std::size_t part_index(std::uint32_t key) {
    return (key & (plane - 1)) + (key >> 24 == 2 ? plane : 0);
}

// A part or a whole character as one of 2^16 values.
std::uint32_t side_hash(std::uint32_t key) { return key * 0x9e3779b1u >> 16; }

struct Encoded {
    std::uint8_t bytes[3];
    std::size_t size;
};

Encoded encode_utf8(std::uint32_t code) {
    const auto last = [&](int shift) { return static_cast<std::uint8_t>(0x80 | (code >> shift & 0x3f)); };
    if (code < 0x80) return {{static_cast<std::uint8_t>(code), 0, 0}, 1};
    if (code < 0x800) return {{static_cast<std::uint8_t>(0xc0 | code >> 6), last(0), 0}, 2};
    return {{static_cast<std::uint8_t>(0xe0 | code >> 12), last(6), last(0)}, 3};
}

struct Alone {
    Id id;  // what the character becomes, or no_id where it stays in parts
    std::uint32_t highest;
};

Alone merge_alone(const PairTable& pairs, const std::int64_t* byte_ids, const std::uint8_t* bytes,
                  std::size_t size) {
    Id ids[4];
    for (std::size_t i = 0; i < size; ++i) ids[i] = static_cast<Id>(byte_ids[bytes[i]]);
    std::uint32_t highest = 0;
    while (size > 1) {
        std::size_t at = 0;
        std::uint32_t lowest = no_merge;
        for (std::size_t i = 0; i + 1 < size; ++i)
            if (const auto order = pairs.order(ids[i], ids[i + 1]); order < lowest) {
                lowest = order;
                at = i;
            }
        if (lowest == no_merge) return {no_id, 0};
        highest = std::max(highest, lowest);
        ids[at] = pairs.merged(lowest, ids[at], ids[at + 1]);
        std::copy(ids + at + 2, ids + size, ids + at + 1);
        --size;
    }
    return {ids[0], highest};
}

}  // namespace

// Finds the pairs. Only characters that merging makes on their own take part, the known ones.
class Atoms::Builder {
public:
    Builder(Atoms& atoms, const PieceTable& table, const PairTable& pairs,
            const std::int64_t* byte_ids)
        : atoms_(atoms), table_(table), pairs_(pairs), highest_(plane), tears_(table.size()),
          heads_(most_parts), tails_(most_parts) {
        find_known(byte_ids);
        for (std::uint32_t i = 0; i < pairs.size(); ++i)
            if (!is_ascii(pairs.merged_at(i)))
                forget_early(pairs.merged_at(i), pairs.order_at(i));
        for (std::uint32_t code = 0; code < plane; ++code)
            if (atoms.ids_[code] != no_id) index(code);
        for (Id id = 0; id < table.size(); ++id)
            if (is_ascii(id))
                add_ascii(id);
            else
                tears_[id] = add_piece(id, no_merge);
        mark_torn_characters();
        for (std::uint32_t i = 0; i < pairs.size(); ++i)
            if (tears_[pairs.merged_at(i)]) add_piece(pairs.merged_at(i), pairs.order_at(i));
    }

private:
    // One end of a boundary inside a piece: a whole character, or the first or last bytes of one.
    struct Side {
        std::uint32_t code;  // no_character where it is a part
        std::uint32_t part;  // its key, 0 where nothing fits
    };

    void find_known(const std::int64_t* byte_ids) {
        for (std::uint32_t code = 0; code < 0x80; ++code)
            atoms_.ids_[code] = static_cast<Id>(byte_ids[code]);
        for (Id id = 0; id < table_.size(); ++id) {
            const std::size_t size = table_.width(id);
            if (size < 2 || size > 3) continue;
            const Character character = character_at(table_.data(id), size);
            if (character.code == no_character || character.size != size) continue;
            const Alone alone = merge_alone(pairs_, byte_ids, table_.data(id), size);
            atoms_.ids_[character.code] = alone.id;
            highest_[character.code] = alone.highest;
        }
    }

    // A character that something holds whole before it is surely made is not known.
    void forget_early(Id piece, std::uint32_t order) {
        const std::uint8_t* bytes = table_.data(piece);
        const std::size_t size = table_.width(piece);
        for (std::size_t at = 0; at < size;) {
            const Character character = character_at(bytes + at, size - at);
            if (character.code >= 0x80 && character.code < plane && character.size < size &&
                order <= highest_[character.code])
                atoms_.ids_[character.code] = no_id;
            at += character.size;
        }
    }

    void index(std::uint32_t code) {
        atoms_.left_[code] |= kKnown;
        atoms_.right_[code] |= kKnown;
        if (code < 0x80) return;
        const std::uint8_t* bytes = table_.data(atoms_.ids_[code]);
        const std::size_t size = table_.width(atoms_.ids_[code]);
        for (std::size_t n = 1; n < size; ++n) {
            parts_[part_key(bytes, n)].push_back(code);
            parts_[part_key(bytes + n, size - n)].push_back(code);
        }
    }

    bool is_ascii(Id piece) const {
        return base::is_ascii(table_.data(piece), table_.width(piece));
    }

    // What add_piece does where every byte is a character, which is half of all pieces.
    void add_ascii(Id piece) {
        const std::uint8_t* bytes = table_.data(piece);
        for (std::size_t i = 1; i < table_.width(piece); ++i)
            atoms_.adjacent_.add(bytes[i - 1], bytes[i]);
    }

    // Whether a boundary has a part of a character beside it.
    bool add_piece(Id piece, std::uint32_t order) {
        const std::uint8_t* bytes = table_.data(piece);
        const std::size_t size = table_.width(piece);
        if (size < 2) return false;
        bool tears = false;
        std::size_t tail = 0;
        while (tail < size && continues(bytes[tail])) ++tail;
        Side left{no_character, tail > 0 && tail < 3 ? part_key(bytes, tail) : 0};
        for (std::size_t at = tail; at < size;) {
            const Character character = character_at(bytes + at, size - at);
            Side right{character.code, 0};
            std::size_t next = at + character.size;
            if (character.code == no_character && character.size == 1) {
                while (next < size && continues(bytes[next])) ++next;
                // Bytes that are no character end a piece or stand only in broken text.
                if (next == size && next - at < 3) right.part = part_key(bytes + at, next - at);
            }
            if (at > 0) add_boundary(left, right, order);
            tears |= at > 0 && (left.code | right.code) == no_character;
            left = {right.code, 0};
            at = next;
        }
        return tears;
    }

    void mark_torn_characters() {
        for (std::uint32_t code = 0x80; code < plane; ++code) {
            const Encoded encoded = encode_utf8(code);
            for (std::size_t n = 1; n < encoded.size; ++n) {
                atoms_.right_[code] |= heads_[part_index(part_key(encoded.bytes, n))];
                atoms_.left_[code] |= tails_[part_index(part_key(encoded.bytes + n, encoded.size - n))];
            }
        }
    }

    void add_boundary(const Side& left, const Side& right, std::uint32_t order) {
        if (order == no_merge && (left.part != 0 || right.part != 0)) {
            const std::uint8_t kind = left.part == 0    ? kWholeBeforeHead
                                      : right.part == 0 ? kTailBeforeWhole
                                                        : kTailBeforeHead;
            if (left.part != 0)
                tails_[part_index(left.part)] |= kind;
            else if (left.code < plane)
                atoms_.left_[left.code] |= kind;
            if (right.part != 0)
                heads_[part_index(right.part)] |= kind;
            else if (right.code < plane)
                atoms_.right_[right.code] |= kind;
            atoms_.parts_.add(side_hash(left.part != 0 ? left.part : left.code),
                              side_hash(right.part != 0 ? right.part : right.code));
        }
        for (const std::uint32_t x : characters(left, 0))
            for (const std::uint32_t y : characters(right, 1)) {
                if (order == no_merge) {
                    atoms_.adjacent_.add(x, y);
                } else if ((left.code == no_character && order <= highest_[x]) ||
                           (right.code == no_character && order <= highest_[y])) {
                    atoms_.torn_.add(x, y);
                }
            }
    }

    std::span<const std::uint32_t> characters(const Side& side, int which) {
        if (side.code < plane) {
            single_[which] = side.code;
            return {&single_[which], 1};
        }
        const auto found = parts_.find(side.part);
        if (side.part == 0 || found == parts_.end()) return {};
        return found->second;
    }

    Atoms& atoms_;
    const PieceTable& table_;
    const PairTable& pairs_;
    std::vector<std::uint32_t> highest_;  // by code point
    std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> parts_;
    std::vector<bool> tears_;         // by id: what add_piece says
    std::vector<std::uint8_t> heads_, tails_;  // by part_index: what they may be, as in Atoms::left_
    std::uint32_t single_[2];
};

Atoms::Atoms(const PieceTable& table, const PairTable& pairs, const std::int64_t* byte_ids)
    : ids_(plane, no_id), adjacent_(20), torn_(19), parts_(16), left_(plane), right_(plane) {
    for (unsigned byte = 0; byte < 256; ++byte) bytes_[byte] = static_cast<Id>(byte_ids[byte]);
    Builder(*this, table, pairs, byte_ids);
    any_ = std::any_of(ids_.begin() + 0x80, ids_.end(), [](Id id) { return id != no_id; });
}

std::size_t Atoms::symbols(const std::uint8_t* text, std::size_t size, Id* out) const {
    std::size_t count = 0;
    for (; count < size && text[count] < 0x80; ++count) out[count] = bytes_[text[count]];
    if (count == size) return count;
    count = 0;
    bool whole = true;  // nothing tears the character at its left side
    for (std::size_t at = 0; at < size;) {
        const Character character = character_at(text + at, size - at);
        const std::size_t next = at + character.size;
        const std::uint32_t code = character.code;
        bool next_whole = true;
        if (next < size) {
            const std::uint32_t after = character_at(text + next, size - next).code;
            next_whole = (code | after) < plane && known(code) && known(after) &&
                         !torn_.has(code, after);
        }
        if (code < plane && ids_[code] != no_id && (code < 0x80 || (whole && next_whole))) {
            out[count++] = ids_[code];
        } else {
            for (std::size_t i = at; i < next; ++i) out[count++] = bytes_[text[i]];
        }
        whole = next_whole;
        at = next;
    }
    return count;
}

// Boundaries that no piece crosses are common between the characters of scripts that write words
// without spaces, three bytes each; elsewhere looking for them costs more than it gives.
void Atoms::cut(const std::uint8_t* text, std::size_t size, Buffer<std::uint32_t>& ends) const {
    if (size < 6 || std::max(text[0], text[1]) < 0xe0) return;
    ends.reserve_more(size);
    std::uint32_t* const first = ends.end();
    std::uint32_t* to = first;
    std::uint32_t last = no_character;
    for (std::size_t at = 0; at < size;) {
        const Character character = wide_character_at(text + at, size - at);
        *to = static_cast<std::uint32_t>(at);
        if ((last | character.code) < plane) to += certain(last, character.code);
        last = character.code;
        at += character.size;
    }
    if (to == first) return;
    *to++ = static_cast<std::uint32_t>(size);
    ends.set_size(static_cast<std::size_t>(to - ends.data()));
}

// Without a branch but for what is rare: half of all pairs are adjacent, in no order.
inline bool Atoms::certain(std::uint32_t left, std::uint32_t right) const {
    const bool apart = !adjacent_.has(left, right);
    const unsigned common = left_[left] & right_[right];
    const bool asks = apart & (common != 0) & ((common & kKnown) == 0);
    if (asks) [[unlikely]] return !parts_cross(left, right);
    return apart;
}

// Whether a piece holds a part of one of the two and the other, or a part of it, beside it.
bool Atoms::parts_cross(std::uint32_t left, std::uint32_t right) const {
    const Encoded before = encode_utf8(left);
    const Encoded after = encode_utf8(right);
    for (std::size_t n = 0; n < before.size; ++n) {
        const std::uint32_t tail = n == 0 ? left : part_key(before.bytes + n, before.size - n);
        for (std::size_t m = after.size; m > 0; --m) {
            const std::uint32_t head = m == after.size ? right : part_key(after.bytes, m);
            if ((n > 0 || m < after.size) && parts_.has(side_hash(tail), side_hash(head))) return true;
        }
    }
    return false;
}

}  // namespace tokenry::encode
