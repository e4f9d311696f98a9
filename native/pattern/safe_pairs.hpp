// Pairs of characters between which several cuts one after the other always cut, and so that what
// stands on one side has no say in what becomes of the other. There a text may be taken apart.
#pragma once
#include <span>
#include <vector>

#include "pattern/cut.hpp"

namespace tokenry::pattern {

class SafePairs {
public:
    // All cuts must be over the same symbols.
    explicit SafePairs(std::span<const Cut> cuts);

    bool operator()(Symbol before, Symbol behind) const { return pairs_[before][behind]; }
    bool any() const;
    // By the first of two symbols, those of the second.
    std::span<const SymbolSet> sets() const { return pairs_; }

private:
    std::vector<SymbolSet> pairs_;  // by the first of the two
};

}  // namespace tokenry::pattern
