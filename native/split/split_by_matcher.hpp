// Splitting by a matcher alone: the scalar path of every splitter.
#pragma once
#include "split/matchers.hpp"
#include "split/splitter.hpp"

namespace tokenry::split {

// As Splitter::split, where match(place, end) gives the end of the pretoken that starts at a place.
template <class Match>
std::size_t split_by_matcher(Match match, Pointer text, std::size_t size, std::size_t begin,
                             std::uint32_t* ends, std::size_t capacity) {
    const Pointer start = text + begin;
    const Pointer end = text + size;
    std::size_t count = 0;
    for (Pointer stop = start; stop < end && count < capacity;) {
        stop = match(stop, end);
        if (stop - start > static_cast<std::ptrdiff_t>(kLongestPretoken)) {
            if (count == 0) ends[count++] = static_cast<std::uint32_t>(kLongestPretoken);
            break;
        }
        ends[count++] = static_cast<std::uint32_t>(stop - start);
    }
    return count;
}

}  // namespace tokenry::split
