// Less is Better (Yang, Frank, van den Bosch 2020): a lexicon that is read with and rearranged.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "learn/chunk_list.hpp"
#include "learn/chunk_trie.hpp"

namespace tokenry::learn {

struct LibOptions {
    std::uint64_t seed = 0;
    std::uint64_t memory_in = 0;  // a pair is considered where a random number is below
    double memory_out = 0;        // share of the list that is put on probation after a batch
    double update_rate = 0;       // by which share of its rank a chunk moves
    std::uint32_t life = 1;
    std::size_t longest = 1;   // bytes of a chunk
    std::size_t capacity = 0;  // chunks beyond it are on probation
};

// All that reading goes on from, between two batches.
struct LibState {
    struct Chunk {
        std::string bytes;
        std::uint32_t life = 0;
        bool probation = false;
    };
    std::vector<Chunk> chunks;  // by priority
    std::uint64_t random = 0;   // of the generator
    std::vector<std::uint32_t> order;  // of the batches in this pass
    std::size_t turn = 0;              // of them, how many were read
};

class LibLearner {
public:
    // Unit i of the text ends at ends[i] and begins where the one before it ends; batch i holds the
    // units up to batches[i]. No chunk crosses the end of a unit.
    LibLearner(std::string text, std::vector<std::uint64_t> ends,
               std::vector<std::uint64_t> batches, LibOptions options);

    // Appends chunks to the list; each differs from all that are there.
    void add(std::string_view chunk);
    // Reads `count` batches and forgets after each. Each pass over the batches has its own order.
    void read(std::size_t count);
    // Whether new chunks are learnt from now on.
    void set_memorising(bool memorising) { memorising_ = memorising; }

    std::size_t size() const { return list_.size(); }
    std::vector<std::string> chunks() const;  // by priority

    LibState state() const;
    // std::invalid_argument where it is no state of a learner of this text and these options.
    void restore(const LibState& state);

private:
    using Chunk = LibState::Chunk;  // without bytes where it was forgotten
    // A step of a segmentation: a chunk; a byte, which is not listed; or an unknown character.
    struct Step {
        std::size_t length;
        std::uint32_t chunk;  // ChunkTrie::none if not listed
        bool unknown;
    };
    enum class Verdict { good, bad, open };

    std::uint64_t random();
    std::size_t next_batch();
    void read_unit(std::size_t begin, std::size_t end);
    Step step(std::size_t at, std::size_t end) const;
    void reconsider(std::size_t at, std::size_t end, const ChunkTrie::Found& found);
    Verdict compare(std::size_t at, std::size_t end, Step one, Step other) const;
    bool alternative_wins_by_rank(const std::vector<Step>& one, const std::vector<Step>& other) const;
    void forward(std::uint32_t chunk);
    void back(std::uint32_t chunk);
    void erase(std::uint32_t chunk);
    void memorise(std::size_t begin, std::size_t end);
    void forget();

    std::string text_;
    std::vector<std::uint64_t> ends_, batches_;
    LibOptions options_;
    std::uint64_t state_;
    bool memorising_ = true;
    std::vector<Chunk> chunks_;
    std::vector<std::uint32_t> free_;
    ChunkList list_;
    ChunkTrie trie_;
    std::unordered_set<std::string_view> seen_;  // once, in this batch
    std::vector<std::uint32_t> order_;           // of the batches in this pass
    std::size_t turn_ = 0;
    mutable std::vector<Step> one_, other_;
};

}  // namespace tokenry::learn
