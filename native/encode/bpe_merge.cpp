#include "encode/bpe_merge.hpp"

#include <algorithm>
#include <functional>

#include "encode/bpe_heap.hpp"
#include "encode/bpe_windows.hpp"
#include "encode/bpe_word.hpp"

namespace tokenry {
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

std::size_t merge_by_heap(const PairTable& pairs, Id* ids, std::size_t count,
                          MergeScratch& scratch) {
    HeapMerge merge(pairs, ids, count, scratch);
    merge.run();
    return merge.write(ids);
}

// Windows of 64 symbols, merged step by step in turn.
bool merge_in_small_windows(const PairTable& pairs, const Id* ids, std::size_t count,
                            std::vector<Id>& kept) {
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
                [&](unsigned at, Id id) { placed[i].push_back({windows[i].begin + at, id}); });
    };
    return WindowMerge<decltype(merge_group)>({64, 20, lanes}, count, kept, merge_group).run();
}

bool merge_in_large_windows(const PairTable& pairs, const Id* ids, std::size_t count,
                            MergeScratch& scratch) {
    const auto merge_group = [&](const auto& windows, std::vector<Placed>* placed) {
        HeapMerge merge(pairs, ids + windows[0].begin, windows[0].size, scratch);
        merge.run();
        merge.visit([&](std::uint32_t at, Id id) {
            placed[0].push_back({windows[0].begin + at, id});
        });
    };
    return WindowMerge<decltype(merge_group)>({8192, 2048, 1}, count, scratch.kept, merge_group)
        .run();
}

}  // namespace

std::size_t merge(const PairTable& pairs, Id* ids, std::size_t count, MergeScratch& scratch) {
    if (count < 2) return count;
    if (count <= 16) return merge_word<16>(pairs, ids, count);
    if (count <= 64) return merge_word<64>(pairs, ids, count);
    if (!merge_in_small_windows(pairs, ids, count, scratch.kept) &&
        !(count > 8192 && merge_in_large_windows(pairs, ids, count, scratch)))
        return merge_by_heap(pairs, ids, count, scratch);
    std::copy(scratch.kept.begin(), scratch.kept.end(), ids);
    return scratch.kept.size();
}

}  // namespace tokenry
