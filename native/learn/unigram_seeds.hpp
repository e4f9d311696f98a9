// Substrings of words that are frequent enough to start a Unigram model from.
#pragma once
#include <cstdint>
#include <functional>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "learn/unigram_words.hpp"

namespace tokenry::learn {

struct UnigramSeed {
    std::uint32_t at, size;  // the bytes words.data()[at, at + size)
    std::uint64_t count;     // occurrences in running text
};

struct SeedOptions {
    std::unordered_set<std::string_view> left_out;  // characters beyond ASCII that no seed holds
    std::size_t longest = 16;                       // characters of a seed, at most 63
    std::size_t most = 1'000'000;
    unsigned threads = 1;
    std::function<void()> pause;  // called now and then; what it throws ends the search
};

// The `most` substrings of at least two characters that occur at least twice, those with the
// largest count * characters; equal ones in byte order. Of substrings that are always followed by
// the same character of the same word, only the longest is taken. The order is that of the bytes.
std::vector<UnigramSeed> unigram_seeds(const UnigramWords& words, const SeedOptions& options);

}  // namespace tokenry::learn
