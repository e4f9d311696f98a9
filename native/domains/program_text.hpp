// A program again from its marks and what stands aside; the inverse of `mark_program`.
#pragma once
#include <optional>
#include <span>
#include <string>

#include "domains/code_words.hpp"

namespace tokenry::domains {

// Texts in a row, each of so many bytes.
struct Texts {
    std::span<const std::int64_t> sizes;
    std::string_view bytes;
};

struct Aside {
    std::span<const std::int64_t> counts;  // names of each kind
    Texts names, gaps;
    std::optional<std::span<const std::int64_t>> skips;  // spaces are the usual ones without
    std::span<const std::int64_t> capitals;
};

// Throws std::invalid_argument where they are no program; it says what is wrong.
std::string write_program(std::span<const std::uint16_t> marks, std::span<const std::uint64_t> places,
                          std::string_view run, const Aside& aside, const CodeWords& words);

}  // namespace tokenry::domains
