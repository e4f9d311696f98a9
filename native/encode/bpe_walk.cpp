#include "encode/bpe_walk.hpp"

#include <algorithm>
#include <stdexcept>
#include <string_view>

#include "base/interrupts.hpp"

namespace tokenry::encode {
namespace {

constexpr std::size_t longest_piece = 32;  // bytes; each may be read for each byte of a text
constexpr int known_bits = 13;
constexpr std::uint64_t no_answer = ~std::uint64_t{0};
constexpr Id none = (Id{1} << 22) - 1;  // in 22 bits: no piece fits

// Whether a pair may be among those that merge; for nearly all that are not, false.
bool may_merge(const PairSlots& pairs, Id left, Id right) {
    const std::uint64_t pair = std::uint64_t{left} << PairSlots::left_shift |
                               std::uint64_t{right} << PairSlots::right_shift;
    const std::uint64_t mixed = pair * PairSlots::multiplier;
    const std::uint32_t word = pairs.filter[mixed >> pairs.filter_shift];
    return word >> (mixed >> PairSlots::first_bit & 31) & word >> (mixed >> PairSlots::second_bit & 31) &
           1;
}

base::DoubleArray trie_of(const PieceTable& table, const std::vector<Id>& pieces) {
    std::vector<base::DoubleArray::Entry> entries;
    for (const Id id : pieces)
        entries.push_back(
            {{reinterpret_cast<const char*>(table.data(id)), table.width(id)}, id});
    return base::DoubleArray(std::move(entries));
}

}  // namespace

std::optional<BpeWalk> BpeWalk::of(const PieceTable& table, const PairTable& pairs,
                                   const std::vector<Id>& wholes) {
    const PairSlots slots = pairs.slots();
    if (slots.slots == nullptr || slots.merged != nullptr || pairs.size() == 0) return {};
    for (const Merge& merge : pairs.merges())
        if (std::max(merge.left, merge.right) >= merge.merged) return {};
    std::size_t bytes = 0;
    for (const Id id : wholes) {
        if (table.width(id) > longest_piece) return {};
        if (table.width(id) == 1 && id >= slots.first_merged) return {};
        bytes += table.width(id) == 1;
    }
    if (bytes < 256) return {};
    return BpeWalk(table, pairs, wholes);
}

BpeWalk::BpeWalk(const PieceTable& table, const PairTable& pairs, const std::vector<Id>& wholes)
    : pairs_(&pairs),
      slots_(pairs.slots()),
      trie_(trie_of(table, wholes)),
      parts_(table.size()),
      shorter_(table.size(), no_id),
      widths_(table.size()) {
    for (Id id = 0; id < table.size(); ++id) parts_[id] = {id, id};
    for (const Merge& merge : pairs.merges()) parts_[merge.merged] = {merge.left, merge.right};
    for (const Id id : wholes) {
        widths_[id] = static_cast<std::uint8_t>(table.width(id));
        std::uint32_t found = no_id;
        if (trie_.longest(table.data(id), table.width(id) - 1, found) > 0) shorter_[id] = found;
    }
}

// Takes the piece that was made later apart, the half at the border stays; a pair at the border that
// makes an id below what was taken apart would have merged first.
bool BpeWalk::fit(Id left, Id right) const {
    Id limit = no_id;
    for (;;) {
        if (may_merge(slots_, left, right)) {
            const std::uint32_t order = pairs_->order(left, right);
            if (order != no_merge && slots_.first_merged + order < limit) return false;
        }
        const bool left_is_later = left > right;
        const Id whole = left_is_later ? left : right;
        const Id half = left_is_later ? parts_[left].right : parts_[right].left;
        if (half == whole) return true;  // both are bytes
        // Of two equal merges the one on the left comes first.
        limit = left_is_later ? whole : whole + 1;
        left = left_is_later ? half : left;
        right = left_is_later ? right : half;
    }
}

// The longest piece that begins `piece` and fits behind `last`, or no_id.
Id BpeWalk::fitting(Id last, Id piece, Scratch& scratch) const {
    const std::uint64_t asked = std::uint64_t{last} << 21 | piece;
    std::uint64_t& slot = scratch.known[(asked * PairSlots::multiplier) >> (64 - known_bits)];
    if (slot >> 22 == asked) return static_cast<Id>(slot & none) == none ? no_id : slot & none;
    while (piece != no_id && !fit(last, piece)) piece = shorter_[piece];
    slot = asked << 22 | (piece == no_id ? none : piece);
    return piece;
}

void BpeWalk::encode(const std::uint8_t* text, std::size_t size, Scratch& scratch,
                     std::vector<Id>& ids) const {
    scratch.blocked.assign(size / 64 + 1, 0);
    if (scratch.known.empty()) scratch.known.assign(std::size_t{1} << known_bits, no_answer);
    const std::size_t first = ids.size();
    const auto blocked = [&](std::size_t at) { return scratch.blocked[at / 64] >> at % 64 & 1; };
    base::Paced paced;
    Id piece = longest(text, size);
    for (std::size_t at = 0; at < size; paced.step()) {
        const bool begins = ids.size() == first;
        if (!begins && piece != no_id) piece = fitting(ids.back(), piece, scratch);
        while (piece != no_id && blocked(at + widths_[piece])) {
            piece = shorter_[piece];
            if (!begins && piece != no_id) piece = fitting(ids.back(), piece, scratch);
        }
        if (piece != no_id) {
            ids.push_back(piece);
            at += widths_[piece];
            if (at < size) piece = longest(text + at, size - at);
        } else {
            if (begins) throw std::logic_error("no pieces fit together; the merges contradict");
            scratch.blocked[at / 64] |= std::uint64_t{1} << at % 64;
            at -= widths_[ids.back()];
            piece = shorter_[ids.back()];
            ids.pop_back();
        }
    }
}

}  // namespace tokenry::encode
