// The scalar path of every splitter: its matcher, again and again.
#include <utility>

#include "split/scalar.hpp"
#include "split/split_by_matcher.hpp"
#include "split/splitters.hpp"

namespace tokenry::split {
namespace {

template <std::size_t kRow>
constexpr Matcher matcher_of() {
    if constexpr (kSplitters[kRow].has_rules()) return scalar::match<kSplitters[kRow].rules>;
    else return kSplitters[kRow].match;
}

template <Matcher match>
std::size_t split_with(Pointer text, std::size_t size, std::size_t begin, std::uint32_t* ends,
                       std::size_t capacity) {
    const auto own = [](Pointer place, Pointer end) { return match(place, end); };  // to be inlined
    return split_by_matcher(own, text, size, begin, ends, capacity);
}

template <std::size_t... kRows>
Matcher matcher_at(std::size_t row, std::index_sequence<kRows...>) {
    static constexpr Matcher kMatchers[] = {matcher_of<kRows>()...};
    return kMatchers[row];
}

template <std::size_t... kRows>
SplitFunction split_at(std::size_t row, std::index_sequence<kRows...>) {
    static constexpr SplitFunction kSplits[] = {split_with<matcher_of<kRows>()>...};
    return kSplits[row];
}

constexpr std::make_index_sequence<kSplitterCount> kEveryRow;

}  // namespace

Matcher scalar_matcher(std::size_t row) { return matcher_at(row, kEveryRow); }

SplitFunction scalar_split(std::size_t row) { return split_at(row, kEveryRow); }

}  // namespace tokenry::split
