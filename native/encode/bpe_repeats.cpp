#include "encode/bpe_repeats.hpp"

#include <algorithm>

namespace tokenry::encode {
namespace {

constexpr std::size_t stride = 1024;  // between the places that are looked at
constexpr std::size_t probe = 64;     // symbols that must repeat there

std::size_t end_of_match(std::span<const Id> ids, std::size_t at, std::size_t period,
                         std::size_t limit) {
    while (at + period < limit && ids[at] == ids[at + period]) ++at;
    return at;
}

// The shortest period of what begins at `at`, or 0.
std::size_t period_at(std::span<const Id> ids, std::size_t at) {
    for (std::size_t period = 1; period <= longest_period; ++period) {
        const std::size_t limit = at + probe + period;
        if (limit <= ids.size() && end_of_match(ids, at, period, limit) == at + probe)
            return period;
    }
    return 0;
}

// Two symbols of a result that are the same in id and length, a whole cycle apart.
struct Pair {
    std::size_t first = 0, second = 0;
};

Pair find_pair(std::span<const Placed> merged, std::size_t count, std::size_t from,
               const Shortened& stretch) {
    const auto length = [&](std::size_t i) {
        return (i + 1 < merged.size() ? merged[i + 1].begin : count) - merged[i].begin;
    };
    while (from < merged.size() && merged[from].begin < stretch.begin) ++from;
    for (std::size_t i = from, j = from; j < merged.size() && merged[j].begin < stretch.end;) {
        const std::size_t distance = merged[j].begin - merged[i].begin;
        if (distance < stretch.cycle) {
            ++j;
        } else if (distance == stretch.cycle && merged[i].id == merged[j].id &&
                   length(i) == length(j) && merged[j].begin + length(j) <= stretch.end) {
            return {i, j};
        } else {
            ++i;
        }
    }
    return {};
}

}  // namespace

std::vector<Repeat> find_repeats(std::span<const Id> ids) {
    std::vector<Repeat> found;
    std::size_t free = 0;  // what comes before belongs to a stretch
    for (std::size_t at = 0; at < ids.size(); at += stride) {
        if (at < free) continue;
        const std::size_t period = period_at(ids, at);
        if (period == 0) continue;
        const std::size_t end = end_of_match(ids, at, period, ids.size()) + period;
        std::size_t begin = at;
        const std::size_t lowest = std::max(free, at - std::min(at, stride));
        while (begin > lowest && ids[begin - 1] == ids[begin - 1 + period]) --begin;
        if (end - begin < shortest_repeat) continue;
        found.push_back({begin, end, period});
        free = end;
    }
    return found;
}

std::size_t cycle_of(std::span<const Placed> sample, std::size_t period) {
    const std::size_t middle = sample.size() / 2;  // away from both ends
    for (std::size_t i = middle + 1; i + 1 < sample.size(); ++i) {
        const std::size_t distance = sample[i].begin - sample[middle].begin;
        if (sample[i].id == sample[middle].id && distance % period == 0) return distance;
    }
    return 0;
}

bool repeat_cycles(std::span<const Placed> merged, std::size_t count,
                   std::span<const Shortened> stretches, std::vector<Id>& ids) {
    ids.clear();
    std::size_t done = 0;
    const auto put = [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) ids.push_back(merged[i].id);
    };
    for (const Shortened& stretch : stretches) {
        const Pair pair = find_pair(merged, count, done, stretch);
        if (pair.second == 0) return false;
        put(done, pair.second);
        for (std::size_t copy = 0; copy < stretch.copies; ++copy) put(pair.first, pair.second);
        done = pair.second;
    }
    put(done, merged.size());
    return true;
}

}  // namespace tokenry::encode
