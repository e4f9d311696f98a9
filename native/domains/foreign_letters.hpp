// Letters of a file that are of no alphabet.
#pragma once
#include <array>
#include <cstdint>

#include "base/text.hpp"

namespace tokenry::domains {

struct ForeignLetters {
    std::uint64_t count = 0, first = 0;  // where the first one stands
};

// Adds those of data[begin, end). Most files have none, so they are counted, and the first is sought
// in the first block that has one.
inline void find_foreign(base::Text data, std::uint64_t begin, std::uint64_t end,
                         const std::array<std::uint8_t, 256>& is_foreign, ForeignLetters& found) {
    constexpr std::uint64_t block = 4096;
    for (; begin < end; begin += block) {
        const std::uint64_t stop = end - begin < block ? end : begin + block;
        std::uint64_t sums[4] = {};
        std::uint64_t at = begin;
        for (; at + 4 <= stop; at += 4)
            for (std::uint64_t k = 0; k < 4; ++k) sums[k] += is_foreign[data[at + k]];
        for (; at < stop; ++at) sums[0] += is_foreign[data[at]];
        const std::uint64_t count = sums[0] + sums[1] + sums[2] + sums[3];
        if (count == 0) continue;
        if (found.count == 0)
            for (found.first = begin; is_foreign[data[found.first]] == 0;) ++found.first;
        found.count += count;
    }
}

}  // namespace tokenry::domains
