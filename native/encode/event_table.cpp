#include "encode/event_table.hpp"

#include <algorithm>
#include <bit>
#include <string>

#include "base/errors.hpp"

namespace tokenry::encode {
namespace {

constexpr std::size_t kBytes = 256;
// A damaged file of 40 merges could make a symbol of 2^40 bytes, and thousands of deletions of it.
constexpr std::size_t kMostText = std::size_t{1} << 27;   // bytes of all symbols
constexpr std::size_t kMostParts = std::size_t{1} << 25;  // symbols that deletions leave

std::size_t slots_for(std::size_t entries) { return std::bit_ceil(2 * entries + 16); }

std::string text_of(const PieceTable& pieces, Id id) {
    return {reinterpret_cast<const char*>(pieces.data(id)), pieces.width(id)};
}

}  // namespace

EventTable::EventTable(const PieceTable& pieces, std::span<const Event> events,
                       std::span<const std::int64_t> ids)
    : events_(events.begin(), events.end()),
      ids_(ids.begin(), ids.end()),
      widths_(ids.size(), 0),
      deletions_(ids.size(), never) {
    if (events_.size() >= never) throw base::VocabularyError("the log has 2^32 events or more");
    check(pieces);
    replay(pieces);
    index();
}

void EventTable::check(const PieceTable& pieces) const {
    if (ids_.size() < kBytes)
        throw base::VocabularyError("the log has " + std::to_string(ids_.size()) +
                                    " symbols; the first 256 are the bytes");
    for (const std::int64_t id : ids_) {
        if (id < -1 || id >= static_cast<std::int64_t>(pieces.size()))
            throw base::VocabularyError("a symbol has the id " + std::to_string(id) +
                                        ", but there are " + std::to_string(pieces.size()) +
                                        " pieces");
    }
    for (const Event& event : events_) {
        if (event.kind > Event::deletion)
            throw base::VocabularyError("an event has the unknown kind " +
                                        std::to_string(event.kind));
        const Symbol highest = std::max(event.left, event.kind == Event::deletion
                                                        ? event.left
                                                        : std::max(event.right, event.made));
        if (highest >= ids_.size())
            throw base::VocabularyError("an event names symbol " + std::to_string(highest) +
                                        ", but there are " + std::to_string(ids_.size()));
    }
}

// Finds widths, what deletions leave, and which symbols are there in the end, which must be those
// that have ids.
void EventTable::replay(const PieceTable& pieces) {
    std::vector<std::string> texts(ids_.size());
    std::vector<Derivation> known(ids_.size());
    std::array<bool, kBytes> seen{};
    for (Symbol symbol = 0; symbol < kBytes; ++symbol) {
        if (ids_[symbol] < 0 || pieces.width(id(symbol)) != 1)
            throw base::VocabularyError("symbol " + std::to_string(symbol) +
                                        " of a log is no byte");
        const std::uint8_t byte = *pieces.data(id(symbol));
        texts[symbol] = text_of(pieces, id(symbol));
        bytes_[byte] = symbol;
        widths_[symbol] = 1;
        seen[byte] = true;
        known[symbol].present = true;
    }
    for (const bool byte : seen)
        if (!byte)
            throw base::VocabularyError("the first 256 symbols of a log must be all 256 bytes");
    std::size_t total = 0;
    for (Event& event : events_) {
        if (event.kind == Event::deletion) {
            remove(known, event);
            continue;
        }
        make(known, event);
        if ((total += texts[event.left].size() + texts[event.right].size()) > kMostText)
            throw base::VocabularyError("the symbols of a log have more than 2^27 bytes together");
        const std::string text = texts[event.left] + texts[event.right];
        if (!texts[event.made].empty() && texts[event.made] != text)
            throw base::VocabularyError("two events make symbol " + std::to_string(event.made) +
                                        " of different bytes");
        texts[event.made] = text;
        widths_[event.made] = static_cast<std::uint32_t>(text.size());
    }
    for (Symbol symbol = 0; symbol < ids_.size(); ++symbol) {
        if (known[symbol].present != (ids_[symbol] >= 0))
            throw base::VocabularyError("symbol " + std::to_string(symbol) +
                                        (ids_[symbol] < 0
                                             ? " is left but has no id"
                                             : " has an id but is not left by the log"));
        if (ids_[symbol] >= 0 && text_of(pieces, id(symbol)) != texts[symbol])
            throw base::VocabularyError("the piece of id " + std::to_string(ids_[symbol]) +
                                        " is not what the log makes");
    }
}

void EventTable::make(std::vector<Derivation>& known, const Event& event) {
    if (!known[event.left].present || !known[event.right].present)
        throw base::VocabularyError("an event joins a symbol that is not there at that time");
    if (event.made < kBytes) throw base::VocabularyError("an event makes a byte");
    const bool superword = event.kind == Event::supermerge;
    const bool of_superword = known[event.left].superword || known[event.right].superword;
    Derivation& made = known[event.made];
    if ((of_superword && !superword) || (made.present && made.superword != superword) ||
        (made.superword && !superword))
        throw base::VocabularyError("symbol " + std::to_string(event.made) +
                                    " is of merges and of supermerges, which no symbol may be");
    if (!made.present) made = {event.left, event.right, true, superword};
}

void EventTable::remove(std::vector<Derivation>& known, Event& event) {
    if (event.left < kBytes || !known[event.left].present || known[event.left].superword)
        throw base::VocabularyError("an event deletes symbol " + std::to_string(event.left) +
                                    ", which is a byte, of supermerges or not there at that time");
    known[event.left].present = false;
    event.right = static_cast<std::uint32_t>(parts_.size());
    const std::size_t begin = part_symbols_.size();
    expand(known, event.left);
    parts_.push_back({begin, part_symbols_.size() - begin});
}

// Appends the symbols that are there of those that `symbol` was made of. An explicit stack: a chain
// of deletions may be as deep as the symbol is long.
void EventTable::expand(const std::vector<Derivation>& known, Symbol symbol) {
    std::vector<Symbol> open{symbol};
    while (!open.empty()) {
        const Symbol next = open.back();
        open.pop_back();
        if (known[next].present) {
            if (part_symbols_.size() >= kMostParts)
                throw base::VocabularyError("the deletions of a log leave more than 2^25 symbols");
            part_symbols_.push_back(next);
        } else {
            open.push_back(known[next].right);
            open.push_back(known[next].left);
        }
    }
}

void EventTable::index() {
    later_.assign(events_.size(), never);
    std::array<std::size_t, 3> counts{};
    for (const Event& event : events_) ++counts[event.kind];
    merges_.resize(slots_for(counts[Event::merge]));
    supermerges_.resize(slots_for(counts[Event::supermerge]));
    for (std::size_t i = events_.size(); i-- > 0;) {
        const Time time = static_cast<Time>(i);
        const Event& event = events_[i];
        if (event.kind == Event::deletion) {
            later_[i] = deletions_[event.left];
            deletions_[event.left] = time;
            continue;
        }
        std::vector<Slot>& slots = event.kind == Event::merge ? merges_ : supermerges_;
        const std::uint64_t pair = key(event.left, event.right);
        Slot& slot = slots[place(slots, pair)];
        later_[i] = slot.first;
        slot = {pair, time};
    }
}

}  // namespace tokenry::encode
