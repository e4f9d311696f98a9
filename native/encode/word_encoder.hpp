// Words to ids through the caches of one thread.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/buffer.hpp"
#include "encode/segmenter.hpp"
#include "encode/word_cache.hpp"

namespace tokenry {

// Words of a text: word i is text[begins[i], ends[i]), ascending, none empty. `size` bytes of the
// text can be read.
struct Words {
    const std::uint8_t* text;
    std::size_t size;
    const std::uint32_t* begins;
    const std::uint32_t* ends;
    std::size_t count;
};

class WordEncoder {
public:
    WordEncoder(const Segmenter& segmenter, std::size_t cache_bytes);

    // Appends the ids of all words; `counts`, where not null, receives how many each has.
    void encode(const Words& words, Buffer<Id>& ids, std::uint32_t* counts = nullptr);

    std::size_t bytes() const { return short_.bytes() + long_.bytes() + scratch_->cache_bytes(); }
    Scratch& scratch() { return *scratch_; }

private:
    // Small enough that keys, hashes and the entries fetched for them stay in the L1 cache.
    static constexpr std::size_t block = 128;
    // Misses that are segmented together.
    static constexpr std::size_t group = 64;
    // Ids that working memory may hold when nothing is at work.
    static constexpr std::size_t most_kept = std::size_t{1} << 20;

    struct Miss {
        Key key;
        std::uint32_t hash;
        std::uint32_t word;
        std::uint32_t at;     // ids before it, without those of other misses
        std::uint32_t first;  // where its ids start in missed_
        std::uint32_t count;
    };

    void fetch(const Words& words);
    Id* probe(const Words& words, std::size_t first, Id* begin, Id* out, std::uint32_t* counts);
    void resolve(const Words& words);
    void resolve_group(const Words& words, std::span<Miss> misses);
    static Pretoken word_of(const Words& words, const Miss& miss);
    void fetch_long(const Words& words, std::span<Miss> misses);
    bool recall(Pretoken word, Miss& miss);
    void learn(Pretoken word, const Miss& miss);
    void insert(Id* begin, std::size_t count);
    void forget_long();

    const Segmenter& segmenter_;
    std::unique_ptr<Scratch> scratch_;
    WordCache short_;
    LongWordCache long_;
    Key keys_[block];
    std::uint32_t hashes_[block];
    std::vector<Miss> misses_;
    std::vector<Id> missed_;
    std::vector<Id> segmented_;
};

}  // namespace tokenry
