// Where ascending numbers stand among other ascending numbers.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace tokenry::domains {

// For each of `numbers` how many of `among` are less, or, with `or_equal`, not greater. Each search
// begins where the last one ended, so that near ones are near in memory, too; numbers that do not
// ascend are found as well, in the time of a search through all.
std::vector<std::int64_t> ranks_of(std::span<const std::int64_t> numbers, std::span<const std::int64_t> among, bool or_equal);

}  // namespace tokenry::domains
