// Long stretches of a sequence that repeat a few symbols: "aaaa...", "=-=-=-...".
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "encode/segmenter.hpp"

namespace tokenry::encode {

// A symbol after merging and where it begins in the sequence that was merged.
struct Placed {
    std::uint32_t begin;
    Id id;
    bool operator==(const Placed&) const = default;
};

// ids[i] == ids[i + period] for all i in [begin, end - period).
struct Repeat {
    std::size_t begin, end, period;
};

inline constexpr std::size_t shortest_repeat = 4096;
inline constexpr std::size_t longest_period = 32;

// Stretches of at least shortest_repeat symbols with a period of at most longest_period, from left
// to right and apart from each other. Linear; some that are hardly long enough may be missed.
std::vector<Repeat> find_repeats(std::span<const Id> ids);

// How many symbols the result of merging a stretch takes to repeat itself, where that can be seen
// in `sample`, the result for some beginning of it; else 0.
std::size_t cycle_of(std::span<const Placed> sample, std::size_t period);

// What was taken out of a stretch: `copies` times `cycle` symbols. [begin, end) is what is left of
// the stretch, by places in the shortened sequence.
struct Shortened {
    std::size_t begin, end, cycle, copies;
};

// Puts the results of what was taken out into the result for the shortened sequence, which has
// `count` symbols. False, and `ids` is worth nothing, where one of the stretches shows no cycle.
//
// Where a symbol of the result stands again a cycle later, what lies between may be repeated: every
// two neighbours of the longer result are then neighbours in the shorter one too, and that decides
// whether a sequence is the result of merging (bpe_windows.hpp). That the two are made of the same
// first symbols follows from their place in the stretch and their length.
bool repeat_cycles(std::span<const Placed> merged, std::size_t count,
                   std::span<const Shortened> stretches, std::vector<Id>& ids);

}  // namespace tokenry::encode
