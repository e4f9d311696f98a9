// The tables of caches of words: lines of entries by hash, in memory that grows with what is there.
#pragma once
#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/pages.hpp"

namespace tokenry::encode {

// A `Line` has `entries`, each of which knows whether it is `empty()`. A call of 4 KB with an empty
// cache touches no more than it needs, so a table begins with `first` lines: of 2 MB, one large page, it
// took longer to make them than to encode. What has more words is mostly a stream, so the first step is
// to `usual` lines at once: four steps to there took a fifth of the time of a new megabyte.
template <typename Line>
class LineTable {
public:
    struct Sizes {
        std::size_t first, usual;  // lines
        std::size_t step;          // times as many at each step behind
    };

    // At most `bytes`, but for a table of 4 KB.
    LineTable(std::size_t bytes, Sizes sizes)
        : LineTable(sizes, std::bit_floor(std::max<std::size_t>(bytes, 4096)) / sizeof(Line), sizes.first) {}

    Line* data() const { return static_cast<Line*>(pages_.data()); }
    Line& operator[](std::size_t hash) const { return data()[hash & mask_]; }
    std::size_t mask() const { return mask_; }
    std::size_t size() const { return mask_ + 1; }
    std::size_t bytes() const { return pages_.bytes(); }

    // An empty one of the next size, which there is where it can grow.
    bool can_grow() const { return size() < most_; }
    LineTable larger() const {
        return {sizes_, most_, size() < sizes_.usual ? sizes_.usual : size() * sizes_.step};
    }
    template <typename Use>
    void each_entry(Use use) const {
        for (const Line& line : std::span(data(), size()))
            for (const auto& entry : line.entries)
                if (!entry.empty()) use(entry);
    }
    // Empties the lines that there are.
    void forget() { std::fill_n(data(), size(), Line{}); }
    // As it was when it was made.
    void clear() {
        if (size() > std::min(most_, sizes_.first)) *this = {sizes_, most_, sizes_.first};
        else forget();
    }

private:
    LineTable(Sizes sizes, std::size_t most, std::size_t lines)
        : sizes_(sizes), most_(most), pages_(std::min(most, lines) * sizeof(Line)),
          mask_(pages_.bytes() / sizeof(Line) - 1) {}

    Sizes sizes_;
    std::size_t most_;  // lines
    base::Pages pages_;
    std::size_t mask_;
};

}  // namespace tokenry::encode
