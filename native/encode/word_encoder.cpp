#include "encode/word_encoder.hpp"

#include <algorithm>
#include <cstring>

#include "base/compiler.hpp"
#include "encode/piece_index.hpp"

namespace tokenry::encode {

WordEncoder::WordEncoder(const Segmenter& segmenter, std::size_t cache_bytes)
    : segmenter_(segmenter),
      caching_(segmenter.caching()),
      scratch_(segmenter.make_scratch()),
      short_(cache_bytes / 2),
      long_(caching_.remembers ? 0 : cache_bytes / 2) {}

void WordEncoder::encode(const Words& words, Buffer<Id>& ids, std::uint32_t* counts) {
    if (words.count == 0) return;
    if (caching_.remembers_all) return encode_at_once(words, ids, counts);
    encode(words, ids, counts, words_);
    // Short texts fill no buffer, and looking costs 4 of the 100 ns that a line takes.
    if (words.size * caching_.ids_per_byte > most_kept / 4) forget_long();
}

void WordEncoder::forget() {
    short_.clear();
    long_.clear();
    cut_lately_ = {};
    meets_new_ = true;
    if (scratch_->cache_bytes() > 0) scratch_ = segmenter_.make_scratch();
}

void WordEncoder::encode_at_once(const Words& words, Buffer<Id>& ids, std::uint32_t* counts) {
    for (std::size_t first = 0; first < words.count; first += group) {
        const std::size_t count = std::min(group, words.count - first);
        pretokens_.clear();
        for (std::size_t i = 0; i < count; ++i) pretokens_.push_back(words[first + i]);
        segmented_.clear();
        counts_.resize(count);
        std::uint32_t* const found = counts == nullptr ? counts_.data() : counts + first;
        segmenter_.segment_many(pretokens_, *scratch_, segmented_, found);
        ids.append(segmented_.data(), segmented_.size());
    }
    if (words.size > most_kept / 4) forget_long();
}

// Ids of known words are written as they are found; a miss leaves only a note of its place. When
// all words are through, those that can be cut are, for their parts are more often known; the
// others are segmented together. Then the ids of misses are put in.
void WordEncoder::encode(const Words& words, Buffer<Id>& ids, std::uint32_t* counts, Level& level) {
    level.misses.clear();
    level.ids.clear();
    std::size_t found = 0;
    for (std::size_t first = 0; first < words.count; first += WordBlock::most) {
        const std::size_t count = std::min(WordBlock::most, words.count - first);
        const Words part{words.text, words.size, words.begins + first, words.ends + first, count};
        is_young_ = caching_.wholes != nullptr && short_.words() < young;
        if (is_young_) short_.make_room(count);
        const std::size_t known = short_.words() + level.misses.size();
        fetch(part);
        reserve(part, found, ids);
        Id* const begin = ids.end();
        const Id* out = copy(part, first, begin, begin + found, counts ? counts + first : nullptr, level);
        found = static_cast<std::size_t>(out - begin);
        meets_new_ = short_.words() + level.misses.size() != known;
    }
    if (!level.misses.empty()) {
        if (caching_.cutter && &level == &words_) cut(words);
        segment(words, level);
        if (counts)
            for (const Miss& miss : level.misses) counts[miss.word] = miss.count;
    }
    insert(level, ids, found);
}

// Room for the ids of a block behind `found` others that stand behind the end: for those that its bytes
// may have, which are many more than they have in models whose normalizer may write much for little.
void WordEncoder::reserve(const Words& block, std::size_t found, Buffer<Id>& ids) const {
    const std::size_t bytes = block.ends[block.count - 1] - block.begins[0];
    // Four ids are written where one may be needed.
    ids.reserve_more(found + bytes * caching_.ids_per_byte + WordCache::inline_ids);
}

// A document that was one word must not keep its memory for as long as the thread has this.
void WordEncoder::forget_long() {
    if (segmented_.capacity() > most_kept) std::vector<Id>().swap(segmented_);
    for (Buffer<Id>* ids : {&words_.ids, &parts_.ids, &hits_})
        if (ids->capacity() > most_kept) ids->free_memory();
    for (Buffer<std::uint32_t>* places : {&part_begins_, &part_ends_, &part_counts_})
        if (places->capacity() > most_kept) places->free_memory();
}

// Keys and hashes of a block, and a request for the cache lines they need.
void WordEncoder::fetch(const Words& words) {
    std::size_t safe = words.count;  // words before it may be read in steps of 16 bytes
    while (safe > 0 && words.begins[safe - 1] + std::size_t{16} > words.size) --safe;
    for (std::uint64_t& bits : block_.longs) bits = 0;
    std::size_t i = steps_.make_keys(words.first(safe), block_);
    for (; i < words.count; ++i) {
        const Pretoken word = words[i];
        block_.set(i, base::key_of(word.text, std::min(word.size, base::Key::longest)), word.size);
    }
    const WordCache::Lines lines = short_.lines();
    for (i = 0; i < words.count; ++i) fetch_line(lines, i);
    fetch_long(words);
    if (!is_young_ || !meets_new_) return;
    // What take_whole needs. Not in a function of its own: one that only asks for memory is left out by gcc.
    for (i = 0; i < words.count; ++i) caching_.wholes->prefetch(block_.hashes[i]);
    for (i = 0; i < words.count; ++i) caching_.wholes->prefetch_key(block_.hashes[i]);
}

inline void WordEncoder::fetch_line(const WordCache::Lines& lines, std::size_t i) {
    block_.hashes[i] = base::hash_of(block_.keys[i]);
    block_.lines[i] = &lines[block_.hashes[i]];
    base::prefetch(block_.lines[i]);
}

// Words that are too long for a key of their bytes. Runs, most of them indentation, have another key.
// Of the rest, hashes, and requests for the memory they need: first where they may be noted, then
// what is noted there. One by one, each would wait twice.
void WordEncoder::fetch_long(const Words& words) {
    if (caching_.remembers) return;
    block_.each_long([&](std::size_t i) {
        const Pretoken word = words[i];
        if (!LongWordCache::takes(word.size)) return;
        if (base::is_run(word.text, word.size)) {
            block_.set_run(i, base::key_of_run(word.text, word.size));
            fetch_line(short_.lines(), i);
        } else {
            block_.hashes[i] = base::hash_of(word.text, word.size);
            long_.prefetch(block_.hashes[i]);
        }
    });
    block_.each_long([&](std::size_t i) { long_.prefetch_word(block_.hashes[i]); });
}

// Ids of known words. A word that is not found at once may be long, in the second of its lines or a
// miss. What is in its second line is taken here too: as a miss it would cost as much again as all
// else that is done for it, and 3% of all words of a long stream are there.
Id* WordEncoder::copy(const Words& words, std::size_t first, Id* begin, Id* out,
                      std::uint32_t* counts, Level& level) {
    for (std::size_t i = 0;; ++i) {
        i = steps_.copy_known(block_, i, words.count, short_, out, counts);
        if (i == words.count) return out;
        const base::Key& key = block_.keys[i];
        const std::uint32_t hash = block_.hashes[i];
        const Pretoken word = words[i];
        Found found = key.is_too_long() ? find_long(word, hash)
                                        : found_in(short_.find_second(key, hash));
        if (found.ids == nullptr && is_young_ && !key.is_too_long()) found = take_whole(key, hash);
        if (found.ids == nullptr) {
            level.misses.push_back({key, hash, static_cast<std::uint32_t>(first + i),
                                    static_cast<std::uint32_t>(out - begin), 0, 0, 0});
            continue;
        }
        copy_fours(out, found.ids, found.count);
        out[0] &= WordCache::id_mask;
        out += found.count;
        if (counts) counts[i] = static_cast<std::uint32_t>(found.count);
    }
}

// What a word that is a piece becomes, which the cache knows from now on. Most words of a first call are
// such, and many come again in it: as misses they cost four times as much, and so does each that comes
// again. Later few are, and the memory of the pieces is far.
WordEncoder::Found WordEncoder::take_whole(const base::Key& key, std::uint32_t hash) {
    whole_ = caching_.wholes->find(key, hash);
    if (whole_ == no_id) return {nullptr, 0};
    short_.add(key, hash, whole_);
    return {&whole_, 1};
}

WordEncoder::Found WordEncoder::find_long(Pretoken word, std::uint32_t hash) const {
    if (!LongWordCache::takes(word.size) || caching_.remembers) return {nullptr, 0};
    const auto known = long_.find(word.text, word.size, hash);
    return {known.ids, known.count};
}

WordEncoder::Found WordEncoder::found_in(const WordCache::Entry* entry) const {
    if (entry == nullptr) return {nullptr, 0};
    const auto ids = short_.ids(*entry);
    return {ids.data(), ids.size()};
}

WordEncoder::Found WordEncoder::find(Pretoken word, const base::Key& key,
                                     std::uint32_t hash) const {
    return key.is_too_long() ? find_long(word, hash) : found_in(short_.find(key, hash));
}

void WordEncoder::learn(Pretoken word, const Miss& miss, const Id* ids) {
    if (!miss.key.is_too_long())
        short_.add(miss.key, miss.hash, ids, miss.count);
    else if (!caching_.remembers && LongWordCache::takes(word.size))
        long_.add(word.text, word.size, miss.hash, ids, miss.count);
}

// Cuts the misses of `words` where that is certain to change nothing.
void WordEncoder::cut(const Words& words) {
    part_begins_.clear();
    part_ends_.clear();
    for (Miss& miss : words_.misses) {
        const Pretoken word = words[miss.word];
        const std::size_t before = part_ends_.size();
        caching_.cutter->cut(word, part_ends_);
        miss.parts = static_cast<std::uint32_t>(part_ends_.size() - before);
        std::uint32_t begin = words.begins[miss.word];
        for (std::size_t i = before; i < part_ends_.size(); ++i) {
            part_begins_.push(begin);
            begin = part_ends_[i] += words.begins[miss.word];
        }
    }
    if (part_ends_.size() > 0) encode_parts(words);
}

// The ids of a word are those of its parts. It is kept whole when it comes again, for a run of
// characters in a script without spaces rarely does.
void WordEncoder::encode_parts(const Words& words) {
    const std::size_t count = part_ends_.size();
    part_counts_.clear();
    part_counts_.reserve_more(count);
    encode({words.text, words.size, part_begins_.data(), part_ends_.data(), count}, words_.ids,
           part_counts_.data(), parts_);
    const std::uint32_t* part = part_counts_.data();
    std::uint32_t first = 0;
    for (Miss& miss : words_.misses) {
        if (miss.parts == 0) continue;
        miss.first = first;
        for (std::uint32_t i = 0; i < miss.parts; ++i) miss.count += *part++;
        first += miss.count;
        const Pretoken word = words[miss.word];
        if (cut_lately_.note(miss.hash)) learn(word, miss, words_.ids.data() + miss.first);
    }
}

void WordEncoder::segment(const Words& words, Level& level) {
    unknown_.clear();
    bool learnt = false;
    for (Miss& miss : level.misses) {
        if (miss.parts > 0) continue;
        unknown_.push_back(&miss);
        if (unknown_.size() < group) continue;
        segment_group(words, level, learnt);
        learnt = true;
    }
    segment_group(words, level, learnt);
}

// Leaves in unknown_ each word once and, where words were learnt since they were missed, none of
// those.
void WordEncoder::keep_unknown(const Words& words, Level& level, bool learnt) {
    pretokens_.clear();
    twins_.clear();
    std::fill(std::begin(places_), std::end(places_), 0);
    std::size_t left = 0;
    for (Miss* miss : unknown_) {
        const Pretoken word = words[miss->word];
        std::uint16_t& place = places_[miss->hash % std::size(places_)];
        if (place > 0 && pretokens_[place - 1u].view() == word.view()) {
            twins_.push_back({miss, unknown_[place - 1u]});
        } else if (!learnt || !take_known(word, *miss, level)) {
            unknown_[left++] = miss;
            pretokens_.push_back(word);
            place = static_cast<std::uint16_t>(left);
        }
    }
    unknown_.resize(left);
}

bool WordEncoder::take_known(Pretoken word, Miss& miss, Level& level) const {
    const Found known = find(word, miss.key, miss.hash);
    if (known.ids == nullptr) return false;
    miss.first = static_cast<std::uint32_t>(level.ids.size());
    miss.count = static_cast<std::uint32_t>(known.count);
    level.ids.append(known.ids, known.count);
    if (known.count > 0) level.ids[miss.first] &= WordCache::id_mask;
    return true;
}

void WordEncoder::segment_group(const Words& words, Level& level, bool learnt) {
    keep_unknown(words, level, learnt);
    segmented_.clear();
    counts_.resize(unknown_.size());
    segmenter_.segment_many(pretokens_, *scratch_, segmented_, counts_.data());
    const Id* ids = segmented_.data();
    for (std::size_t i = 0; i < unknown_.size(); ++i) {
        Miss& miss = *unknown_[i];
        miss.first = static_cast<std::uint32_t>(level.ids.size());
        miss.count = counts_[i];
        level.ids.append(ids, miss.count);
        learn(pretokens_[i], miss, ids);
        ids += miss.count;
    }
    for (const Twin& twin : twins_) {
        twin.miss->first = twin.of->first;
        twin.miss->count = twin.of->count;
    }
    unknown_.clear();
}

// Puts the ids of misses between those of hits, `found` ids that stand behind the end of `ids`.
void WordEncoder::insert(Level& level, Buffer<Id>& ids, std::size_t found) {
    if (level.misses.empty()) return ids.set_size(ids.size() + found);
    constexpr std::size_t spare = 3;  // ids are copied in fours
    std::size_t added = 0;
    for (const Miss& miss : level.misses) added += miss.count;
    const std::size_t first = level.misses.front().at;
    hits_.clear();
    hits_.append(ids.end() + first, found - first);
    hits_.reserve_more(spare);
    level.ids.reserve_more(spare);
    ids.reserve_more(found + added + spare);
    Id* to = ids.end() + first;
    for (std::size_t i = 0; i < level.misses.size(); ++i) {
        const Miss& miss = level.misses[i];
        const bool last = i + 1 == level.misses.size();
        const std::size_t hits = (last ? found : level.misses[i + 1].at) - miss.at;
        copy_fours(to, level.ids.data() + miss.first, miss.count);
        to += miss.count;
        copy_fours(to, hits_.data() + (miss.at - first), hits);
        to += hits;
    }
    ids.set_size(ids.size() + found + added);
}

}  // namespace tokenry::encode
