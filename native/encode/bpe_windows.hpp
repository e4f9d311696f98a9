// Merging of very many symbols in linear time, a window at a time.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/interrupts.hpp"
#include "encode/bpe_repeats.hpp"
#include "encode/segmenter.hpp"

namespace tokenry::encode {

// A sequence of ids is the result of merging exactly if every two neighbours are what merging them
// alone gives: the first merge across a boundary would have to be possible between two of them
// (Antonov and van Antwerpen 2024 use this in the crate `bpe`). Every two neighbours in the result
// of a window fulfil that. So windows that overlap may be joined at any symbol that both contain at
// the same place: each pair of neighbours of the joined sequence then comes from one window.
//
// A group of windows is merged at a time, which lets their waits for memory overlap. The first of
// a group begins where a symbol of the last window kept does, so at least one window a group is
// kept as a rule; the others are laid out blindly and usually fall into step within a few symbols.
// Where they do not, as in a run of one letter, groups shrink to one window.
template <typename MergeGroup>
class WindowMerge {
public:
    struct Shape {
        std::size_t window, overlap, group;
    };
    // merge_group(windows, placed) merges windows, each a begin and a size, and appends the symbols
    // of window i to placed[i], by their places in the whole sequence.
    struct Window {
        std::size_t begin, size;
    };

    WindowMerge(Shape shape, std::size_t count, std::vector<Placed>& kept, MergeGroup merge_group)
        : shape_(shape), count_(count), kept_(kept), merge_group_(merge_group) {}

    // Fills `kept`; false where two windows have nothing in common.
    bool run() {
        kept_.clear();
        std::vector<Window> windows;
        std::vector<std::vector<Placed>> placed(shape_.group);
        std::size_t group = shape_.group;
        for (std::size_t begin = 0; begin < count_; begin = next_begin_) {
            lay_out(windows, begin, group);
            for (auto& symbols : placed) symbols.clear();
            merge_group_(windows, placed.data());
            std::size_t used = 0;
            while (used < windows.size() && join(windows[used], placed[used])) ++used;
            if (used == 0) return false;
            base::poll();
            group = used == windows.size() ? std::min(group * 2, shape_.group) : 1 + used / 2;
        }
        return true;
    }

private:
    void lay_out(std::vector<Window>& windows, std::size_t begin, std::size_t group) {
        windows.clear();
        for (std::size_t i = 0; i < group && begin < count_; ++i) {
            windows.push_back({begin, std::min(shape_.window, count_ - begin)});
            if (begin + windows.back().size == count_) break;
            begin += shape_.window - shape_.overlap;
        }
    }

    // Keeps the symbols of a window up to its overlap with the next, if it fits to the last one.
    bool join(const Window& window, const std::vector<Placed>& now) {
        std::size_t old = 0;
        std::size_t next = 0;
        if (window.begin > 0) {
            while (old < last_.size() && next < now.size() && last_[old] != now[next]) {
                if (last_[old].begin <= now[next].begin)
                    ++old;
                else
                    ++next;
            }
            if (old == last_.size() || next == now.size()) return false;
            ++next;
        }
        const bool ends = window.begin + window.size == count_;
        std::size_t stop = now.size();
        if (!ends) {
            const std::size_t from = window.begin + window.size - shape_.overlap;
            while (stop > next && now[stop - 1].begin >= from) --stop;
            if (stop == now.size() || stop <= next) return false;
        }
        if (window.begin > 0)
            for (std::size_t i = 0; i <= old; ++i) kept_.push_back(last_[i]);
        for (; next < stop; ++next) kept_.push_back(now[next]);
        last_.assign(now.begin() + static_cast<std::ptrdiff_t>(stop), now.end());
        next_begin_ = ends ? count_ : last_.front().begin;
        return true;
    }

    const Shape shape_;
    const std::size_t count_;
    std::vector<Placed>& kept_;
    MergeGroup merge_group_;
    std::vector<Placed> last_;
    std::size_t next_begin_ = 0;
};

}  // namespace tokenry::encode
