#include "learn/word_table.hpp"

#include "base/compiler.hpp"

#include <cstring>

namespace tokenry::learn {
namespace {

constexpr unsigned kFirstBits = 12;
constexpr std::size_t kFirstLong = 1024;

std::uint64_t load(const std::uint8_t* at) {
    std::uint64_t value;
    std::memcpy(&value, at, 8);
    return value;
}

std::uint64_t hash_bytes(const std::uint8_t* word, std::size_t size) {
    std::uint64_t hash = 0x9e3779b97f4a7c15 ^ size;
    std::size_t at = 0;
    for (; at + 8 <= size; at += 8) hash = base::folded_product(hash ^ load(word + at), 0xd6e8feb86659fd93);
    std::uint64_t tail = 0;
    std::memcpy(&tail, word + at, size - at);
    return base::folded_product(hash ^ tail, 0xa0761d6478bd642f);
}

// The lowest `count` bytes of a word of eight.
constexpr std::uint64_t low_bytes(std::size_t count) {
    return count >= 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << (8 * count)) - 1;
}

struct Masks {
    std::uint64_t low[16], high[16];
    constexpr Masks() : low(), high() {
        for (std::size_t size = 0; size < 16; ++size) {
            low[size] = low_bytes(size);
            high[size] = size > 8 ? low_bytes(size - 8) : 0;
        }
    }
};
constexpr Masks kMasks;

}  // namespace

WordTable::WordTable() { clear(); }

void WordTable::clear() {
    short_.assign(std::size_t{1} << kFirstBits, Short{});
    shift_ = 64 - kFirstBits;
    short_count_ = 0;
    long_slots_.assign(kFirstLong, 0);
    long_.clear();
    arena_.clear();
}

std::size_t WordTable::bytes() const {
    return short_.capacity() * sizeof(Short) + long_slots_.capacity() * sizeof(std::uint32_t) +
           long_.capacity() * sizeof(Long) + arena_.capacity();
}

WordTable::Key WordTable::pack(const std::uint8_t* word, std::size_t size, std::size_t readable) {
    std::uint8_t padded[16] = {};
    if (readable < 16) word = static_cast<const std::uint8_t*>(std::memcpy(padded, word, size));
    return {load(word) & kMasks.low[size],
            (load(word + 8) & kMasks.high[size]) | std::uint64_t{size} << 56};
}

std::uint64_t WordTable::hash(Key key) {
    return base::folded_product(key.low ^ 0x9e3779b97f4a7c15, key.high ^ 0xd6e8feb86659fd93);
}

std::uint64_t& WordTable::at(const std::uint8_t* word, std::size_t size, std::size_t readable) {
    if (size > kShort) return at_long(word, size);
    const Key key = pack(word, size, readable);
    return at_short(key, hash(key));
}

std::uint64_t& WordTable::at_short(Key key, std::uint64_t hash) {
    const std::size_t mask = short_.size() - 1;
    std::size_t at = hash >> shift_;
    while (short_[at].key.high != 0) {
        Short& slot = short_[at];
        if (slot.key.low == key.low && slot.key.high == key.high) return slot.value;
        at = (at + 1) & mask;
    }
    if (short_count_ * 10 >= short_.size() * 7) {
        grow_short();
        return at_short(key, hash);
    }
    ++short_count_;
    short_[at].key = key;
    return short_[at].value;
}

void WordTable::grow_short() {
    std::vector<Short> old(short_.size() * 2);
    old.swap(short_);
    --shift_;
    const std::size_t mask = short_.size() - 1;
    for (const Short& slot : old) {
        if (slot.key.high == 0) continue;
        std::size_t at = hash(slot.key) >> shift_;
        while (short_[at].key.high != 0) at = (at + 1) & mask;
        short_[at] = slot;
    }
}

std::size_t WordTable::long_slot(const std::uint8_t* word, std::size_t size,
                                 std::uint64_t hash) const {
    const std::size_t mask = long_slots_.size() - 1;
    std::size_t at = (hash >> 20) & mask;
    for (; long_slots_[at] != 0; at = (at + 1) & mask) {
        const Long& entry = long_[long_slots_[at] - 1];
        if (entry.hash == hash && entry.size == size &&
            std::memcmp(arena_.data() + entry.offset, word, size) == 0) {
            break;
        }
    }
    return at;
}

std::uint64_t& WordTable::at_long(const std::uint8_t* word, std::size_t size) {
    const std::uint64_t hash = hash_bytes(word, size);
    std::size_t at = long_slot(word, size, hash);
    if (long_slots_[at] == 0) {
        if (long_.size() * 2 >= long_slots_.size()) {
            grow_long();
            at = long_slot(word, size, hash);
        }
        long_.push_back({hash, arena_.size(), 0, static_cast<std::uint32_t>(size)});
        arena_.insert(arena_.end(), word, word + size);
        long_slots_[at] = static_cast<std::uint32_t>(long_.size());
    }
    return long_[long_slots_[at] - 1].value;
}

void WordTable::grow_long() {
    long_slots_.assign(long_slots_.size() * 2, 0);
    const std::size_t mask = long_slots_.size() - 1;
    for (std::size_t index = 0; index < long_.size(); ++index) {
        std::size_t at = (long_[index].hash >> 20) & mask;
        while (long_slots_[at] != 0) at = (at + 1) & mask;
        long_slots_[at] = static_cast<std::uint32_t>(index + 1);
    }
}

std::uint64_t WordTable::find(const std::uint8_t* word, std::size_t size) const {
    if (size > kShort) {
        const std::uint32_t index = long_slots_[long_slot(word, size, hash_bytes(word, size))];
        return index == 0 ? 0 : long_[index - 1].value;
    }
    const Key key = pack(word, size, size);
    std::size_t at = hash(key) >> shift_;
    for (; short_[at].key.high != 0; at = (at + 1) & (short_.size() - 1)) {
        const Short& slot = short_[at];
        if (slot.key.low == key.low && slot.key.high == key.high) return slot.value;
    }
    return 0;
}

std::array<std::uint64_t, 2> WordTable::fingerprint() const {
    std::array<std::uint64_t, 2> sums{};
    for_each([&](const std::uint8_t* word, std::size_t size, std::uint64_t value) {
        const std::uint64_t hash = hash_bytes(word, size);
        sums[0] += base::folded_product(hash ^ 0x8ebc6af09c88c6e3, value ^ 0x589965cc75374cc3);
        sums[1] += base::folded_product(hash ^ 0x1d8e4e27c47d124f, value ^ 0xeb44accab455d165);
    });
    return sums;
}

}  // namespace tokenry::learn
