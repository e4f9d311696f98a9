// A log of merges, supermerges and deletions, indexed so that the next one that applies is found
// at once. See tokenry/text/segmenters/event_log.py for what the log means.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "encode/piece_table.hpp"

namespace tokenry::encode {

struct Event {
    enum Kind : std::uint32_t { merge, supermerge, deletion };
    std::uint32_t kind, left, right, made;  // of a deletion only `left` counts
};

class EventTable {
public:
    using Symbol = std::uint32_t;
    using Time = std::uint32_t;  // the number of an event
    static constexpr Time never = 0xFFFFFFFF;

    // `ids` are those of symbols, -1 of one that is deleted in the end; the first 256 symbols are
    // the bytes, in any order. Throws VocabularyError on a log that contradicts itself or `pieces`.
    EventTable(const PieceTable& pieces, std::span<const Event> events,
               std::span<const std::int64_t> ids);

    const Event& event(Time time) const { return events_[time]; }
    Symbol byte(std::uint8_t byte) const { return bytes_[byte]; }
    std::uint32_t width(Symbol symbol) const { return widths_[symbol]; }
    Id id(Symbol symbol) const { return static_cast<Id>(ids_[symbol]); }

    // The first event from `from` on that joins or deletes these, or `never`.
    Time next_merge(Symbol left, Symbol right, Time from) const {
        return next(first(merges_, left, right), from);
    }
    Time next_supermerge(Symbol left, Symbol right, Time from) const {
        return next(first(supermerges_, left, right), from);
    }
    Time next_deletion(Symbol symbol, Time from) const { return next(deletions_[symbol], from); }

    // What a deletion leaves of its symbol, from left to right.
    std::span<const Symbol> parts(Time deletion) const {
        const Span& span = parts_[events_[deletion].right];
        return {part_symbols_.data() + span.begin, span.count};
    }

private:
    struct Slot {
        std::uint64_t key = 0;
        Time first = never;
    };
    struct Span {
        std::size_t begin, count;
    };
    struct Derivation {
        Symbol left = 0, right = 0;
        bool present = false, superword = false;
    };

    static std::uint64_t key(Symbol left, Symbol right) {
        return std::uint64_t{left} << 32 | right;
    }
    static std::size_t place(const std::vector<Slot>& slots, std::uint64_t key) {
        const std::uint64_t mixed = (key ^ key >> 29) * 0x9e3779b97f4a7c15;
        std::size_t at = (mixed ^ mixed >> 32) & (slots.size() - 1);
        while (slots[at].first != never && slots[at].key != key) at = (at + 1) & (slots.size() - 1);
        return at;
    }
    static Time first(const std::vector<Slot>& slots, Symbol left, Symbol right) {
        return slots[place(slots, key(left, right))].first;
    }
    Time next(Time time, Time from) const {
        while (time < from) time = later_[time];
        return time;
    }

    void check(const PieceTable& pieces) const;
    void replay(const PieceTable& pieces);
    void make(std::vector<Derivation>& known, const Event& event);
    void remove(std::vector<Derivation>& known, Event& event);
    void expand(const std::vector<Derivation>& known, Symbol symbol);
    void index();

    std::vector<Event> events_;
    std::vector<Time> later_;  // the next event of the same symbols
    std::vector<std::int64_t> ids_;
    std::vector<std::uint32_t> widths_;
    std::array<Symbol, 256> bytes_{};
    std::vector<Slot> merges_, supermerges_;
    std::vector<Time> deletions_;
    std::vector<Span> parts_;
    std::vector<Symbol> part_symbols_;
};

}  // namespace tokenry::encode
