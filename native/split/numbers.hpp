// A splitter whose numbers are cut by a rule of their own; src/tokenry/text/pretokenizers/number_policies.py is the twin.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "split/characters.hpp"
#include "split/splitter.hpp"

namespace tokenry::split {

enum class Grouping : std::uint8_t {
    single,  // every digit alone
    left,    // groups from the left
    right,   // groups from the right
    place,   // integers from the right, what follows a point from the left
};

struct NumberPolicy {
    Grouping grouping = Grouping::single;
    std::uint32_t group = 1;
    bool signs = false;  // a sign before a number stands alone

    // "single", "l2r3", "r2l3", "place3" with any group from 1 to 9, and "+signs" after each.
    static std::optional<NumberPolicy> parse(std::string_view name);
};

// Cuts as `base` does, but at the edges of numbers and within them as `policy` does. `strict`: no
// pretoken of `base` holds a number unless it begins with one, or with a space and one.
std::unique_ptr<Splitter> with_numbers(std::unique_ptr<Splitter> base, NumberPolicy policy,
                                       bool strict);

}  // namespace tokenry::split
