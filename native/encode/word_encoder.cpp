#include "encode/word_encoder.hpp"

#include <algorithm>
#include <cstring>

namespace tokenry {

WordEncoder::WordEncoder(const Segmenter& segmenter, std::size_t cache_bytes)
    : segmenter_(segmenter),
      scratch_(segmenter.make_scratch()),
      short_(cache_bytes / 4 * 3),
      long_(cache_bytes / 4) {}

void WordEncoder::encode(const Words& words, Buffer<Id>& ids, std::uint32_t* counts) {
    for (std::size_t done = 0; done < words.count; done += block) {
        const std::size_t count = std::min(block, words.count - done);
        encode_block({words.text, words.size, words.begins + done, words.ends + done, count}, ids,
                     counts ? counts + done : nullptr);
    }
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

void WordEncoder::encode_block(const Words& words, Buffer<Id>& ids, std::uint32_t* counts) {
    fetch(words);
    // Every id stands for a byte or more; four are written where one may be needed.
    ids.reserve_more(words.ends[words.count - 1] - words.begins[0] + WordCache::inline_ids);
    misses_.clear();
    Id* const begin = ids.end();
    Id* out = begin;
    for (std::size_t i = 0; i < words.count; ++i) {
        const WordCache::Pair& pair = short_.pair(hashes_[i]);
        const Key key = keys_[i];
        const std::uint64_t differs0 =
            (pair.entries[0].key.low ^ key.low) | (pair.entries[0].key.high ^ key.high);
        const std::uint64_t differs1 =
            (pair.entries[1].key.low ^ key.low) | (pair.entries[1].key.high ^ key.high);
        const WordCache::Entry& entry = pair.entries[differs1 == 0];
        if (differs0 != 0 && differs1 != 0) [[unlikely]] {
            misses_.push_back({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(out - begin), 0, 0});
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
    const auto count = static_cast<std::size_t>(out - begin);
    if (!misses_.empty()) {
        resolve(words);
        ids.reserve_more(count + missed_.size() + WordCache::inline_ids);
        insert(ids.end(), count, missed_.size());
        if (counts)
            for (const Miss& miss : misses_) counts[miss.word] = miss.count;
    }
    ids.set_size(ids.size() + count + missed_.size());
    missed_.clear();
}

void WordEncoder::resolve(const Words& words) {
    for (Miss& miss : misses_) {
        miss.first = static_cast<std::uint32_t>(missed_.size());
        if (words.ends[miss.word] - words.begins[miss.word] <= Key::longest)
            resolve_short(words, miss);
        else
            resolve_long(words, miss);
        miss.count = static_cast<std::uint32_t>(missed_.size()) - miss.first;
    }
}

void WordEncoder::resolve_short(const Words& words, Miss& miss) {
    const std::uint8_t* word = words.text + words.begins[miss.word];
    segmenter_.segment(word, words.ends[miss.word] - words.begins[miss.word], *scratch_, missed_);
    short_.add(keys_[miss.word], hashes_[miss.word], missed_.data() + miss.first,
               missed_.size() - miss.first);
}

void WordEncoder::resolve_long(const Words& words, Miss& miss) {
    const std::uint8_t* word = words.text + words.begins[miss.word];
    const std::size_t size = words.ends[miss.word] - words.begins[miss.word];
    if (size > LongWordCache::longest || segmenter_.remembers())
        return segmenter_.segment(word, size, *scratch_, missed_);
    const std::uint32_t hash = hash_of(word, size);
    if (const auto known = long_.find(word, size, hash); known.ids != nullptr) {
        missed_.insert(missed_.end(), known.ids, known.ids + known.count);
        return;
    }
    segmenter_.segment(word, size, *scratch_, missed_);
    long_.add(word, size, hash, missed_.data() + miss.first, missed_.size() - miss.first);
}

// Moves the ids of hits apart, from the end, and puts the ids of misses between them.
void WordEncoder::insert(Id* begin, std::size_t count, std::size_t added) {
    std::size_t end = count;
    for (auto miss = misses_.rbegin(); miss != misses_.rend(); ++miss) {
        std::memmove(begin + miss->at + added, begin + miss->at, (end - miss->at) * sizeof(Id));
        added -= miss->count;
        std::memcpy(begin + miss->at + added, missed_.data() + miss->first, miss->count * sizeof(Id));
        end = miss->at;
    }
}

}  // namespace tokenry
