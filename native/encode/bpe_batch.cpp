#include "encode/bpe_batch.hpp"

#include <algorithm>

namespace tokenry::encode {

void BpeBatch::merge(const PairTable& pairs) {
    static const LaneMerger lanes = lane_merger();
    sort_by_count();
    const auto longer_than = [&](unsigned count) {
        return std::find_if(words_.begin(), words_.end(),
                            [&](const Word& word) { return word.count > count; });
    };
    auto next = words_.begin();
    if (const PairSlots slots = pairs.slots(); slots.slots != nullptr && lanes.merge != nullptr) {
        const auto end = longer_than(lanes.longest);
        merge_in_lanes(lanes.merge, slots, {next, end});
        next = end;
    }
    constexpr unsigned few = 16;
    const auto many = std::max(next, longer_than(few));
    merge_in_turn<few>(pairs, {next, many});
    merge_in_turn<longest>(pairs, {many, words_.end()});
}

// Words of about equal length share a vector, and so are done together.
void BpeBatch::sort_by_count() {
    std::uint32_t starts[longest + 2] = {};
    for (const Word& word : words_) ++starts[word.count + 1];
    for (unsigned count = 1; count < longest + 2; ++count) starts[count] += starts[count - 1];
    sorted_.resize(words_.size());
    for (const Word& word : words_) sorted_[starts[word.count]++] = word;
    words_.swap(sorted_);
}

void BpeBatch::merge_in_lanes(MergeLanes merge_all, const PairSlots& pairs, std::span<Word> words) {
    while (!words.empty()) {
        const auto some = words.first(std::min<std::size_t>(BpeLaneGroup::most, words.size()));
        words = words.subspan(some.size());
        lanes_.clear();
        for (const Word& word : some) lanes_.put(symbols_.data() + word.first, word.count);
        lanes_.merge(merge_all, pairs);
        for (std::size_t i = 0; i < some.size(); ++i) {
            Word& word = some[i];
            word.count = 0;
            lanes_.visit(i, [&](unsigned, Id id) { symbols_[word.first + word.count++] = id; });
        }
    }
}

// Enough words take turns to hide the latency of the L3 cache; each turn that is done takes the
// next word.
template <unsigned kCapacity>
void BpeBatch::merge_in_turn(const PairTable& pairs, std::span<Word> words) {
    constexpr std::size_t turns = 12;
    BpeWord<kCapacity> turning[turns];
    std::size_t which[turns];
    std::size_t next = 0;
    std::size_t active = 0;
    const auto take = [&](std::size_t turn) {
        if (next == words.size()) return false;
        const Word& word = words[next];
        std::copy_n(symbols_.data() + word.first, word.count, turning[turn].ids);
        turning[turn].start_later(pairs, word.count);
        which[turn] = next++;
        return true;
    };
    while (active < turns && take(active)) ++active;
    while (active > 0) {
        for (std::size_t turn = 0; turn < active; ++turn) {
            if (turning[turn].step(pairs)) continue;
            Word& word = words[which[turn]];
            word.count = turning[turn].write(symbols_.data() + word.first);
            if (take(turn)) continue;
            --active;
            which[turn] = which[active];
            turning[turn] = turning[active];
            --turn;
        }
    }
}

}  // namespace tokenry::encode
