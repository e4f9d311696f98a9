#include "learn/merge_list.hpp"

#include <functional>
#include <queue>
#include <utility>

namespace tokenry::learn {
namespace {
constexpr std::size_t kScan = 48;  // below this a scan for each merge beats a heap
}

MergeList::MergeList(const std::uint32_t* merges, std::size_t count) : made_(count) {
    for (std::size_t i = 0; i < count; ++i) {
        table_.insert(PairMap::key(merges[3 * i], merges[3 * i + 1]),
                      static_cast<std::uint32_t>(i));
        made_[i] = merges[3 * i + 2];
    }
}

void MergeList::apply(std::vector<Id>& symbols) const {
    if (symbols.size() < kScan) {
        apply_short(symbols);
    } else {
        apply_long(symbols);
    }
}

void MergeList::apply_short(std::vector<Id>& symbols) const {
    std::uint32_t ranks[kScan];
    for (std::size_t i = 0; i + 1 < symbols.size(); ++i) ranks[i] = rank(symbols[i], symbols[i + 1]);
    while (symbols.size() > 1) {
        std::size_t best = 0;
        for (std::size_t i = 1; i + 1 < symbols.size(); ++i) {
            if (ranks[i] < ranks[best]) best = i;
        }
        if (ranks[best] == PairMap::kNone) return;
        symbols[best] = made_[ranks[best]];
        symbols.erase(symbols.begin() + static_cast<std::ptrdiff_t>(best) + 1);
        for (std::size_t i = best + 1; i + 1 < symbols.size(); ++i) ranks[i] = ranks[i + 1];
        if (best > 0) ranks[best - 1] = rank(symbols[best - 1], symbols[best]);
        if (best + 1 < symbols.size()) ranks[best] = rank(symbols[best], symbols[best + 1]);
    }
}

void MergeList::apply_long(std::vector<Id>& symbols) const {
    constexpr Id kGone = 0xFFFFFFFE;
    const std::size_t size = symbols.size();
    std::vector<std::uint32_t> next(size), previous(size);
    using Candidate = std::pair<std::uint32_t, std::uint32_t>;  // rank, place of the left symbol
    std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> queue;
    auto offer = [&](std::size_t at) {
        if (next[at] == size) return;
        const std::uint32_t found = rank(symbols[at], symbols[next[at]]);
        if (found != PairMap::kNone) queue.emplace(found, static_cast<std::uint32_t>(at));
    };
    for (std::size_t i = 0; i < size; ++i) {
        next[i] = static_cast<std::uint32_t>(i + 1);
        previous[i] = static_cast<std::uint32_t>(i - 1);
    }
    for (std::size_t i = 0; i < size; ++i) offer(i);
    while (!queue.empty()) {
        const auto [found, at] = queue.top();
        queue.pop();
        if (symbols[at] == kGone || next[at] == size) continue;
        if (rank(symbols[at], symbols[next[at]]) != found) continue;  // out of date
        const std::uint32_t gone = next[at];
        symbols[at] = made_[found];
        symbols[gone] = kGone;
        next[at] = next[gone];
        if (next[at] != size) previous[next[at]] = at;
        offer(at);
        if (at != 0) offer(previous[at]);
    }
    std::erase(symbols, kGone);
}

}  // namespace tokenry::learn
