// Turns a matcher (the end of the pretoken that starts at a place) into a Splitter.
#pragma once
#include "split/characters.hpp"
#include "split/splitter.hpp"

namespace tokenry {

using Matcher = Pointer (*)(Pointer text, Pointer end);

template <Matcher match>
class ScalarSplitter final : public Splitter {
public:
    std::size_t split(const std::uint8_t* text, std::size_t size, std::size_t begin,
                      std::uint32_t* ends, std::size_t capacity) const override {
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
};

}  // namespace tokenry
