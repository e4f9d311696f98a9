// Stretches of a text, ascending and disjoint.
#pragma once
#include <cstddef>
#include <cstdint>

#include "base/buffer.hpp"

namespace tokenry::pattern {

struct Range {
    std::uint32_t begin, end;
};

class Ranges {
public:
    // Room for so many; `add` has no check of its own.
    void clear(std::size_t most) {
        begins_.clear();
        ends_.clear();
        begins_.reserve_more(most);
        ends_.reserve_more(most);
    }
    void add(std::uint32_t begin, std::uint32_t end) {
        *begins_.end() = begin;
        *ends_.end() = end;
        begins_.set_size(begins_.size() + 1);
        ends_.set_size(ends_.size() + 1);
    }

    // Those of another from number `first` to before `last`.
    void add(const Ranges& other, std::size_t first, std::size_t last) {
        begins_.append(other.begins() + first, last - first);
        ends_.append(other.ends() + first, last - first);
    }

    std::size_t size() const { return begins_.size(); }
    Range operator[](std::size_t i) const { return {begins_[i], ends_[i]}; }
    void set_last_end(std::uint32_t end) { ends_[ends_.size() - 1] = end; }
    const std::uint32_t* begins() const { return begins_.data(); }
    const std::uint32_t* ends() const { return ends_.data(); }

private:
    base::Buffer<std::uint32_t> begins_, ends_;
};

}  // namespace tokenry::pattern
