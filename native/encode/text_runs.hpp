// The texts of a batch in portions for threads.
#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "encode/engine.hpp"

namespace tokenry {

struct TextRun {
    std::size_t first, last;  // texts
};

// Texts that lie next to one another, about 128 KB together: few hand-outs, and enough of them
// that threads end together.
inline std::vector<TextRun> runs_of(std::span<const Text> texts) {
    constexpr std::size_t enough = std::size_t{1} << 17;
    std::vector<TextRun> runs;
    std::size_t bytes = 0;
    std::size_t first = 0;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        bytes += texts[i].size() + 64;
        if (bytes < enough && i + 1 < texts.size()) continue;
        runs.push_back({first, i + 1});
        first = i + 1;
        bytes = 0;
    }
    return runs;
}

}  // namespace tokenry
