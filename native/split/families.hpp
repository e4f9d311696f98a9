// The vector form of each splitter that has one, for one instruction set.
#pragma once
#include <utility>

#include "split/splitters.hpp"
#include "split/superwords.hpp"
#include "split/window.hpp"

namespace tokenry::split {
namespace {

template <class Isa, std::size_t kRow>
Bits window_of(Pointer text, Pointer end) {
    constexpr Windows kWindows = kSplitters[kRow].windows;
    if constexpr (kWindows == Windows::rules) {
        return rules_window<Isa, kSplitters[kRow].rules>(text, end);
    } else {
        return space_window<Isa, kWindows == Windows::space_runs>(text, end);
    }
}

template <class Isa, std::size_t kRow>
std::size_t split_windows(Pointer text, std::size_t size, std::size_t begin, std::uint32_t* ends,
                          std::size_t capacity) {
    const auto window = [](Pointer place, Pointer end) { return window_of<Isa, kRow>(place, end); };
    return split_by<Isa>(window, scalar_matcher(kRow), text, size, begin, ends, capacity);
}

template <class Isa, std::size_t kRow>
constexpr SplitFunction path_of() {
    switch (kSplitters[kRow].windows) {
        case Windows::none: return nullptr;
        case Windows::superwords: return split_superwords<Isa>;
        default: return split_windows<Isa, kRow>;
    }
}

template <class Isa, std::size_t... kRows>
SplitFunction path_at(std::size_t row, std::index_sequence<kRows...>) {
    static constexpr SplitFunction kPaths[] = {path_of<Isa, kRows>()...};
    return kPaths[row];
}

template <class Isa>
SplitFunction find_split(std::size_t row) {
    return path_at<Isa>(row, std::make_index_sequence<kSplitterCount>());
}

}  // namespace
}  // namespace tokenry::split
