// Short words that are merged together, so that their waits for memory overlap.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "encode/bpe_lanes.hpp"
#include "encode/bpe_word.hpp"
#include "encode/pair_table.hpp"

namespace tokenry::encode {

// The caller puts the first symbols of words in, merges all, and reads what is left of each.
class BpeBatch {
public:
    static constexpr unsigned longest = BpeLanes::longest;  // symbols of a word

    void clear() {
        words_.clear();
        used_ = 0;
    }
    // Room for the symbols of one more word, at least `most`.
    Id* room(std::size_t most) {
        if (symbols_.size() < used_ + most) symbols_.resize(2 * (used_ + most));
        return symbols_.data() + used_;
    }
    // Takes the first `count` of them as the word that the caller calls `which`.
    void add(std::uint32_t which, unsigned count) {
        words_.push_back({which, static_cast<std::uint32_t>(used_), count});
        used_ += count;
    }
    void merge(const PairTable& pairs);

    // use(which, ids) for each word, in any order.
    template <typename Use>
    void each(Use use) const {
        for (const Word& word : words_)
            use(word.which, std::span<const Id>(symbols_.data() + word.first, word.count));
    }

private:
    struct Word {
        std::uint32_t which, first, count;
    };

    void sort_by_count();
    void merge_in_lanes(MergeLanes merge_all, const PairSlots& pairs, std::span<Word> words);
    template <unsigned kCapacity>
    void merge_in_turn(const PairTable& pairs, std::span<Word> words);

    std::vector<Id> symbols_;
    std::size_t used_ = 0;
    std::vector<Word> words_, sorted_;
    BpeLaneGroup lanes_;
};

}  // namespace tokenry::encode
