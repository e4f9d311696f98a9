// What a thread remembers about words: their best path, and where it is sure to be the best.
#pragma once
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "base/key.hpp"
#include "encode/segmenter.hpp"

namespace tokenry {

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
    for (const auto word : key.words) state = hash_step(state, word);
    return std::uint32_t(state);
}

// Open addressing. Doubles until it has `most` slots, then forgets everything when half full.
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

    explicit UnigramCache(std::size_t most) : most_(most), slots_(1024) {}

    const Entry* find(const K& key, std::uint32_t hash) const {
        const auto mask = slots_.size() - 1;
        for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
            const auto& entry = slots_[at];
            if (entry.key == key) return &entry;
            if (entry.count == 0) return nullptr;
        }
    }

    std::span<const Id> ids(const Entry& entry) const {
        const auto count = entry.count & ~kUnknown;
        return {count <= kInline ? entry.ids : spilled_.data() + entry.ids[0], count};
    }

    // `ids` is not empty, and the key is not in here.
    void insert(const K& key, double limit, std::span<const Id> ids, bool unknown) {
        if (used_ * 2 >= slots_.size()) make_room();
        Entry entry;
        entry.key = key;
        entry.limit = float(limit);
        entry.count = std::uint32_t(ids.size()) | (unknown ? kUnknown : 0);
        if (ids.size() <= kInline) {
            std::copy(ids.begin(), ids.end(), entry.ids);
        } else {
            entry.ids[0] = Id(spilled_.size());
            spilled_.insert(spilled_.end(), ids.begin(), ids.end());
        }
        place(entry);
    }

private:
    void make_room() {
        std::vector<Entry> old(slots_.size() < most_ ? slots_.size() * 2 : slots_.size());
        old.swap(slots_);
        used_ = 0;
        if (old.size() == slots_.size()) {
            spilled_.clear();
            return;
        }
        for (const auto& entry : old)
            if (entry.count) place(entry);
    }

    void place(const Entry& entry) {
        const auto mask = slots_.size() - 1;
        std::size_t at = hash_of(entry.key) & mask;
        while (slots_[at].count) at = (at + 1) & mask;
        slots_[at] = entry;
        ++used_;
    }

    std::size_t most_;
    std::vector<Entry> slots_;
    std::vector<Id> spilled_;
    std::size_t used_ = 0;
};

}  // namespace tokenry
