// Neighbouring words that are one symbol each: what BoundlessBPE joins to superwords (Schmidt et al.
// 2025, arXiv 2504.00178).
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "learn/event_words.hpp"

namespace tokenry::learn {

// How often each pair of symbols occurs. Open addressing; counts of zero stay.
class PairCounts {
public:
    PairCounts() : slots_(1024) {}

    std::uint32_t get(std::uint64_t key) const { return slots_[place(key)].count; }
    void add(std::uint64_t key, std::int32_t change);

    template <class Visit>  // visit(key, count)
    void for_each(Visit visit) const {
        for (const Slot& slot : slots_)
            if (slot.count > 0) visit(slot.key, slot.count);
    }
    std::size_t bytes() const { return slots_.capacity() * sizeof(Slot); }

private:
    static constexpr std::uint64_t kNone = ~std::uint64_t{0};
    struct Slot {
        std::uint64_t key = kNone;
        std::uint32_t count = 0;
    };

    std::size_t place(std::uint64_t key) const {
        std::size_t at = PairMap::hash(key) & (slots_.size() - 1);
        while (slots_[at].key != kNone && slots_[at].key != key) at = (at + 1) & (slots_.size() - 1);
        return at;
    }
    void grow();

    std::vector<Slot> slots_;
    std::size_t used_ = 0;
};

// A text as a row of units: words and superwords. Where a pair occurs is not kept: the places of
// its rarer symbol are looked through. That takes 8 bytes a word of text and 16 to 32 bytes a pair.
class UnitPairs {
public:
    using Word = EventWords::Word;
    using Allowed = EventWords::Allowed;
    static constexpr Word kBreak = 0xFFFFFFFF;  // between runs, and at both ends

    UnitPairs(std::vector<Word> text, std::size_t words);

    // A word became one symbol, or was one and is no longer, wherever it stands by itself.
    void unite(Word word, Symbol symbol);
    void divide(Symbol symbol);

    // As EventWords::best, but pairs that are not allowed may be asked for again.
    std::optional<SymbolPair> best(std::uint64_t least, const Allowed& allowed);
    // Joins a pair to a superword everywhere; how often.
    std::uint64_t merge(Symbol left, Symbol right, Symbol made);

    std::uint32_t words(Symbol symbol) const {
        return symbol < widths_.size() && widths_[symbol] > 0 ? widths_[symbol] : 1;
    }
    // The word that a symbol that is no superword is.
    Word word_of(Symbol symbol) const { return word_of_[symbol]; }
    bool is_superword(Symbol symbol) const {
        return symbol < widths_.size() && widths_[symbol] > 1;
    }
    std::size_t bytes() const;

private:
    // Of a superword, the first and the last place hold its symbol and those between nothing, so
    // both neighbours are one step away.
    static constexpr Symbol kSeveral = 0xFFFFFFFE;
    static constexpr Symbol kInside = 0xFFFFFFFD;
    static constexpr std::uint64_t kFirstFloor = std::uint64_t{1} << 40;

    std::span<const std::uint32_t> places(Symbol symbol) const;
    void change(Symbol left, Symbol right, std::int32_t by);
    void settle();
    bool lower_floor(std::uint64_t least);
    bool join(std::size_t at, Symbol left, Symbol right, Symbol made);
    void know(Symbol symbol);

    std::vector<Symbol> text_;
    std::vector<std::uint32_t> places_;        // of all words
    std::vector<std::uint64_t> place_begins_;  // of each word
    std::vector<Word> word_of_;
    std::vector<std::uint32_t> widths_;                  // words of a symbol
    std::vector<std::vector<std::uint32_t>> superwords_;  // where each begins
    PairCounts counts_;
    std::vector<std::uint64_t> risen_;
    std::vector<CountedPair> heap_;
    std::uint64_t floor_ = kFirstFloor;  // pairs seen less often are not in the heap
};

}  // namespace tokenry::learn
