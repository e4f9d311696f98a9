// What a thread remembers about words: their best path, and where it is sure to be the best.
#pragma once
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "base/compiler.hpp"
#include "base/key.hpp"
#include "encode/segmenter.hpp"

namespace tokenry::encode {

// A string of at most 31 bytes: the bytes, zeros, and the length in the last byte.
struct WideKey {
    static constexpr std::size_t longest = 31;
    std::uint64_t words[4] = {};

    bool operator==(const WideKey&) const = default;
};

inline WideKey wide_key_of(const std::uint8_t* bytes, std::size_t size) {
    WideKey key;
    std::memcpy(key.words, bytes, size);
    key.words[3] |= std::uint64_t(size) << 56;
    return key;
}

inline std::uint32_t hash_of(const WideKey& key) {
    std::uint64_t state = 0;
    for (const auto word : key.words) state = base::hash_step(state, word);
    return std::uint32_t(state);
}

// Two entries share a cache line (of short keys) and a hash; a new word takes the place of the
// older one.
// Doubles until it has `most` lines.
template <class K, std::size_t kInline>
class UnigramCache {
public:
    struct Entry {
        K key;
        float limit = 0;          // see UnigramMargin
        std::uint32_t count = 0;  // pieces; the top bit says that some are unknown
        Id ids[kInline] = {};     // or, where there are more, their place in `spilled`
    };
    static constexpr std::uint32_t kUnknown = 0x80000000u;

    explicit UnigramCache(std::size_t most) : most_(most), lines_(512) {}

    void prefetch(std::uint32_t hash) const { base::prefetch(&lines_[hash & mask()]); }

    const Entry* find(const K& key, std::uint32_t hash) {
        auto& line = lines_[hash & mask()];
        if (line.entries[0].key == key) return &line.entries[0];
        if (line.entries[1].key != key) return nullptr;
        std::swap(line.entries[0], line.entries[1]);
        return &line.entries[0];
    }

    std::span<const Id> ids(const Entry& entry) const {
        const auto count = entry.count & ~kUnknown;
        return {count <= kInline ? entry.ids : spilled_.data() + entry.ids[0], count};
    }

    // `ids` is not empty, and the key is not in here. The entry is good until the next insertion.
    const Entry& insert(const K& key, double limit, std::span<const Id> ids, bool unknown) {
        if (++inserted_ > lines_.size() && lines_.size() < most_) grow();
        Entry entry;
        entry.key = key;
        entry.limit = float(limit);
        entry.count = std::uint32_t(ids.size()) | (unknown ? kUnknown : 0);
        if (ids.size() <= kInline) {
            std::copy(ids.begin(), ids.end(), entry.ids);
        } else {
            if (spilled_.size() > kMostSpilled) forget();
            entry.ids[0] = Id(spilled_.size());
            spilled_.insert(spilled_.end(), ids.begin(), ids.end());
        }
        return place(entry);
    }

    std::size_t bytes() const {
        return lines_.size() * sizeof(Line) + spilled_.capacity() * sizeof(Id);
    }

private:
    struct alignas(64) Line {
        Entry entries[2];
    };
    static constexpr std::size_t kMostSpilled = std::size_t{1} << 20;

    std::size_t mask() const { return lines_.size() - 1; }

    Entry& place(const Entry& entry) {
        auto& line = lines_[hash_of(entry.key) & mask()];
        line.entries[1] = line.entries[0];
        return line.entries[0] = entry;
    }

    void grow() {
        std::vector<Line> old(lines_.size() * 2);
        old.swap(lines_);
        inserted_ = 0;
        for (const auto& line : old)
            for (const auto* entry : {&line.entries[1], &line.entries[0]})
                if (entry->count) place(*entry), ++inserted_;
    }

    void forget() {
        std::fill(lines_.begin(), lines_.end(), Line{});
        spilled_.clear();
    }

    std::size_t most_;
    std::vector<Line> lines_;
    std::vector<Id> spilled_;
    std::size_t inserted_ = 0;
};

}  // namespace tokenry::encode
