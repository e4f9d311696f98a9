// What each thread remembers: the ids of words it has met.
#pragma once
#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <span>
#include <utility>
#include <vector>

#include "base/compiler.hpp"
#include "base/key.hpp"
#include "base/pages.hpp"
#include "encode/line_table.hpp"
#include "encode/segmenter.hpp"

namespace tokenry::encode {

// Writes whole fours of ids; the caller leaves room for three too many, to read and to write.
inline void copy_fours(Id* to, const Id* from, std::size_t count) {
    for (std::size_t i = 0; i < count; i += 4) std::memcpy(to + i, from + i, 4 * sizeof(Id));
}

// Room for ids that do not fit where they belong. When it is full everything is forgotten, which
// its owner does too: a bound that costs nothing until it is met. Ids may be read in fours.
class IdArena {
public:
    explicit IdArena(std::size_t bytes)
        : pages_(bytes, base::Pages::Use::in_order), capacity_(bytes / sizeof(Id) - 4) {}
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
    std::size_t bytes() const { return pages_.bytes(); }
    void clear() { used_ = 0; }
    // The same, and gives memory back where much was used.
    void empty() {
        if (used_ * sizeof(Id) > few) pages_ = base::Pages(pages_.bytes(), base::Pages::Use::in_order);
        used_ = 0;
    }

private:
    static constexpr std::size_t few = std::size_t{1} << 16;  // bytes

    base::Pages pages_;
    std::size_t capacity_;
    std::size_t used_ = 0;
};

// Words of at most Key::longest bytes. Two entries share a cache line. A word belongs to the line
// that the low bits of its hash name or, where that is full, to the one that its high bits name;
// so words that are met early, the frequent ones, are found at once. The table grows when three
// lines in four have a word, four times at a step, for each step costs as much as all words before
// it. That keeps it dense: 0.3% of look-ups in a text of 3 MB went astray in a sparse table of 8 MB
// with one line a hash, and cost 10% of the time.
class WordCache {
public:
    struct alignas(32) Entry {
        base::Key key;
        // Up to four ids, and their number in the three top bits of the first. Zero there means
        // more: then ids[1] is where they start in the arena and ids[2] how many they are.
        Id ids[4];

        bool empty() const { return key == base::Key{}; }
    };
    struct alignas(64) Pair {
        Entry entries[2];
    };
    static constexpr int count_shift = 29;
    static constexpr Id id_mask = (Id{1} << count_shift) - 1;
    static constexpr std::size_t inline_ids = 4;

    // At most `bytes` in all, a quarter of it for the arena.
    explicit WordCache(std::size_t bytes)
        : arena_(std::max<std::size_t>(bytes / 4, 4096)),
          pairs_(bytes / 4 * 3, {.first = 1 << 10, .usual = 1 << 15, .step = 4}),
          spilled_((pairs_.size() + 63) / 64) {}

    // As it was when it was made.
    void clear() {
        arena_.empty();
        pairs_.clear();
        start();
    }

    // The first line of each word, by its hash.
    struct Lines {
        const Pair* pairs;
        std::size_t mask;
        const Pair& operator[](std::uint32_t hash) const { return pairs[hash & mask]; }
    };
    Lines lines() const { return {pairs_.data(), pairs_.mask()}; }
    const Pair& pair(std::uint32_t hash) const { return lines()[hash]; }
    // What the ids of an entry, where they say more than four, stand for.
    const Id* overflow(const Id* ids) const { return arena_.data() + ids[1]; }

    const Entry* find_first(const base::Key& key, std::uint32_t hash) const {
        return find_in(pair(hash), key);
    }
    // Where find_first finds nothing.
    const Entry* find_second(const base::Key& key, std::uint32_t hash) const {
        return spills(hash) ? find_in(pair(second(hash)), key) : nullptr;
    }
    const Entry* find(const base::Key& key, std::uint32_t hash) const {
        const Entry* entry = find_first(key, hash);
        return entry != nullptr ? entry : find_second(key, hash);
    }
    // Of the first id only the bits of id_mask count.
    std::span<const Id> ids(const Entry& entry) const {
        if (const std::size_t count = entry.ids[0] >> count_shift) return {entry.ids, count};
        return {overflow(entry.ids), entry.ids[2]};
    }

