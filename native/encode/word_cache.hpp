// What each thread remembers: the ids of words it has met.
#pragma once
#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <span>

#include "base/key.hpp"
#include "base/pages.hpp"
#include "encode/segmenter.hpp"

namespace tokenry {

// Room for ids that do not fit where they belong. When it is full everything is forgotten, which
// its owner does too: a bound that costs nothing until it is met.
class IdArena {
public:
    explicit IdArena(std::size_t bytes) : pages_(bytes), capacity_(bytes / sizeof(Id)) {}
    bool fits(std::size_t count) const { return used_ + count <= capacity_; }
    std::uint32_t add(const Id* ids, std::size_t count) {
        Id* to = take(count);
        std::copy(ids, ids + count, to);
        return static_cast<std::uint32_t>(to - data());
    }
    Id* take(std::size_t count) {
        Id* to = data() + used_;
        used_ += count;
        return to;
    }
    Id* data() const { return static_cast<Id*>(pages_.data()); }
    std::size_t capacity() const { return capacity_; }
    void clear() { used_ = 0; }

private:
    Pages pages_;
    std::size_t capacity_;
    std::size_t used_ = 0;
};

// Words of at most Key::longest bytes. Two entries share a cache line and a hash; a new word takes
// a free one or replaces either, by turns.
class WordCache {
public:
    struct alignas(32) Entry {
        Key key;
        // Up to four ids, and their number in the three top bits of the first. Zero there means
        // more: then ids[1] is where they start in the arena and ids[2] how many they are.
        Id ids[4];
    };
    struct alignas(64) Pair {
        Entry entries[2];
    };
    static constexpr int count_shift = 29;
    static constexpr Id id_mask = (Id{1} << count_shift) - 1;
    static constexpr std::size_t inline_ids = 4;

    // `bytes` in all, a quarter of it for the arena.
    explicit WordCache(std::size_t bytes)
        : arena_(std::max<std::size_t>(bytes / 4, 4096)),
          pairs_(std::bit_floor(std::max<std::size_t>(bytes / 4 * 3, 4096)) ),
          mask_(pairs_.bytes() / sizeof(Pair) - 1) {}

    const Pair& pair(std::uint32_t hash) const { return table()[hash & mask_]; }
    const Id* overflow(const Entry& entry) const { return arena_.data() + entry.ids[1]; }

    const Entry* find(const Key& key, std::uint32_t hash) const {
        for (const Entry& entry : pair(hash).entries)
            if (entry.key == key) return &entry;
        return nullptr;
    }
    // Of the first id only the bits of id_mask count.
    std::span<const Id> ids(const Entry& entry) const {
        if (const std::size_t count = entry.ids[0] >> count_shift) return {entry.ids, count};
        return {overflow(entry), entry.ids[2]};
    }

    void add(const Key& key, std::uint32_t hash, const Id* ids, std::size_t count) {
        if (find(key, hash) != nullptr) return;
        if (count > inline_ids && !arena_.fits(count)) forget();
        if (count > inline_ids && !arena_.fits(count)) return;
        Entry entry{.key = key, .ids = {}};
        if (count > 0 && count <= inline_ids) {
            std::copy(ids, ids + count, entry.ids);
            entry.ids[0] |= static_cast<Id>(count) << count_shift;
        } else {
            entry.ids[1] = count > 0 ? arena_.add(ids, count) : 0;
            entry.ids[2] = static_cast<Id>(count);
        }
        Pair& both = table()[hash & mask_];
        const std::size_t free = both.entries[0].key == Key{} ? 0 : both.entries[1].key == Key{};
        const bool full = free == 0 && both.entries[0].key != Key{};
        both.entries[full ? ++turn_ & 1 : free] = entry;
    }
    std::size_t bytes() const { return pairs_.bytes() + arena_.capacity() * sizeof(Id); }

private:
    Pair* table() const { return static_cast<Pair*>(pairs_.data()); }
    void forget() {
        std::fill_n(table(), mask_ + 1, Pair{});
        arena_.clear();
    }

    IdArena arena_;
    Pages pairs_;
    std::size_t mask_;
    std::size_t turn_ = 0;
};

// Words that are longer, up to `longest` bytes: the bytes and the ids lie in an arena, the table
// holds where. Four entries share a cache line.
class LongWordCache {
public:
    static constexpr std::size_t longest = 512;

    explicit LongWordCache(std::size_t bytes)
        : arena_(std::max<std::size_t>(bytes / 4 * 3, 16384)),
          sets_(std::bit_floor(std::max<std::size_t>(bytes / 4, 4096))),
          mask_(sets_.bytes() / sizeof(Set) - 1) {}

    struct Found {
        const Id* ids;
        std::size_t count;
    };
    // `ids` is null where the word is not known.
    Found find(const std::uint8_t* word, std::size_t size, std::uint32_t hash) const {
        for (const Entry& entry : table()[hash & mask_].entries) {
            if (entry.hash != hash || entry.size != size) continue;
            const Id* at = arena_.data() + entry.at;
            if (std::memcmp(at, word, size) == 0) return {at + (size + 3) / 4, entry.count};
        }
        return {nullptr, 0};
    }
    // Ask for the memory that find needs: the set, and then, once that is there, the words in it.
    void prefetch(std::uint32_t hash) const { __builtin_prefetch(&table()[hash & mask_]); }
    void prefetch_word(std::size_t size, std::uint32_t hash) const {
        for (const Entry& entry : table()[hash & mask_].entries)
            if (entry.hash == hash && entry.size == size)
                __builtin_prefetch(arena_.data() + entry.at);
    }
    void add(const std::uint8_t* word, std::size_t size, std::uint32_t hash, const Id* ids,
             std::size_t count) {
        const std::size_t needed = (size + 3) / 4 + count;
        if (!arena_.fits(needed)) forget();
        if (size > longest || !arena_.fits(needed)) return;
        Id* at = arena_.take(needed);
        std::memcpy(at, word, size);
        std::copy(ids, ids + count, at + (size + 3) / 4);
        Set& set = table()[hash & mask_];
        Entry* to = std::find_if(std::begin(set.entries), std::end(set.entries),
                                 [](const Entry& entry) { return entry.size == 0; });
        if (to == std::end(set.entries)) to = &set.entries[++turn_ & 3];
        *to = {hash, static_cast<std::uint32_t>(size), static_cast<std::uint32_t>(at - arena_.data()),
               static_cast<std::uint32_t>(count)};
    }
    std::size_t bytes() const { return sets_.bytes() + arena_.capacity() * sizeof(Id); }

private:
    struct Entry {
        std::uint32_t hash, size, at, count;
    };
    struct alignas(64) Set {
        Entry entries[4];
    };
    Set* table() const { return static_cast<Set*>(sets_.data()); }
    void forget() {
        std::fill_n(table(), mask_ + 1, Set{});
        arena_.clear();
    }

    IdArena arena_;
    Pages sets_;
    std::size_t mask_;
    std::size_t turn_ = 0;
};

}  // namespace tokenry
