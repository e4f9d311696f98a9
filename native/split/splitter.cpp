#include "split/splitter.hpp"

#include <algorithm>

namespace tokenry::split {
namespace {

// Bytes to split before a place, after which cuts are mostly those of the whole text wherever the
// splitting began; and bytes behind it in which a cut is looked for.
constexpr std::size_t kBefore = 512, kBehind = 1024;

bool is_white(std::uint8_t byte) { return byte == ' ' || (byte >= '\t' && byte <= '\r'); }
bool is_digit(std::uint8_t byte) { return byte >= '0' && byte <= '9'; }

// Not inside of a run, where cuts depend on where it began.
bool is_telling(std::uint8_t before, std::uint8_t behind) {
    return before != behind && !(is_white(before) && is_white(behind)) &&
           !(is_digit(before) && is_digit(behind));
}

}  // namespace

std::size_t Splitter::cut_near(const std::uint8_t* text, std::size_t size, std::size_t at,
                               FinderScratch& scratch) const {
    std::size_t from = at - std::min(at, kBefore);
    while (from < at && (text[from] & 0xC0) == 0x80) ++from;
    const std::size_t stop = std::min(size, at + kBehind);
    const Pretokens found = find(text, stop, from, scratch);
    for (std::size_t i = 0; i < found.count; ++i) {
        const std::size_t end = from + found.ends[i];
        if (end >= at && end < stop && is_telling(text[end - 1], text[end])) return end;
    }
    return 0;
}

}  // namespace tokenry::split