    void add(const base::Key& key, std::uint32_t hash, const Id* ids, std::size_t count) {
        if (find_first(key, hash) != nullptr) return;
        if (count > inline_ids && !arena_.fits(count)) forget();
        if (count > inline_ids && !arena_.fits(count)) return;
        if (used_ * 4 > pairs_.mask() * 3 && pairs_.can_grow()) grow();
        place(entry_of(key, ids, count), hash);
    }
    // The same for a word that is not there and has one id; moves no line where there was room.
    void add(const base::Key& key, std::uint32_t hash, Id id) { place(entry_of(key, &id, 1), hash); }
    // Makes room for so many words, if there may be more.
    void make_room(std::size_t words) {
        if ((used_ + words) * 4 > pairs_.mask() * 3 && pairs_.can_grow()) grow();
    }
    std::size_t words() const { return used_; }
    std::size_t bytes() const { return pairs_.bytes() + arena_.bytes(); }

private:
    static std::uint32_t second(std::uint32_t hash) { return std::rotl(hash, 15) ^ 1; }

    Entry entry_of(const base::Key& key, const Id* ids, std::size_t count) {
        Entry entry{.key = key, .ids = {}};
        if (count > 0 && count <= inline_ids) {
            std::copy(ids, ids + count, entry.ids);
            entry.ids[0] |= static_cast<Id>(count) << count_shift;
        } else {
            entry.ids[1] = count > 0 ? arena_.add(ids, count) : 0;
            entry.ids[2] = static_cast<Id>(count);
        }
        return entry;
    }

    static const Entry* find_in(const Pair& pair, const base::Key& key) {
        for (const Entry& entry : pair.entries)
            if (entry.key == key) return &entry;
        return nullptr;
    }
    bool spills(std::uint32_t hash) const {
        return spilled_[(hash & pairs_.mask()) / 64] >> (hash & 63) & 1;
    }

    // In a free place or, where there is none, in place of either word of its line. A table that
    // is nearly full has no free places worth a look.
    void place(const Entry& entry, std::uint32_t hash) {
        if (put(entry, hash)) return;
        if (used_ * 2 < pairs_.size() * 3 && put(entry, second(hash)))
            spilled_[(hash & pairs_.mask()) / 64] |= 1ull << (hash & 63);
        else
            pairs_[hash].entries[++turn_ & 1] = entry;
    }
    bool put(const Entry& entry, std::uint32_t line) {
        for (Entry& place : pairs_[line].entries) {
            if (!place.empty()) continue;
            place = entry;
            ++used_;
            return true;
        }
        return false;
    }
    void grow() {
        const LineTable<Pair> old = std::exchange(pairs_, pairs_.larger());
        start();
        old.each_entry([&](const Entry& entry) { place(entry, base::hash_of(entry.key)); });
    }
    void forget() {
        pairs_.forget();
        arena_.clear();
        start();
    }
    void start() {
        spilled_.assign((pairs_.size() + 63) / 64, 0);
        used_ = 0;
    }

    IdArena arena_;
    LineTable<Pair> pairs_;
    std::vector<std::uint64_t> spilled_;  // a bit a line: some of its words are in their second
    std::size_t used_ = 0;
    std::size_t turn_ = 0;
};

// Words that are longer, up to `longest` bytes: the bytes and the ids lie in an arena, the table
// holds where. Four entries share a cache line.
class LongWordCache {
public:
    static constexpr std::size_t shortest = base::Key::longest + 1;
    static constexpr std::size_t longest = 512;

    explicit LongWordCache(std::size_t bytes)
        : arena_(std::max<std::size_t>(bytes / 8 * 7, 16384)),
          sets_(bytes / 8, {.first = 1 << 8, .usual = 1 << 11, .step = 2}) {}

