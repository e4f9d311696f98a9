// The state of a WordPiece learner: symbols, the pairs of neighbours among them, and the pair to
// merge next.
#pragma once
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "learn/pair_map.hpp"
#include "learn/word_table.hpp"

namespace tokenry::learn {

enum class PairScore {
    kLikelihood,  // c(ab) log(c(ab) n / (c(a) c(b))): what one more piece adds to the likelihood
    kRatio,       // c(ab) / (c(a) c(b))
    kFrequency,   // c(ab)
};

// Ids 0 to 255 are the bytes as the start of a word, 256 to 511 the same bytes within one; each new
// piece gets the next id. A piece that starts words and one that continues them differ, equal
// bytes or not. Pairs that give a piece that is there already are merged to it.
class WordPieceIndex {
public:
    // Longer words are cut: no pair crosses the cut, and what follows it continues the word.
    static constexpr std::size_t kLongest = 256;

    struct Merge {
        std::uint32_t left, right, made;
        double score;
    };

    WordPieceIndex(const WordTable& words, PairScore score, std::uint64_t min_count,
                   std::size_t max_bytes);

    // Merges the pair with the largest score, of equal ones the lowest (left, right), everywhere
    // and from left to right; false where none is left.
    bool step(Merge& merge);
    const std::vector<std::string>& pieces() const { return pieces_; }

private:
    struct Pair {
        std::uint32_t left, right;
        std::uint64_t count = 0;
        double queued;       // the bound that its entry in the heap has
        std::uint32_t word;  // the first word that holds it, or held it once
        std::uint32_t last;
        std::vector<std::uint32_t> words;  // the others; most pairs have none
    };
    struct Symbol {
        std::uint64_t count = 0;
        std::vector<std::uint32_t> pairs;
    };
    struct Word {
        std::uint32_t begin, size;  // in text_
        std::uint64_t count;
    };
    struct Entry {
        double bound;  // no pair scores higher than its entry
        std::uint32_t left, right;
    };

    struct Later;  // orders entries for a heap with the best one first

    void add_word(const std::uint8_t* text, std::size_t size, bool starts, std::uint64_t count);
    std::uint32_t pair_of(std::uint32_t left, std::uint32_t right);
    void more(std::uint32_t left, std::uint32_t right, std::uint32_t word);
    void fewer(std::uint32_t left, std::uint32_t right, std::uint64_t count);
    double score(const Pair& pair) const;
    void offer(std::uint32_t pair);
    void push(const Pair& pair);
    bool pop(std::uint32_t& pair);
    std::uint32_t make(std::uint32_t left, std::uint32_t right);
    void merge_in(std::uint32_t word, const Merge& merge);
    void list(std::uint32_t pair);
    void offer_around(std::uint32_t symbol);

    PairScore kind_;
    std::uint64_t min_count_;
    std::size_t max_bytes_;
    std::vector<std::uint32_t> text_;    // symbols of all words
    std::vector<Word> words_;
    std::uint64_t total_ = 0;  // symbols of running text
    std::vector<std::string> pieces_;
    std::vector<bool> starts_;
    std::unordered_map<std::string, std::uint32_t> ids_;  // by kind and bytes
    std::vector<Symbol> symbols_;
    std::vector<Pair> pairs_;
    PairMap pair_ids_;
    std::vector<Entry> heap_;
    std::vector<std::uint32_t> touched_;  // pairs that became more frequent
};

}  // namespace tokenry::learn
