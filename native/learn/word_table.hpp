// Distinct words with a 64-bit value each: how often a word was seen, or where its ids lie.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/compiler.hpp"

namespace tokenry::learn {

// Open addressing. A word of up to 15 bytes lies in its slot, so that looking it up touches one
// cache line: in running text more than 98% of the pretokens are that short. Longer ones lie in
// an arena.
class WordTable {
public:
    static constexpr std::size_t kShort = 15;

    struct Key {  // a short word, zero-padded, its size in the last byte; never all zero
        std::uint64_t low, high;
    };

    WordTable();

    // `readable` bytes may be read at `word`; 16 of them take the fast way.
    static Key pack(const std::uint8_t* word, std::size_t size, std::size_t readable);
    static std::uint64_t hash(Key key);
    void prefetch(std::uint64_t hash) const { base::prefetch(&short_[hash >> shift_]); }

    // The value of a word, 0 when it is new. Valid until the next call.
    std::uint64_t& at(const std::uint8_t* word, std::size_t size, std::size_t readable);
    std::uint64_t& at_short(Key key, std::uint64_t hash);

    // The value of a word, 0 when it is absent.
    std::uint64_t find(const std::uint8_t* word, std::size_t size) const;

    // A hash of all words and values, whatever the order in which they came.
    std::array<std::uint64_t, 2> fingerprint() const;

    std::size_t size() const { return short_count_ + long_.size(); }
    std::size_t bytes() const;  // memory held
    void clear();

    template <class Visit>  // visit(word, size, value)
    void for_each(Visit visit) const {
        for (const Short& slot : short_) {
            if (slot.key.high != 0) {
                std::uint64_t word[2] = {slot.key.low, slot.key.high};
                visit(reinterpret_cast<const std::uint8_t*>(word), slot.key.high >> 56, slot.value);
            }
        }
        for (const Long& entry : long_) {
            visit(arena_.data() + entry.offset, std::size_t{entry.size}, entry.value);
        }
    }

private:
    struct Short {
        Key key;
        std::uint64_t value;
    };
    struct Long {
        std::uint64_t hash, offset, value;
        std::uint32_t size;
    };

    std::uint64_t& at_long(const std::uint8_t* word, std::size_t size);
    std::size_t long_slot(const std::uint8_t* word, std::size_t size, std::uint64_t hash) const;
    void grow_short();
    void grow_long();

    std::vector<Short> short_;
    std::size_t short_count_ = 0;
    unsigned shift_;
    std::vector<std::uint32_t> long_slots_;  // index into long_ plus one; 0 is empty
    std::vector<Long> long_;
    std::vector<std::uint8_t> arena_;
};

}  // namespace tokenry::learn
