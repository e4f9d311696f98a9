#include "domains/ranks.hpp"

#include <algorithm>

namespace tokenry::domains {

std::vector<std::int64_t> ranks_of(std::span<const std::int64_t> numbers, std::span<const std::int64_t> among, bool or_equal) {
    std::vector<std::int64_t> ranks(numbers.size());
    const std::int64_t* const begin = among.data();
    const std::size_t size = among.size();
    std::size_t at = 0;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const std::int64_t number = numbers[i];
        const auto before = [&](std::int64_t each) { return or_equal ? each <= number : each < number; };
        if (at > 0 && !before(begin[at - 1])) at = 0;
        std::size_t step = 1;
        while (at + step <= size && before(begin[at + step - 1])) {
            at += step;
            step *= 2;
        }
        at = static_cast<std::size_t>(std::partition_point(begin + at, begin + std::min(at + step - 1, size), before) - begin);
        ranks[i] = static_cast<std::int64_t>(at);
    }
    return ranks;
}

}  // namespace tokenry::domains
