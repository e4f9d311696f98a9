#include "encode/bpe_merge.hpp"

#include <algorithm>
#include <functional>

#include "encode/bpe_heap.hpp"
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

}  // namespace

std::size_t merge_by_heap(const PairTable& pairs, Id* ids, std::size_t count,
                          MergeScratch& scratch) {
    if (count < 2) return count;
    HeapMerge merge(pairs, ids, count, scratch);
    merge.run();
    return merge.write(ids);
}

std::size_t merge(const PairTable& pairs, Id* ids, std::size_t count, MergeScratch& scratch) {
    if (count < 2) return count;
    if (count <= 16) return merge_word<16>(pairs, ids, count);
    if (count <= 64) return merge_word<64>(pairs, ids, count);
    return merge_by_heap(pairs, ids, count, scratch);
}

}  // namespace tokenry
