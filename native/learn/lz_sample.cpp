#include "learn/lz_sample.hpp"

#include <algorithm>

#include "learn/pair_map.hpp"

namespace tokenry::learn {
namespace {

constexpr Id kMerged = 0xFFFFFFFE;  // stands for the piece that is tried

}  // namespace

LzSample::Slot& LzSample::slot(std::uint64_t key) {
    std::size_t at = PairMap::hash(key) >> shift_;
    while (slots_[at].stamp == stamp_ && slots_[at].key != key) at = (at + 1) & (slots_.size() - 1);
    return slots_[at];
}

void LzSample::grow() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    --shift_;
    for (const Slot& each : old) {
        if (each.stamp == stamp_) slot(each.key) = each;
    }
}

std::size_t LzSample::phrases(Id left, Id right) {
    if (++stamp_ == 0) {
        std::fill(slots_.begin(), slots_.end(), Slot{});
        stamp_ = 1;
    }
    std::uint32_t phrases = 0, current = 0;
    const std::size_t size = symbols_.size();
    for (std::size_t i = 0; i < size; ++i) {
        Id symbol = symbols_[i];
        if (symbol == kBreak) continue;
        if (symbol == left && i + 1 < size && symbols_[i + 1] == right) {
            symbol = kMerged;
            ++i;
        }
        const std::uint64_t key = PairMap::key(current, symbol);
        Slot& found = slot(key);
        if (found.stamp == stamp_) {
            current = found.phrase;
            continue;
        }
        found = {key, stamp_, ++phrases};
        current = 0;
        if (phrases * std::size_t{2} > slots_.size()) grow();
    }
    return phrases + (current != 0);
}

void LzSample::merge(Id left, Id right, Id made) {
    std::size_t kept = 0;
    const std::size_t size = symbols_.size();
    for (std::size_t i = 0; i < size; ++i) {
        Id symbol = symbols_[i];
        if (symbol == left && i + 1 < size && symbols_[i + 1] == right) {
            symbol = made;
            ++i;
        }
        symbols_[kept++] = symbol;
    }
    symbols_.resize(kept);
}

std::size_t LzSample::tokens() const {
    return symbols_.size() -
           static_cast<std::size_t>(std::count(symbols_.begin(), symbols_.end(), kBreak));
}

}  // namespace tokenry::learn
