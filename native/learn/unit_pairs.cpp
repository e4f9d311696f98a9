#include "learn/unit_pairs.hpp"

#include <algorithm>
#include <stdexcept>

namespace tokenry::learn {

void PairCounts::add(std::uint64_t key, std::int32_t change) {
    std::size_t at = place(key);
    if (slots_[at].key == kNone) {
        if (++used_ * 3 > slots_.size() * 2) {
            grow();
            at = place(key);
        }
        slots_[at].key = key;
    }
    slots_[at].count += static_cast<std::uint32_t>(change);
}

// Pairs that are gone make room first.
void PairCounts::grow() {
    const auto live = static_cast<std::size_t>(
        std::count_if(slots_.begin(), slots_.end(), [](const Slot& slot) { return slot.count; }));
    std::vector<Slot> old(live * 3 > slots_.size() ? slots_.size() * 2 : slots_.size());
    old.swap(slots_);
    used_ = live + 1;  // and the one that is about to be added
    for (const Slot& slot : old)
        if (slot.count > 0) slots_[place(slot.key)] = slot;
}

UnitPairs::UnitPairs(std::vector<Word> text, std::size_t words)
    : text_(std::move(text)), place_begins_(words + 1) {
    if (text_.size() >= kInside)
        throw std::length_error("the text has more than 2^32 words; learn from a sample of it");
    for (const Word word : text_)
        if (word != kBreak) ++place_begins_[word + 1];
    for (std::size_t word = 0; word < words; ++word) place_begins_[word + 1] += place_begins_[word];
    places_.resize(place_begins_[words]);
    std::vector<std::uint64_t> next(place_begins_.begin(), place_begins_.end() - 1);
    for (std::size_t at = 0; at < text_.size(); ++at) {
        if (text_[at] == kBreak) continue;
        places_[next[text_[at]]++] = static_cast<std::uint32_t>(at);
        text_[at] = kSeveral;
    }
}

void UnitPairs::know(Symbol symbol) {
    if (symbol < widths_.size()) return;
    widths_.resize(symbol + 1);
    word_of_.resize(symbol + 1, kBreak);
    superwords_.resize(symbol + 1);
}

std::span<const std::uint32_t> UnitPairs::places(Symbol symbol) const {
    if (is_superword(symbol)) return superwords_[symbol];
    const Word word = word_of_[symbol];
    return std::span(places_).subspan(place_begins_[word],
                                      place_begins_[word + 1] - place_begins_[word]);
}

void UnitPairs::change(Symbol left, Symbol right, std::int32_t by) {
    if (left >= kInside || right >= kInside) return;
    const std::uint64_t key = PairMap::key(left, right);
    counts_.add(key, by);
    if (by > 0) risen_.push_back(key);
}

void UnitPairs::settle() {
    std::sort(risen_.begin(), risen_.end());
    risen_.erase(std::unique(risen_.begin(), risen_.end()), risen_.end());
    for (const std::uint64_t key : risen_) {
        const std::uint64_t count = counts_.get(key);
        if (count < floor_) continue;
        heap_.push_back({count, key});
        std::push_heap(heap_.begin(), heap_.end());
    }
    risen_.clear();
}

void UnitPairs::unite(Word word, Symbol symbol) {
    know(symbol);
    widths_[symbol] = 1;
    word_of_[symbol] = word;
    for (const std::uint32_t at : places(symbol))
        if (text_[at] == kSeveral) text_[at] = symbol;
    for (const std::uint32_t at : places(symbol)) {
        if (text_[at] != symbol) continue;
        change(text_[at - 1], symbol, 1);
        if (text_[at + 1] != symbol) change(symbol, text_[at + 1], 1);
    }
    settle();
}

void UnitPairs::divide(Symbol symbol) {
    for (const std::uint32_t at : places(symbol)) {
        if (text_[at] != symbol) continue;
        change(text_[at - 1], symbol, -1);
        change(symbol, text_[at + 1], -1);
        text_[at] = kSeveral;
    }
}

std::optional<SymbolPair> UnitPairs::best(std::uint64_t least, const Allowed& allowed) {
    do {
        while (!heap_.empty() && heap_.front().count >= least) {
            const CountedPair top = heap_.front();
            const std::uint64_t count = counts_.get(top.key);
            const auto left = static_cast<Symbol>(top.key >> 32),
                       right = static_cast<Symbol>(top.key);
            if (count == top.count && allowed(left, right)) return SymbolPair{left, right, count};
            std::pop_heap(heap_.begin(), heap_.end());
            heap_.pop_back();
            if (count >= top.count || count < floor_) continue;
            heap_.push_back({count, top.key});
            std::push_heap(heap_.begin(), heap_.end());
        }
        if (!heap_.empty()) return std::nullopt;
    } while (lower_floor(least));
    return std::nullopt;
}

// Most pairs occur once or twice and are never looked at; the heap holds the others only.
bool UnitPairs::lower_floor(std::uint64_t least) {
    if (floor_ <= least) return false;
    floor_ = std::max(least - least / 4, std::uint64_t{1});
    counts_.for_each([&](std::uint64_t key, std::uint64_t count) {
        if (count >= floor_) heap_.push_back({count, key});
    });
    std::make_heap(heap_.begin(), heap_.end());
    return true;
}

std::uint64_t UnitPairs::merge(Symbol left, Symbol right, Symbol made) {
    know(made);
    widths_[made] = words(left) + words(right);
    const auto lefts = places(left), rights = places(right);
    const bool by_left = left == right || lefts.size() <= rights.size();
    const std::size_t back = by_left ? 0 : words(left);
    const std::size_t before = superwords_[made].size();
    for (const std::uint32_t at : by_left ? lefts : rights) {
        if (text_[at] != (by_left ? left : right)) continue;
        if (text_[at - (by_left ? 0 : 1)] != left) continue;
        if (join(at - back, left, right, made))
            superwords_[made].push_back(static_cast<std::uint32_t>(at - back));
    }
    const std::uint64_t joined = superwords_[made].size() - before;
    if (before > 0) std::sort(superwords_[made].begin(), superwords_[made].end());
    settle();
    return joined;
}

bool UnitPairs::join(std::size_t at, Symbol left, Symbol right, Symbol made) {
    const std::size_t middle = at + words(left), end = middle + words(right);
    if (text_[middle] != right) return false;
    const Symbol before = text_[at - 1], after = text_[end];
    change(left, right, -1);
    change(before, left, -1);
    change(before, made, 1);
    change(right, after, -1);
    change(made, after, 1);
    text_[middle - 1] = text_[middle] = kInside;
    text_[at] = text_[end - 1] = made;
    return true;
}

std::size_t UnitPairs::bytes() const {
    return text_.capacity() * sizeof(Symbol) + places_.capacity() * sizeof(std::uint32_t) +
           counts_.bytes() + heap_.capacity() * sizeof(CountedPair);
}

}  // namespace tokenry::learn
