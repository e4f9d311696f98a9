#include "encode/bpe_merge.hpp"

#include <algorithm>
#include <span>

#include "encode/bpe_heap.hpp"
#include "encode/bpe_lanes.hpp"
#include "encode/bpe_windows.hpp"
#include "encode/bpe_word.hpp"

namespace tokenry::encode {
namespace {

template <unsigned Capacity>
std::size_t merge_word(const PairTable& pairs, Id* ids, std::size_t count) {
    BpeWord<Capacity> word;
    std::copy(ids, ids + count, word.ids);
    word.look_up_all(pairs, static_cast<unsigned>(count));
    word.start(static_cast<unsigned>(count));
    while (word.step(pairs)) {
    }
    return word.write(ids);
}

void merge_by_heap(const PairTable& pairs, const Id* ids, std::size_t count,
                   MergeScratch& scratch) {
    HeapMerge merge(pairs, ids, count, scratch);
    merge.run();
    scratch.kept.clear();
    merge.visit([&](std::uint32_t at, Id id) { scratch.kept.push_back({at, id}); });
}

template <typename Window>
std::uint32_t begin_of(const Window& window) {
    return static_cast<std::uint32_t>(window.begin);
}

// Windows of 64 symbols, one in each lane of a vector.
bool merge_in_lanes(const PairSlots& pairs, MergeLanes merge_all, const Id* ids, std::size_t count,
                    std::vector<Placed>& kept) {
    BpeLaneGroup lanes;
    const auto merge_group = [&](const auto& windows, std::vector<Placed>* placed) {
        lanes.clear();
        for (const auto& window : windows)
            lanes.put(ids + window.begin, static_cast<unsigned>(window.size));
        lanes.merge(merge_all, pairs);
        for (std::size_t i = 0; i < windows.size(); ++i)
            lanes.visit(i, [&](unsigned at, Id id) {
                placed[i].push_back({begin_of(windows[i]) + at, id});
            });
    };
    // Letters at random fit together with little overlap; where long pieces do not, more is tried.
    for (const std::size_t overlap : {14, 20}) {
        const typename WindowMerge<decltype(merge_group)>::Shape shape{64, overlap, BpeLaneGroup::most};
        if (WindowMerge<decltype(merge_group)>(shape, count, kept, merge_group).run()) return true;
    }
    return false;
}

// The same, merged step by step in turn.
bool merge_in_small_windows(const PairTable& pairs, const Id* ids, std::size_t count,
                            std::vector<Placed>& kept) {
    constexpr std::size_t lanes = 12;
    BpeWord<64> words[lanes];
    const auto merge_group = [&](const auto& windows, std::vector<Placed>* placed) {
        std::size_t which[lanes];
        std::size_t active = windows.size();
        for (std::size_t i = 0; i < active; ++i) {
            which[i] = i;
            std::copy_n(ids + windows[i].begin, windows[i].size, words[i].ids);
            words[i].start_later(pairs, static_cast<unsigned>(windows[i].size));
        }
        while (active > 0)
            for (std::size_t i = 0; i < active; ++i)
                if (!words[which[i]].step(pairs)) which[i--] = which[--active];
        for (std::size_t i = 0; i < windows.size(); ++i)
            words[i].visit(
                [&](unsigned at, Id id) { placed[i].push_back({begin_of(windows[i]) + at, id}); });
    };
    return WindowMerge<decltype(merge_group)>({64, 20, lanes}, count, kept, merge_group).run();
}

bool merge_in_large_windows(const PairTable& pairs, const Id* ids, std::size_t count,
                            MergeScratch& scratch) {
    const auto merge_group = [&](const auto& windows, std::vector<Placed>* placed) {
        HeapMerge merge(pairs, ids + windows[0].begin, windows[0].size, scratch);
        merge.run();
        merge.visit([&](std::uint32_t at, Id id) {
            placed[0].push_back({begin_of(windows[0]) + at, id});
        });
    };
    return WindowMerge<decltype(merge_group)>({8192, 2048, 1}, count, scratch.kept, merge_group)
        .run();
}

// Whether windows are worth their overlaps: not for a few symbols, nor where most are the same, for
// windows of a run rarely fall into step.
bool suits_windows(const Id* ids, std::size_t count) {
    constexpr std::size_t few = 96;
    if (count < few) return false;
    std::size_t same = 0;
    for (std::size_t i = 1; i <= few / 2; ++i) same += ids[i] == ids[i - 1];
    return same < few / 4;
}

// The result goes to scratch.kept.
void merge_in_windows(const PairTable& pairs, const Id* ids, std::size_t count,
                      MergeScratch& scratch) {
    static const LaneMerger lanes = lane_merger();
    if (count < shortest_repeat && !suits_windows(ids, count))
        return merge_by_heap(pairs, ids, count, scratch);
    const PairSlots slots = pairs.slots();
    // Windows are as long as words may be.
    const bool in_lanes = slots.slots != nullptr && lanes.longest == BpeLanes::longest;
    const bool merged = in_lanes ? merge_in_lanes(slots, lanes.merge, ids, count, scratch.kept)
                                 : merge_in_small_windows(pairs, ids, count, scratch.kept);
    if (!merged &&
        !(count > 8192 && merge_in_large_windows(pairs, ids, count, scratch)))
        merge_by_heap(pairs, ids, count, scratch);
}

// Copies the sequence without most of each stretch that repeats.
std::vector<Shortened> shorten(const PairTable& pairs, std::span<const Id> ids,
                               std::span<const Repeat> repeats, MergeScratch& scratch) {
    constexpr std::size_t sample = 1024;
    std::vector<Shortened> stretches;
    std::vector<Id>& left = scratch.shortened;
    left.clear();
    const auto copy = [&](std::size_t begin, std::size_t end) {
        left.insert(left.end(), ids.data() + begin, ids.data() + end);
    };
    std::size_t done = 0;
    for (const Repeat& repeat : repeats) {
        merge_by_heap(pairs, ids.data() + repeat.begin, sample, scratch);
        const std::size_t cycle = cycle_of(scratch.kept, repeat.period);
        if (cycle == 0) continue;
        const std::size_t size = repeat.end - repeat.begin;
        const std::size_t copies = (size - sample) / cycle;
        copy(done, repeat.begin);
        const std::size_t begin = left.size();
        copy(repeat.begin, repeat.end - copies * cycle);
        stretches.push_back({begin, left.size(), cycle, copies});
        done = repeat.end;
    }
    copy(done, ids.size());
    return stretches;
}

// False where nothing long repeats.
bool merge_repeats(const PairTable& pairs, std::span<const Id> ids, MergeScratch& scratch) {
    const std::vector<Repeat> repeats = find_repeats(ids);
    if (repeats.empty()) return false;
    const std::vector<Shortened> stretches = shorten(pairs, ids, repeats, scratch);
    if (stretches.empty()) return false;
    const std::size_t count = scratch.shortened.size();
    merge_in_windows(pairs, scratch.shortened.data(), count, scratch);
    return repeat_cycles(scratch.kept, count, stretches, scratch.expanded);
}

}  // namespace

std::size_t merge(const PairTable& pairs, Id* ids, std::size_t count, MergeScratch& scratch) {
    if (count < 2) return count;
    if (count <= 16) return merge_word<16>(pairs, ids, count);
    if (count <= 64) return merge_word<64>(pairs, ids, count);
    if (count >= shortest_repeat && merge_repeats(pairs, {ids, count}, scratch)) {
        std::copy(scratch.expanded.begin(), scratch.expanded.end(), ids);
        return scratch.expanded.size();
    }
    merge_in_windows(pairs, ids, count, scratch);
    std::transform(scratch.kept.begin(), scratch.kept.end(), ids,
                   [](const Placed& symbol) { return symbol.id; });
    return scratch.kept.size();
}

}  // namespace tokenry::encode
