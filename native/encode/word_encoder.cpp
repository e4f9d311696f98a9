#include "encode/word_encoder.hpp"

#include <algorithm>
#include <cstring>

namespace tokenry {

WordEncoder::WordEncoder(const Segmenter& segmenter, std::size_t cache_bytes)
    : segmenter_(segmenter),
      scratch_(segmenter.make_scratch()),
      short_(cache_bytes / 4 * 3),
      long_(cache_bytes / 4) {}

// Ids of known words are written as they are found; a miss leaves only a note of its place. When
// all words are through, the misses are segmented together and their ids put in.
void WordEncoder::encode(const Words& words, Buffer<Id>& ids, std::uint32_t* counts) {
    if (words.count == 0) return;
    misses_.clear();
    missed_.clear();
    // Four ids are written where one may be needed.
    const std::size_t bytes = words.ends[words.count - 1] - words.begins[0];
    ids.reserve_more(bytes * segmenter_.ids_per_byte() + WordCache::inline_ids);
    Id* const begin = ids.end();
    Id* out = begin;
    for (std::size_t first = 0; first < words.count; first += block) {
        const std::size_t count = std::min(block, words.count - first);
        const Words part{words.text, words.size, words.begins + first, words.ends + first, count};
        fetch(part);
        out = probe(part, first, begin, out, counts ? counts + first : nullptr);
    }
    const auto found = static_cast<std::size_t>(out - begin);
    if (!misses_.empty()) {
        resolve(words);
        ids.reserve_more(found + missed_.size() + WordCache::inline_ids);
        insert(ids.end(), found);
        if (counts)
            for (const Miss& miss : misses_) counts[miss.word] = miss.count;
    }
    ids.set_size(ids.size() + found + missed_.size());
    forget_long();
}

// A document that was one word must not keep its memory for as long as the thread has this.
void WordEncoder::forget_long() {
    if (missed_.capacity() > most_kept) std::vector<Id>().swap(missed_);
    if (segmented_.capacity() > most_kept) std::vector<Id>().swap(segmented_);
}

// Keys and hashes of a block, and a request for the cache lines they need. A word that is too long
// gets a key that no entry has.
void WordEncoder::fetch(const Words& words) {
    std::size_t safe = words.count;  // words before it may be read in steps of 16 bytes
    while (safe > 0 && words.begins[safe - 1] + std::size_t{16} > words.size) --safe;
    for (std::size_t i = 0; i < words.count; ++i) {
        const std::uint8_t* word = words.text + words.begins[i];
        const std::size_t size = words.ends[i] - words.begins[i];
        Key key = i < safe ? key_of_padded(word, size) : key_of(word, std::min<std::size_t>(size, 15));
        key.high |= 0 - static_cast<std::uint64_t>(size > Key::longest);
        const std::uint32_t hash = hash_of(key);
        __builtin_prefetch(&short_.pair(hash));
        keys_[i] = key;
        hashes_[i] = hash;
    }
}

Id* WordEncoder::probe(const Words& words, std::size_t first, Id* begin, Id* out,
                       std::uint32_t* counts) {
    for (std::size_t i = 0; i < words.count; ++i) {
        const WordCache::Pair& pair = short_.pair(hashes_[i]);
        const Key key = keys_[i];
        const std::uint64_t differs0 =
            (pair.entries[0].key.low ^ key.low) | (pair.entries[0].key.high ^ key.high);
        const std::uint64_t differs1 =
            (pair.entries[1].key.low ^ key.low) | (pair.entries[1].key.high ^ key.high);
        const WordCache::Entry& entry = pair.entries[differs1 == 0];
        if (differs0 != 0 && differs1 != 0) [[unlikely]] {
            misses_.push_back({key, hashes_[i], static_cast<std::uint32_t>(first + i),
                               static_cast<std::uint32_t>(out - begin), 0, 0});
            continue;
        }
        std::memcpy(out, entry.ids, sizeof entry.ids);
        out[0] &= WordCache::id_mask;
        std::size_t count = entry.ids[0] >> WordCache::count_shift;
        if (count == 0) [[unlikely]] {
            count = entry.ids[2];
            std::memcpy(out, short_.overflow(entry), count * sizeof(Id));
        }
        out += count;
        if (counts) counts[i] = static_cast<std::uint32_t>(count);
    }
    return out;
}

void WordEncoder::resolve(const Words& words) {
    for (std::size_t done = 0; done < misses_.size(); done += group)
        resolve_group(words, std::span(misses_).subspan(done, std::min(group, misses_.size() - done)));
}

Pretoken WordEncoder::word_of(const Words& words, const Miss& miss) {
    return {words.text + words.begins[miss.word], words.ends[miss.word] - words.begins[miss.word]};
}

// Hashes of the words that are too long for a key, and requests for the memory they need: first
// where they may be noted, then what is noted there. One by one, each would wait twice.
void WordEncoder::fetch_long(const Words& words, std::span<Miss> misses) {
    if (segmenter_.remembers()) return;
    const auto each = [&](auto request) {
        for (Miss& miss : misses) {
            const Pretoken word = word_of(words, miss);
            if (word.size > Key::longest && word.size <= LongWordCache::longest) request(word, miss);
        }
    };
    each([&](Pretoken word, Miss& miss) {
        miss.hash = hash_of(word.text, word.size);
        long_.prefetch(miss.hash);
    });
    each([&](Pretoken word, Miss& miss) { long_.prefetch_word(word.size, miss.hash); });
}

// Words may have been learnt since they were missed; the others are segmented together.
void WordEncoder::resolve_group(const Words& words, std::span<Miss> misses) {
    Pretoken unknown[group];
    std::uint32_t counts[group];
    std::uint32_t which[group];
    std::size_t unknowns = 0;
    segmented_.clear();
    fetch_long(words, misses);
    for (std::uint32_t i = 0; i < misses.size(); ++i) {
        Miss& miss = misses[i];
        const Pretoken word = word_of(words, miss);
        if (recall(word, miss)) continue;
        which[unknowns] = i;
        unknown[unknowns++] = word;
    }
    segmenter_.segment_many({unknown, unknowns}, *scratch_, segmented_, counts);
    std::size_t at = 0;
    for (std::size_t k = 0; k < unknowns; ++k) {
        Miss& miss = misses[which[k]];
        miss.first = static_cast<std::uint32_t>(missed_.size());
        miss.count = counts[k];
        missed_.insert(missed_.end(), segmented_.begin() + static_cast<std::ptrdiff_t>(at),
                       segmented_.begin() + static_cast<std::ptrdiff_t>(at + counts[k]));
        at += counts[k];
        learn(unknown[k], miss);
    }
}

bool WordEncoder::recall(Pretoken word, Miss& miss) {
    miss.first = static_cast<std::uint32_t>(missed_.size());
    if (word.size <= Key::longest) {
        const WordCache::Entry* entry = short_.find(miss.key, miss.hash);
        if (entry == nullptr) return false;
        const auto known = short_.ids(*entry);
        for (const Id id : known) missed_.push_back(id & WordCache::id_mask);
    } else {
        if (word.size > LongWordCache::longest || segmenter_.remembers()) return false;
        const auto known = long_.find(word.text, word.size, miss.hash);
        if (known.ids == nullptr) return false;
        missed_.insert(missed_.end(), known.ids, known.ids + known.count);
    }
    miss.count = static_cast<std::uint32_t>(missed_.size()) - miss.first;
    return true;
}

void WordEncoder::learn(Pretoken word, const Miss& miss) {
    const Id* ids = missed_.data() + miss.first;
    if (word.size <= Key::longest)
        short_.add(miss.key, miss.hash, ids, miss.count);
    else if (!segmenter_.remembers())
        long_.add(word.text, word.size, miss.hash, ids, miss.count);
}

// Moves the ids of hits apart, from the end, and puts the ids of misses between them.
void WordEncoder::insert(Id* begin, std::size_t count) {
    std::size_t end = count;
    std::size_t added = missed_.size();
    for (auto miss = misses_.rbegin(); miss != misses_.rend(); ++miss) {
        std::memmove(begin + miss->at + added, begin + miss->at, (end - miss->at) * sizeof(Id));
        added -= miss->count;
        std::copy_n(missed_.data() + miss->first, miss->count, begin + miss->at + added);
        end = miss->at;
    }
}

}  // namespace tokenry
