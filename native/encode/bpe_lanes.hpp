// Merging of sixteen words at once, one in each lane of a vector.
#pragma once
#include <cstdint>

#include "encode/pair_table.hpp"

namespace tokenry {

// Words side by side: row p holds the p-th symbol of each word. Merging leaves a symbol where its
// first part was and clears the bits of the others in `alive`.
struct BpeLanes {
    static constexpr unsigned lanes = 16;
    static constexpr unsigned longest = 32;

    alignas(64) Id ids[longest][lanes];
    alignas(64) std::uint32_t alive[lanes];  // bit p: a symbol stands at p; set by the caller
    unsigned rows = 0;                       // symbols of the longest word

    void put(unsigned lane, unsigned count) {
        alive[lane] = static_cast<std::uint32_t>((std::uint64_t{1} << count) - 1);
        rows = count > rows ? count : rows;
    }
};

using MergeLanes = void (*)(const PairSlots& pairs, BpeLanes& words);

// The widest path that this processor has for it, or null: then words are merged one by one in
// turn (bpe_word.hpp), which gives the same.
MergeLanes merge_lanes();

#if defined(__x86_64__)
void merge_lanes_avx512(const PairSlots& pairs, BpeLanes& words);
#endif

}  // namespace tokenry
