#include "unicode/forms.hpp"

#include <iterator>

#include "unicode/canonical_tables.hpp"
#include "unicode/compatible_tables.hpp"
#include "unicode/hangul.hpp"

namespace tokenry::unicode::forms {

constexpr std::array<std::uint16_t, kCodePoints / kBlock> kBlocks =
    expand<kCodePoints / kBlock, std::uint16_t>(kBlockRuns);
constexpr std::array<std::uint8_t, kRecords> kRecordTable =
    expand<kRecords, std::uint8_t>(kRecordRuns);

static_assert(total(kBlockRuns) == kCodePoints / kBlock);

namespace {

// Code points to values in two stages, made from runs when first asked.
class Values {
public:
    template <std::size_t Runs>
    Values(const std::uint32_t (&runs)[Runs][3], const std::uint32_t* values) {
        places_.resize(kBlock);  // of a block without a value
        for (const auto& [first, last, from] : runs)
            for (std::uint32_t code = first; code <= last; ++code)
                place(code) = values[from + (code - first)];
    }

    // 0 for a code point in no run.
    std::uint32_t operator[](std::uint32_t code) const {
        return places_[std::size_t{blocks_[code / kBlock]} * kBlock + code % kBlock];
    }

private:
    std::uint32_t& place(std::uint32_t code) {
        std::uint16_t& block = blocks_[code / kBlock];
        if (block == 0) {
            block = static_cast<std::uint16_t>(places_.size() / kBlock);
            places_.resize(places_.size() + kBlock);
        }
        return places_[std::size_t{block} * kBlock + code % kBlock];
    }

    std::array<std::uint16_t, kCodePoints / kBlock> blocks_{};
    std::vector<std::uint32_t> places_;
};

void append(std::uint32_t value, const std::uint32_t* sequences, std::vector<std::uint32_t>& codes) {
    if (value < kCodePoints) return codes.push_back(value);
    for (const auto* code = sequences + (value - kCodePoints); *code != 0; ++code)
        codes.push_back(*code);
}

// Pairs and what they compose to, in a table of open addressing.
class Pairs {
public:
    Pairs() {
        for (const auto& [first, second, composed] : kPairs) {
            std::size_t at = place(first, second);
            while (cells_[at].composed != 0) at = (at + 1) % kSize;
            cells_[at] = {first, second, composed};
        }
    }

    std::uint32_t find(std::uint32_t first, std::uint32_t second) const {
        for (std::size_t at = place(first, second);; at = (at + 1) % kSize) {
            const Cell& cell = cells_[at];
            if (cell.composed == 0 || (cell.first == first && cell.second == second))
                return cell.composed;
        }
    }

private:
    struct Cell {
        std::uint32_t first = 0, second = 0, composed = 0;
    };
    static constexpr std::size_t kSize = 4096;
    static_assert(std::size(kPairs) < kSize / 2);

    static std::size_t place(std::uint32_t first, std::uint32_t second) {
        return (first * 0x9E3779B1u ^ second * 0x85EBCA6Bu) >> 20;
    }

    std::array<Cell, kSize> cells_{};
};

}  // namespace

void decompose(std::uint32_t code, bool compatible, std::vector<std::uint32_t>& codes) {
    static const Values canonical(kCanonicalRuns, kCanonicalValues);
    if (hangul::is_syllable(code)) {
        const auto [jamo, size] = hangul::jamo_of(code);
        codes.insert(codes.end(), jamo.begin(), jamo.begin() + size);
        return;
    }
    if (compatible) {
        static const Values others(kCompatibleRuns, kCompatibleValues);
        if (const auto value = others[code]; value != 0)
            return append(value, kCompatibleSequences, codes);
    }
    const auto value = canonical[code];
    append(value == 0 ? code : value, kCanonicalSequences, codes);
}

std::uint32_t compose(std::uint32_t first, std::uint32_t second) {
    static const Pairs pairs;
    const std::uint32_t syllable = hangul::compose(first, second);
    return syllable != 0 ? syllable : pairs.find(first, second);
}

}  // namespace tokenry::unicode::forms
