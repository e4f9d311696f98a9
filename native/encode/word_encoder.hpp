// Words to ids through the caches of one thread.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/buffer.hpp"
#include "encode/segmenter.hpp"
#include "encode/word_block.hpp"
#include "encode/word_cache.hpp"
#include "encode/words.hpp"

namespace tokenry::encode {

class WordEncoder {
public:
    // Words that no cache knows are cut into parts that one may know, where `segmenter` has a cutter.
    WordEncoder(const Segmenter& segmenter, std::size_t cache_bytes);

    // Appends the ids of all words; `counts`, where not null, receives how many each has.
    void encode(const Words& words, Buffer<Id>& ids, std::uint32_t* counts = nullptr);

    // Forgets all words, and gives back memory beyond that of an encoder that has met few.
    void forget();
    std::size_t bytes() const { return short_.bytes() + long_.bytes() + scratch_->cache_bytes(); }
    Scratch& scratch() { return *scratch_; }

private:
    // Misses that are segmented together: so many that some are of one length, and that few chunks of
    // text have more. The words of a second group must be looked up once more.
    static constexpr std::size_t group = 1024;
    // A cache with fewer words takes those that are pieces at once.
    static constexpr std::size_t young = 8192;
    // Ids that working memory may hold when nothing is at work.
    static constexpr std::size_t most_kept = std::size_t{1} << 20;

    struct Miss {
        base::Key key;
        std::uint32_t hash;
        std::uint32_t word;
        std::uint32_t at;     // ids before it, without those of other misses
        std::uint32_t first;  // where its ids start among those of misses
        std::uint32_t count;
        std::uint32_t parts;  // that it is cut into; 0 where it is whole
    };
    struct Twin {
        Miss* miss;
        const Miss* of;  // the same word, earlier in its group
    };
    struct Level {
        std::vector<Miss> misses;
        Buffer<Id> ids;  // of the misses
    };
    // What is known of a word: its ids, of the first of which only the bits of WordCache::id_mask
    // count, or null.
    struct Found {
        const Id* ids;
        std::size_t count;
    };

    void encode_at_once(const Words& words, Buffer<Id>& ids, std::uint32_t* counts);
    void encode(const Words& words, Buffer<Id>& ids, std::uint32_t* counts, Level& level);
    void reserve(const Words& block, std::size_t found, Buffer<Id>& ids) const;
    void fetch(const Words& words);
    void fetch_line(const WordCache::Lines& lines, std::size_t i);
    void fetch_long(const Words& words);
    Id* copy(const Words& words, std::size_t first, Id* begin, Id* out, std::uint32_t* counts,
             Level& level);
    Found take_whole(const base::Key& key, std::uint32_t hash);
    Found found_in(const WordCache::Entry* entry) const;
    Found find_long(Pretoken word, std::uint32_t hash) const;
    Found find(Pretoken word, const base::Key& key, std::uint32_t hash) const;
    void learn(Pretoken word, const Miss& miss, const Id* ids);

    void cut(const Words& words);
    void encode_parts(const Words& words);
    void segment(const Words& words, Level& level);
    void segment_group(const Words& words, Level& level, bool learnt);
    void keep_unknown(const Words& words, Level& level, bool learnt);
    bool take_known(Pretoken word, Miss& miss, Level& level) const;
    void insert(Level& level, Buffer<Id>& ids, std::size_t found);
    void forget_long();

    const Segmenter& segmenter_;
    const Caching caching_;
    std::unique_ptr<Scratch> scratch_;
    WordCache short_;
    LongWordCache long_;
    RecentHashes cut_lately_;
    bool is_young_ = false;
    bool meets_new_ = true;  // as the block before did; where words are known, pieces are not asked for
    alignas(16) Id whole_ = 0, behind_whole_[3] = {};  // ids are copied in fours
    const WordSteps& steps_ = word_steps();
    WordBlock block_;
    Level words_, parts_;
    Buffer<std::uint32_t> part_begins_, part_ends_, part_counts_;
    std::vector<Miss*> unknown_;
    std::vector<Twin> twins_;
    std::uint16_t places_[2 * group];  // by hash: 1 + where in unknown_ a word stands
    std::vector<Pretoken> pretokens_;
    std::vector<std::uint32_t> counts_;
    std::vector<Id> segmented_;
    Buffer<Id> hits_;
};

}  // namespace tokenry::encode
