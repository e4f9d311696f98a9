// The texts of a batch in portions for threads.
#pragma once
#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "base/buffer.hpp"
#include "base/thread_pool.hpp"
#include "encode/engine.hpp"

namespace tokenry::encode {

struct TextRun {
    std::size_t first, last;  // texts
};

// Texts that lie next to one another, about 32 KB together: what takes 0.1 ms or more, so that
// handing out costs nothing and threads end together.
inline std::vector<TextRun> runs_of(std::span<const Text> texts) {
    constexpr std::size_t enough = std::size_t{1} << 15;
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

inline constexpr std::size_t worth_waking = std::size_t{1} << 17;  // ids to copy

// Appends the parts, in their order, to `ids` and frees them. Threads share the copying and, more
// than that, the first touch of the pages that it writes to.
inline void join_parts(std::vector<Buffer<Id>>& parts, unsigned threads, Buffer<Id>& ids) {
    std::vector<std::size_t> begins;
    std::size_t total = ids.size();
    for (const Buffer<Id>& part : parts) {
        begins.push_back(total);
        total += part.size();
    }
    ids.reserve_more(total - ids.size());
    ids.set_size(total);
    base::parallel_parts(parts.size(), total < worth_waking ? 1 : threads,
                         [&](unsigned, std::size_t i) {
                             std::copy_n(parts[i].data(), parts[i].size(), ids.data() + begins[i]);
                             parts[i].free_memory();
                         });
}

}  // namespace tokenry::encode