    // As it was when it was made.
    void clear() {
        arena_.empty();
        sets_.clear();
        used_ = 0;
    }

    static bool takes(std::size_t size) { return size >= shortest && size <= longest; }

    struct Found {
        const Id* ids;  // may be read in fours
        std::size_t count;
    };
    // `ids` is null where the word is not known.
    Found find(const std::uint8_t* word, std::size_t size, std::uint32_t hash) const {
        for (const Entry& entry : sets_[hash].entries) {
            if (entry.hash != hash || entry.size != size) continue;
            const Id* at = arena_.data() + entry.at;
            if (base::equal_long(reinterpret_cast<const std::uint8_t*>(at), word, size))
                return {at + (size + 3) / 4, entry.count};
        }
        return {nullptr, 0};
    }
    // Ask for the memory that find needs: the set, and then, once that is there, the words in it.
    void prefetch(std::uint32_t hash) const { base::prefetch(&sets_[hash]); }
    void prefetch_word(std::uint32_t hash) const {
        for (const Entry& entry : sets_[hash].entries)
            if (entry.hash == hash) base::prefetch(arena_.data() + entry.at);
    }
    void add(const std::uint8_t* word, std::size_t size, std::uint32_t hash, const Id* ids,
             std::size_t count) {
        const std::size_t needed = (size + 3) / 4 + count;
        if (!arena_.fits(needed)) forget();
        if (size > longest || !arena_.fits(needed) || find(word, size, hash).ids) return;
        if (used_ >= sets_.size() && sets_.can_grow()) grow();
        Id* at = arena_.take(needed);
        std::memcpy(at, word, size);
        std::copy(ids, ids + count, at + (size + 3) / 4);
        place({hash, static_cast<std::uint32_t>(size), static_cast<std::uint32_t>(at - arena_.data()),
               static_cast<std::uint32_t>(count)});
    }
    std::size_t bytes() const { return sets_.bytes() + arena_.bytes(); }

private:
    struct Entry {
        std::uint32_t hash, size, at, count;

        bool empty() const { return size == 0; }
    };
    struct alignas(64) Set {
        Entry entries[4];
    };
    // In a free place of its set, else in place of one that is there.
    void place(const Entry& entry) {
        Set& set = sets_[entry.hash];
        Entry* to = std::find_if(std::begin(set.entries), std::end(set.entries),
                                 [](const Entry& each) { return each.empty(); });
        if (to == std::end(set.entries))
            to = &set.entries[++turn_ & 3];
        else
            ++used_;
        *to = entry;
    }
    void grow() {
        const LineTable<Set> old = std::exchange(sets_, sets_.larger());
        used_ = 0;
        old.each_entry([&](const Entry& entry) { place(entry); });
    }
    void forget() {
        sets_.forget();
        arena_.clear();
        used_ = 0;
    }

    IdArena arena_;
    LineTable<Set> sets_;
    std::size_t used_ = 0;
    std::size_t turn_ = 0;
};

// Whether a hash was noted lately: sure for the last 65,536 notes, forgotten after twice as many.
// Says yes by mistake now and then.
class RecentHashes {
public:
    bool note(std::uint32_t hash) {
        if (now_.empty()) {
            now_.resize(bits / 64);
            before_.resize(bits / 64);
        }
        const std::uint32_t bit = hash & (bits - 1);
        const std::uint64_t mask = 1ull << (bit & 63);
        const std::size_t word = bit >> 6;
        const bool known = (now_[word] | before_[word]) & mask;
        if (!(now_[word] & mask) && ++noted_ > bits / 4) {
            now_.swap(before_);
            std::fill(now_.begin(), now_.end(), 0);
            noted_ = 1;
        }
        now_[word] |= mask;
        return known;
    }

private:
    static constexpr std::uint32_t bits = 1u << 18;
    std::vector<std::uint64_t> now_, before_;  // none before the first note
    std::uint32_t noted_ = 0;
};

}  // namespace tokenry::encode
