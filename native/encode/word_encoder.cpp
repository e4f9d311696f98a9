#include "encode/word_encoder.hpp"

#include <algorithm>
#include <cstring>

namespace tokenry {
namespace {

// Writes whole fours of ids; the caller leaves room for three too many.
inline void copy_fours(Id* to, const Id* from, std::size_t count) {
    for (std::size_t i = 0; i < count; i += 4) std::memcpy(to + i, from + i, 4 * sizeof(Id));
}

Pretoken word_at(const Words& words, std::size_t i) {
    return {words.text + words.begins[i], words.ends[i] - words.begins[i]};
}

}  // namespace

WordEncoder::WordEncoder(const Segmenter& segmenter, std::size_t cache_bytes, Cuts cuts)
    : segmenter_(segmenter),
      cuts_(cuts == Cuts::misses && segmenter.cuts()),
      scratch_(segmenter.make_scratch()),
      short_(cache_bytes / 2),
      long_(segmenter.remembers() ? 0 : cache_bytes / 2) {}

void WordEncoder::encode(const Words& words, Buffer<Id>& ids, std::uint32_t* counts) {
    if (words.count == 0) return;
    encode(words, ids, counts, words_);
    forget_long();
}

// Ids of known words are written as they are found; a miss leaves only a note of its place. When
// all words are through, those that can be cut are, for their parts are more often known; the
// others are segmented together. Then the ids of misses are put in.
void WordEncoder::encode(const Words& words, Buffer<Id>& ids, std::uint32_t* counts, Level& level) {
    level.misses.clear();
    level.ids.clear();
    // Four ids are written where one may be needed.
    const std::size_t bytes = words.ends[words.count - 1] - words.begins[0];
    ids.reserve_more(bytes * segmenter_.ids_per_byte() + WordCache::inline_ids);
    Id* const begin = ids.end();
    Id* out = begin;
    for (std::size_t first = 0; first < words.count; first += block) {
        const std::size_t count = std::min(block, words.count - first);
        const Words part{words.text, words.size, words.begins + first, words.ends + first, count};
        fetch(part);
        out = probe(part, first, begin, out, counts ? counts + first : nullptr, level);
    }
    const auto found = static_cast<std::size_t>(out - begin);
    if (!level.misses.empty()) {
        if (cuts_ && &level == &words_) cut(words);
        segment(words, level);
        ids.reserve_more(found + level.ids.size() + WordCache::inline_ids);
        insert(level, ids.end(), found);
        if (counts)
            for (const Miss& miss : level.misses) counts[miss.word] = miss.count;
    }
    ids.set_size(ids.size() + found + level.ids.size());
}

// A document that was one word must not keep its memory for as long as the thread has this.
void WordEncoder::forget_long() {
    if (segmented_.capacity() > most_kept) std::vector<Id>().swap(segmented_);
    for (Level* level : {&words_, &parts_})
        if (level->ids.capacity() > most_kept) level->ids.free_memory();
    for (Buffer<std::uint32_t>* places : {&part_begins_, &part_ends_, &part_counts_})
        if (places->capacity() > most_kept) places->free_memory();
}

// Keys and hashes of a block, and a request for the cache lines they need. A word that is too long
// gets a key that no entry has.
void WordEncoder::fetch(const Words& words) {
    std::size_t safe = words.count;  // words before it may be read in steps of 16 bytes
    while (safe > 0 && words.begins[safe - 1] + std::size_t{16} > words.size) --safe;
    std::size_t longs = 0;
    for (std::size_t i = 0; i < words.count; ++i) {
        const std::uint8_t* word = words.text + words.begins[i];
        const std::size_t size = words.ends[i] - words.begins[i];
        Key key = i < safe ? key_of_padded(word, size) : key_of(word, std::min<std::size_t>(size, 15));
        key.high |= 0 - static_cast<std::uint64_t>(size > Key::longest);
        const std::uint32_t hash = hash_of(key);
        __builtin_prefetch(&short_.pair(hash));
        keys_[i] = key;
        hashes_[i] = hash;
        long_words_[longs] = static_cast<std::uint32_t>(i);
        longs += size > Key::longest;
    }
    if (longs > 0) fetch_long(words, longs);
}

// Hashes of the words that are too long for a key, and requests for the memory they need: first
// where they may be noted, then what is noted there. One by one, each would wait twice.
void WordEncoder::fetch_long(const Words& words, std::size_t longs) {
    if (segmenter_.remembers()) return;
    for (std::size_t k = 0; k < longs; ++k) {
        const std::size_t i = long_words_[k];
        const std::size_t size = words.ends[i] - words.begins[i];
        if (!LongWordCache::takes(size)) continue;
        hashes_[i] = hash_of(words.text + words.begins[i], size);
        long_.prefetch(hashes_[i]);
    }
    for (std::size_t k = 0; k < longs; ++k) long_.prefetch_word(hashes_[long_words_[k]]);
}

Id* WordEncoder::probe(const Words& words, std::size_t first, Id* begin, Id* out,
                       std::uint32_t* counts, Level& level) {
    for (std::size_t i = 0; i < words.count; ++i) {
        const WordCache::Pair& pair = short_.pair(hashes_[i]);
        const Key key = keys_[i];
        const std::uint64_t differs0 =
            (pair.entries[0].key.low ^ key.low) | (pair.entries[0].key.high ^ key.high);
        const std::uint64_t differs1 =
            (pair.entries[1].key.low ^ key.low) | (pair.entries[1].key.high ^ key.high);
        const WordCache::Entry& entry = pair.entries[differs1 == 0];
        std::memcpy(out, entry.ids, sizeof entry.ids);
        std::size_t count = out[0] >> WordCache::count_shift;
        out[0] &= WordCache::id_mask;
        if (differs0 != 0 && differs1 != 0) [[unlikely]] {
            const Found found = find_long(word_at(words, i), hashes_[i]);
            if (found.ids == nullptr) {
                short_.prefetch_second(hashes_[i]);
                level.misses.push_back({keys_[i], hashes_[i], static_cast<std::uint32_t>(first + i),
                                        static_cast<std::uint32_t>(out - begin), 0, 0, 0});
                continue;
            }
            count = found.count;
            copy_fours(out, found.ids, count);
        } else if (count == 0) [[unlikely]] {
            count = entry.ids[2];
            copy_fours(out, short_.overflow(entry), count);
        }
        out += count;
        if (counts) counts[i] = static_cast<std::uint32_t>(count);
    }
    return out;
}

WordEncoder::Found WordEncoder::find_long(Pretoken word, std::uint32_t hash) const {
    if (!LongWordCache::takes(word.size) || segmenter_.remembers()) return {nullptr, 0};
    const auto known = long_.find(word.text, word.size, hash);
    return {known.ids, known.count};
}

// What is known of a word. Of the first id only the bits of id_mask count.
WordEncoder::Found WordEncoder::find(Pretoken word, const Key& key, std::uint32_t hash) const {
    if (word.size > Key::longest) return find_long(word, hash);
    const WordCache::Entry* entry = short_.find(key, hash);
    if (entry == nullptr) return {nullptr, 0};
    const auto ids = short_.ids(*entry);
    return {ids.data(), ids.size()};
}

void WordEncoder::learn(Pretoken word, const Miss& miss, const Id* ids) {
    if (word.size <= Key::longest)
        short_.add(miss.key, miss.hash, ids, miss.count);
    else if (!segmenter_.remembers() && LongWordCache::takes(word.size))
        long_.add(word.text, word.size, miss.hash, ids, miss.count);
}

// Cuts the misses of `words` where that is certain to change nothing.
void WordEncoder::cut(const Words& words) {
    part_begins_.clear();
    part_ends_.clear();
    for (Miss& miss : words_.misses) {
        const Pretoken word = word_at(words, miss.word);
        const std::size_t before = part_ends_.size();
        segmenter_.cut(word, part_ends_);
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
        const Pretoken word = word_at(words, miss.word);
        if (cut_lately_.note(miss.hash)) learn(word, miss, words_.ids.data() + miss.first);
    }
}

void WordEncoder::segment(const Words& words, Level& level) {
    unknown_.clear();
    for (Miss& miss : level.misses) {
        if (miss.parts > 0) continue;
        unknown_.push_back(&miss);
        if (unknown_.size() == group) segment_group(words, level);
    }
    segment_group(words, level);
}

// Words may have been learnt since they were missed.
void WordEncoder::segment_group(const Words& words, Level& level) {
    pretokens_.clear();
    std::size_t left = 0;
    for (Miss* miss : unknown_) {
        const Pretoken word = word_at(words, miss->word);
        const Found known = find(word, miss->key, miss->hash);
        if (known.ids != nullptr) {
            miss->first = static_cast<std::uint32_t>(level.ids.size());
            miss->count = static_cast<std::uint32_t>(known.count);
            level.ids.append(known.ids, known.count);
            if (known.count > 0) level.ids[miss->first] &= WordCache::id_mask;
        } else {
            unknown_[left++] = miss;
            pretokens_.push_back(word);
        }
    }
    segmented_.clear();
    segmenter_.segment_many(pretokens_, *scratch_, segmented_, counts_);
    const Id* ids = segmented_.data();
    for (std::size_t i = 0; i < left; ++i) {
        Miss& miss = *unknown_[i];
        miss.first = static_cast<std::uint32_t>(level.ids.size());
        miss.count = counts_[i];
        level.ids.append(ids, miss.count);
        learn(pretokens_[i], miss, ids);
        ids += miss.count;
    }
    unknown_.clear();
}

// Moves the ids of hits apart, from the end, and puts the ids of misses between them.
void WordEncoder::insert(const Level& level, Id* begin, std::size_t count) {
    std::size_t end = count;
    std::size_t added = level.ids.size();
    for (auto miss = level.misses.rbegin(); miss != level.misses.rend(); ++miss) {
        std::memmove(begin + miss->at + added, begin + miss->at, (end - miss->at) * sizeof(Id));
        added -= miss->count;
        std::copy_n(level.ids.data() + miss->first, miss->count, begin + miss->at + added);
        end = miss->at;
    }
}

}  // namespace tokenry
