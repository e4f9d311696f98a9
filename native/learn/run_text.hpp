// Documents as rows of words, and the distinct words: what BoundlessBPE learns from.
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "learn/unit_pairs.hpp"
#include "learn/word_counter.hpp"
#include "learn/word_table.hpp"
#include "split/word_runs.hpp"

namespace tokenry::learn {

class RunText {
public:
    explicit RunText(std::unique_ptr<const split::WordRunSplitter> splitter)
        : splitter_(std::move(splitter)) {}

    void add(Text document);

    // All distinct pretokens with their counts, in the order of words' numbers.
    EventWords words(const std::array<Symbol, 256>& bytes) const;
    // Runs of two words or more, with breaks around them; takes it out of here.
    UnitPairs take_units();
    std::size_t size() const { return units_.size(); }

private:
    using Word = EventWords::Word;
    struct Known {
        std::uint64_t count, begin;
        std::uint32_t size;
        bool is_word;
    };

    Word see(const std::uint8_t* pretoken, std::size_t size, std::size_t readable);
    void add_unit(Word word);
    void end_run();

    std::unique_ptr<const split::WordRunSplitter> splitter_;
    WordTable table_;  // the number of a pretoken plus one
    std::vector<Known> known_;
    std::vector<std::uint8_t> bytes_;
    std::vector<Word> units_{UnitPairs::kBreak};
};

}  // namespace tokenry::learn
