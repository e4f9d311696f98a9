// A block of words on its way through a cache: the two loops that every known word goes through, in
// a file for each width of vectors.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>

#include "base/compiler.hpp"
#include "base/key.hpp"
#include "encode/word_cache.hpp"
#include "encode/words.hpp"

namespace tokenry::encode {

struct WordBlock {
    // Small enough that keys, hashes and the entries fetched for them stay in the L1 cache.
    static constexpr std::size_t most = 128;

    alignas(32) base::Key keys[most];  // of a word that is too long for one: a key that no entry has
    std::uint32_t hashes[most];
    const WordCache::Pair* lines[most];  // the first lines of words that are not too long
    std::uint64_t longs[most / 64];  // bit i: word i is too long for a key

    // Takes the key of word i; that of a longer word may hold anything.
    void set(std::size_t i, const base::Key& key, std::size_t size) {
        const std::uint64_t is_long = size > base::Key::longest;
        keys[i] = {key.low, key.high | (0 - is_long)};
        longs[i / 64] |= is_long << (i & 63);
    }
    void set_run(std::size_t i, const base::Key& key) {
        keys[i] = key;
        longs[i / 64] &= ~(std::uint64_t{1} << (i & 63));
    }
    // use(i) for each word that is too long for a key; use may set_run(i).
    template <typename Use>
    void each_long(Use use) const;
};

struct WordSteps {
    // Sets keys[i] and the bits of `longs` for the first words of a block, of each of which 16 bytes
    // can be read; returns how many it did. The bits are clear before.
    std::size_t (*make_keys)(const Words& words, WordBlock& block);
    // Writes the ids of words from the first-th on while the cache has them in their first line;
    // moves `out` and, where not null, sets counts. Returns the word where it stopped. Four ids are
    // written where one may be needed.
    std::size_t (*copy_known)(const WordBlock& block, std::size_t first, std::size_t count,
                              const WordCache& cache, Id*& out, std::uint32_t* counts);
};

// The widest path that this processor has.
const WordSteps& word_steps();

std::size_t make_keys_scalar(const Words& words, WordBlock& block);
std::size_t copy_known_scalar(const WordBlock& block, std::size_t first, std::size_t count,
                              const WordCache& cache, Id*& out, std::uint32_t* counts);
#if defined(TOKENRY_X86)
std::size_t make_keys_avx2(const Words& words, WordBlock& block);
std::size_t copy_known_avx2(const WordBlock& block, std::size_t first, std::size_t count,
                            const WordCache& cache, Id*& out, std::uint32_t* counts);
std::size_t make_keys_avx512(const Words& words, WordBlock& block);
std::size_t copy_known_avx512(const WordBlock& block, std::size_t first, std::size_t count,
                              const WordCache& cache, Id*& out, std::uint32_t* counts);
#elif defined(TOKENRY_ARM)
std::size_t make_keys_neon(const Words& words, WordBlock& block);
std::size_t copy_known_neon(const WordBlock& block, std::size_t first, std::size_t count,
                            const WordCache& cache, Id*& out, std::uint32_t* counts);
#endif

template <typename Use>
void WordBlock::each_long(Use use) const {
    for (std::size_t i = 0; i < most / 64; ++i)
        for (std::uint64_t left = longs[i]; left; left &= left - 1)
            use(64 * i + static_cast<std::size_t>(std::countr_zero(left)));
}

}  // namespace tokenry::encode
