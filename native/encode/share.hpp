// How one text is shared out among threads.
#pragma once
#include <algorithm>
#include <cstddef>

namespace tokenry::encode {

// In stretches of about `bytes`; 0 for what suits its size.
struct Share {
    unsigned threads = 1;
    std::size_t bytes = 0;

    // Waking a thread takes as long as 30 KB of text.
    bool pays(std::size_t size) const {
        return threads > 1 && size >= (bytes > 0 ? 2 * bytes : std::size_t{1} << 18);
    }
    std::size_t stretch(std::size_t size) const {
        if (bytes > 0) return bytes;
        return std::clamp<std::size_t>(size / (threads * 8u), std::size_t{1} << 12, std::size_t{1} << 19);
    }
};

}  // namespace tokenry::encode
