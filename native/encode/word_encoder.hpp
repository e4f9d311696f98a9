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

    std::size_t bytes() const { return short_.bytes() + long_.bytes(); }
    Scratch& scratch() { return *scratch_; }

private:
    // Small enough that keys, hashes and the entries fetched for them stay in the L1 cache.
    static constexpr std::size_t block = 128;

    struct Miss {
        std::uint32_t word;   // in the block
        std::uint32_t at;     // ids of the block before it, without those of other misses
        std::uint32_t first;  // where its ids start in missed_
        std::uint32_t count;
    };

    void encode_block(const Words& words, Buffer<Id>& ids, std::uint32_t* counts);
    void fetch(const Words& words);
    void resolve(const Words& words);
    void resolve_short(const Words& words, Miss& miss);
    void resolve_long(const Words& words, Miss& miss);
    void insert(Id* begin, std::size_t count, std::size_t added);

    const Segmenter& segmenter_;
    std::unique_ptr<Scratch> scratch_;
    WordCache short_;
    LongWordCache long_;
    Key keys_[block];
    std::uint32_t hashes_[block];
    std::vector<Miss> misses_;
    std::vector<Id> missed_;
};

}  // namespace tokenry
