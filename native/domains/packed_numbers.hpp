// Whole numbers in few bytes: plain or as differences, in the narrowest type that holds them.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tokenry::domains {

// A byte that says how, their count as a varint, then the numbers, little-endian.
std::string pack_numbers(std::span<const std::int64_t> numbers);

// The numbers that begin at `at`, which moves behind them. Throws std::invalid_argument where the
// bytes are none of pack_numbers.
std::vector<std::int64_t> unpack_numbers(std::string_view bytes, std::size_t& at);

}  // namespace tokenry::domains
