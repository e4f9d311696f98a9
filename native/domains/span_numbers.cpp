#include "domains/span_numbers.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace tokenry::domains {

namespace {

std::uint64_t mixed(std::uint64_t hash, std::uint64_t value) {
    hash = (hash ^ value) * 0x9E3779B97F4A7C15;
    return hash ^ hash >> 29;
}

std::uint64_t hash_of(base::Text text) {
    std::uint64_t hash = text.size(), word = 0;
    std::size_t at = 0;
    for (; at + 8 <= text.size(); at += 8) {
        std::memcpy(&word, text.data() + at, 8);
        hash = mixed(hash, word);
    }
    word = 0;
    for (std::size_t shift = 0; at < text.size(); ++at, shift += 8)
        word |= std::uint64_t{text[at]} << shift;
    return mixed(hash, word);
}

}  // namespace

SpanNumbers number_spans(base::Text data, std::span<const std::int64_t> begins,
                         std::span<const std::int64_t> ends) {
    const auto text_of = [&](std::int64_t at) {
        return base::Text(data.data() + begins[at], static_cast<std::size_t>(ends[at] - begins[at]));
    };
    const std::uint64_t mask = std::bit_ceil(2 * begins.size() + 1) - 1;
    std::vector<std::int64_t> slots(mask + 1, -1);  // numbers, half of them free
    SpanNumbers found;
    found.numbers.reserve(begins.size());
    for (std::int64_t at = 0; at < std::ssize(begins); ++at) {
        const base::Text text = text_of(at);
        std::uint64_t slot = hash_of(text) & mask;
        const auto differs = [&](std::int64_t number) {
            return !std::ranges::equal(text_of(found.first[number]), text);
        };
        while (slots[slot] >= 0 && differs(slots[slot])) slot = (slot + 1) & mask;
        if (slots[slot] < 0) {
            slots[slot] = std::ssize(found.first);
            found.first.push_back(at);
        }
        found.numbers.push_back(slots[slot]);
    }
    return found;
}

}  // namespace tokenry::domains
