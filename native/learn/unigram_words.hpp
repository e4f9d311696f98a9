// The distinct words that a Unigram model is learnt from, in byte order.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "learn/word_table.hpp"

namespace tokenry::learn {

class UnigramWords {
public:
    // Copies the words of a table. The order does not depend on how they came into it.
    explicit UnigramWords(const WordTable& table);

    std::size_t size() const { return counts_.size(); }
    const std::uint8_t* data() const { return bytes_.data(); }  // 16 bytes may be read past the end
    std::size_t begin(std::size_t word) const { return offsets_[word]; }
    std::size_t end(std::size_t word) const { return offsets_[word + 1]; }
    std::uint64_t count(std::size_t word) const { return counts_[word]; }
    std::size_t bytes() const { return offsets_.back(); }
    // Bytes of running text: each word as often as it was counted.
    double weight() const { return weight_; }

    struct Character {
        std::uint8_t bytes[4];
        std::uint8_t width;
        std::uint64_t count;
    };
    // Characters and how often each occurs, frequent ones first, equal ones in byte order. A byte
    // that is not UTF-8 counts as one.
    std::vector<Character> characters() const;

private:
    std::vector<std::uint8_t> bytes_;
    std::vector<std::uint32_t> offsets_;
    std::vector<std::uint64_t> counts_;
    double weight_ = 0;
};

}  // namespace tokenry::learn
