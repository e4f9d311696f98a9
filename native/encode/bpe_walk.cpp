#include "encode/bpe_walk.hpp"

#include <algorithm>
#include <mutex>
#include <stdexcept>
#include <string_view>

#include "base/interrupts.hpp"

namespace tokenry::encode {
namespace {

constexpr std::size_t longest_piece = 32;  // bytes; each may be read for each byte of a text
constexpr int known_bits = 13;
// Of a vocabulary of at most so many ids all pairs that do not fit are known: 8 MB, 0.1 s.
constexpr std::size_t most_known = 8192;
constexpr std::size_t pays_for_tables = 4096;  // bytes of a text
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

// What a long text is worth to know beforehand.
struct BpeWalk::Tables {
    struct Head {
        base::DoubleArray::Node node;  // the root where no longer piece begins so
        Id id;
    };
    std::once_flag filled;
    std::vector<Head> heads;            // what two bytes lead to, the first one lowest
    std::vector<std::uint64_t> unfits;  // row by left id, bit by right id; none of large vocabularies
    std::size_t words = 0;              // of a row

    bool unfit(Id left, Id right) const {
        return unfits[left * words + right / 64] >> right % 64 & 1;
    }
};

BpeWalk::BpeWalk(BpeWalk&&) noexcept = default;
BpeWalk& BpeWalk::operator=(BpeWalk&&) noexcept = default;
BpeWalk::~BpeWalk() = default;

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
      widths_(table.size()),
      tables_(std::make_unique<Tables>()) {
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

const BpeWalk::Tables& BpeWalk::tables() const {
    std::call_once(tables_->filled, [&] { fill(*tables_); });
    return *tables_;
}

// A merge of x with y tears a pair of pieces apart where x is at the right of the left one, y at the
// left of the right one, both whole at that time: made before, and merged into more only later.
void BpeWalk::fill(Tables& tables) const {
    tables.heads.resize(std::size_t{1} << 16);
    for (std::size_t two = 0; two < tables.heads.size(); ++two) {
        const std::uint8_t text[] = {static_cast<std::uint8_t>(two), static_cast<std::uint8_t>(two >> 8)};
        Id id = no_id;
        trie_.longest(text, 2, id);
        const auto first = trie_.child(base::DoubleArray::kRoot, text[0]);
        const auto second = first ? trie_.child(first, text[1]) : base::DoubleArray::kRoot;
        tables.heads[two] = {second, id};
    }
    const std::size_t size = parts_.size();
    if (size > most_known) return;
    struct Held {
        Id piece, until;  // merges before that find it whole
    };
    std::vector<std::vector<Held>> starts(size);  // pieces that begin with an id
    std::vector<std::vector<std::pair<Id, Id>>> merges(size);  // by left id: right and made id
    for (const Merge& merge : pairs_->merges())
        merges[merge.left].push_back({merge.right, merge.merged});
    for (Id piece = 0; piece < size; ++piece) {
        if (widths_[piece] == 0) continue;
        // Of equal merges that on the left comes first, which the right piece has to wait for.
        starts[piece].push_back({piece, no_id});
        for (Id whole = piece; parts_[whole].left != whole; whole = parts_[whole].left)
            starts[parts_[whole].left].push_back({piece, whole + 1});
    }
    tables.words = size / 64 + 1;
    tables.unfits.assign(size * tables.words, 0);
    for (Id left = 0; left < size; ++left) {
        if (widths_[left] == 0) continue;
        std::uint64_t* const row = &tables.unfits[left * tables.words];
        Id until = no_id;
        for (Id half = left;; until = half, half = parts_[half].right) {
            for (const auto& [right, made] : merges[half]) {
                if (made >= until) continue;
                for (const Held& held : starts[right])
                    if (made < held.until) row[held.piece / 64] |= std::uint64_t{1} << held.piece % 64;
            }
            if (parts_[half].right == half) break;
        }
    }
}

Id BpeWalk::longest(const std::uint8_t* text, std::size_t size) const {
    std::uint32_t id = no_id;
    trie_.longest(text, size, id);
    return id;
}

void BpeWalk::encode(const std::uint8_t* text, std::size_t size, Scratch& scratch,
                     std::vector<Id>& ids) const {
    const Tables* const known = size >= pays_for_tables ? &tables() : nullptr;
    if (known != nullptr && known->words > 0)
        return walk(text, size, scratch, ids, [&](const std::uint8_t* at, std::size_t left) {
            return longest(*known, at, left);
        }, [&](Id last, Id piece) {
            while (piece != no_id && known->unfit(last, piece)) piece = shorter_[piece];
            return piece;
        });
    if (scratch.known.empty()) scratch.known.assign(std::size_t{1} << known_bits, no_answer);
    walk(text, size, scratch, ids, [&](const std::uint8_t* at, std::size_t left) {
        return known != nullptr ? longest(*known, at, left) : longest(at, left);
    }, [&](Id last, Id piece) { return fitting(last, piece, scratch); });
}

Id BpeWalk::longest(const Tables& tables, const std::uint8_t* text, std::size_t size) const {
    if (size < 2) return longest(text, size);
    const Tables::Head head = tables.heads[text[0] | text[1] << 8];
    Id id = head.id;
    auto node = head.node;
    for (std::size_t i = 2; node != base::DoubleArray::kRoot && i < size; ++i) {
        node = trie_.child(node, text[i]);
        if (node == base::DoubleArray::kRoot) break;
        if (const auto value = trie_.value(node); value != base::DoubleArray::kNone)
            id = static_cast<Id>(value);
    }
    return id;
}

template <typename Longest, typename Fitting>
void BpeWalk::walk(const std::uint8_t* text, std::size_t size, Scratch& scratch,
                   std::vector<Id>& ids, Longest longest_at, Fitting fitting_behind) const {
    scratch.blocked.assign(size / 64 + 1, 0);
    const std::size_t first = ids.size();
    const auto blocked = [&](std::size_t at) { return scratch.blocked[at / 64] >> at % 64 & 1; };
    base::Paced paced;
    Id piece = longest_at(text, size);
    for (std::size_t at = 0; at < size; paced.step()) {
        const bool begins = ids.size() == first;
        if (!begins && piece != no_id) piece = fitting_behind(ids.back(), piece);
        while (piece != no_id && blocked(at + widths_[piece])) {
            piece = shorter_[piece];
            if (!begins && piece != no_id) piece = fitting_behind(ids.back(), piece);
        }
        if (piece != no_id) [[likely]] {
            ids.push_back(piece);
            at += widths_[piece];
            if (at < size) piece = longest_at(text + at, size - at);
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
