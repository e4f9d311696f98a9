// A sample of text as symbols, and how many phrases LZ78 cuts it into (Ziv and Lempel 1978): what
// compression-aware BPE chooses merges by.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/text.hpp"

namespace tokenry::learn {

using base::Id;

class LzSample {
public:
    static constexpr Id kBreak = 0xFFFFFFFF;  // between pretokens: no merge crosses it

    explicit LzSample(std::vector<Id> symbols) : symbols_(std::move(symbols)) {}

    // Phrases of the sample as it stands.
    std::size_t phrases() { return phrases(kBreak, kBreak); }
    // Phrases it would have if the pair were merged.
    std::size_t phrases(Id left, Id right);
    // Merges the pair everywhere, left to right.
    void merge(Id left, Id right, Id made);
    std::size_t tokens() const;

private:
    // Phrases as a trie in one table: (phrase, next symbol) -> longer phrase. A slot is taken where
    // its stamp is that of the parse under way, so nothing is cleared between parses.
    struct Slot {
        std::uint64_t key = 0;
        std::uint32_t stamp = 0, phrase = 0;
    };

    Slot& slot(std::uint64_t key);
    void grow();

    std::vector<Id> symbols_;
    std::vector<Slot> slots_ = std::vector<Slot>(4096);
    unsigned shift_ = 64 - 12;
    std::uint32_t stamp_ = 0;
};

}  // namespace tokenry::learn
