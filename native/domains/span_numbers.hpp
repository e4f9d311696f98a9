// Numbers equal stretches of a file alike, in order of first use.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "base/text.hpp"

namespace tokenry::domains {

struct SpanNumbers {
    std::vector<std::int64_t> numbers;  // of each stretch
    std::vector<std::int64_t> first;    // the stretch where each number is used first
};

// Stretches data[begins[i], ends[i]), which lie in the file.
SpanNumbers number_spans(base::Text data, std::span<const std::int64_t> begins,
                         std::span<const std::int64_t> ends);

}  // namespace tokenry::domains
