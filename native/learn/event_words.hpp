// Distinct words under merges that can be undone: what BPE with deletions learns from (PickyBPE,
// Chizhov et al. 2024, arXiv 2409.04599).
#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "base/text.hpp"
#include "learn/pair_map.hpp"

namespace tokenry::learn {

using base::Id;

using Symbol = std::uint32_t;

struct SymbolPair {
    Symbol left, right;
    std::uint64_t count;
};

// An entry of a heap of pairs: the highest count first, the lowest pair among equals.
struct CountedPair {
    std::uint64_t count, key;
    bool operator<(const CountedPair& other) const {
        return count != other.count ? count < other.count : key > other.key;
    }
};

class EventWords {
public:
    using Word = std::uint32_t;
    using Allowed = std::function<bool(Symbol, Symbol)>;
    // Longer words are learnt from in parts of so many bytes: a merge reads every word that it
    // changes from end to end.
    static constexpr std::size_t longest = 1024;

    explicit EventWords(const std::array<Symbol, 256>& bytes) : bytes_(bytes) {}

    // Adds a word of at most `longest` bytes that was seen `weight` times; before index().
    Word add(const std::uint8_t* word, std::size_t size, std::uint64_t weight);
    void index();

    // The pair with the highest count, the lowest among equals; a pair counts at every place where
    // its symbols are neighbours. None when no pair reaches `least`. A pair that is not allowed is
    // left out for good.
    std::optional<SymbolPair> best(std::uint64_t least, const Allowed& allowed);

    struct Change {
        std::uint64_t joined;        // how often the pair was joined
        std::optional<Word> single;  // the word that became one symbol
    };
    Change merge(Symbol left, Symbol right, Symbol made);
    // Puts `parts` in place of a symbol everywhere; the word that was this one symbol.
    std::optional<Word> split(Symbol symbol, std::span<const Symbol> parts);
    // A word that is one symbol was seen `count` times less: there it is part of a superword now.
    void take(Word word, std::uint64_t count);

    std::size_t size() const { return lengths_.size(); }
    std::uint64_t frequency(Symbol symbol) const {
        return symbol < frequencies_.size() ? frequencies_[symbol] : 0;
    }
    bool is_single(Word word) const { return lengths_[word] == 1; }
    Symbol first(Word word) const { return symbols_[begins_[word]]; }

private:
    struct Record {
        std::uint64_t count = 0;
        std::vector<Word> words;  // all that hold the pair, and maybe some that no longer do
        bool forbidden = false;
        bool touched = false;
    };

    Record& record(Symbol left, Symbol right);
    void gain(Symbol left, Symbol right, Word word);
    void lose(Symbol left, Symbol right, Word word);
    std::uint32_t merge_in(Word word, Symbol left, Symbol right, Symbol made);
    bool split_in(Word word, Symbol symbol, std::span<const Symbol> parts);
    void hold(Symbol symbol, Word word);
    std::uint64_t& frequency_of(Symbol symbol);
    void push_touched();

    std::array<Symbol, 256> bytes_;
    std::vector<Symbol> symbols_;  // of all words; a word keeps room for all its bytes
    std::vector<std::uint64_t> begins_;
    std::vector<std::uint32_t> lengths_;
    std::vector<std::uint64_t> weights_;
    std::vector<std::uint64_t> frequencies_;  // of symbols
    std::vector<std::vector<Word>> holders_;  // words that a symbol was made in
    PairMap table_;
    std::vector<Record> records_;
    std::vector<std::uint64_t> keys_;  // of records
    std::vector<std::uint32_t> touched_;
    std::vector<CountedPair> heap_;  // counts may be out of date, then they are too high
    std::vector<Symbol> scratch_;
};

}  // namespace tokenry::learn
