#include "encode/bpe_batch.hpp"

#include <algorithm>

namespace tokenry {

void BpeBatch::merge(const PairTable& pairs) {
    const PairSlots slots = pairs.slots();
    if (slots.slots != nullptr && merge_lanes() != nullptr)
        merge_in_lanes(slots);
    else
        merge_in_turn(pairs);
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

void BpeBatch::merge_in_lanes(const PairSlots& pairs) {
    static const MergeLanes merge_all = merge_lanes();
    sort_by_count();
    for (std::size_t first = 0; first < words_.size(); first += BpeLanes::lanes) {
        const std::size_t count = std::min<std::size_t>(BpeLanes::lanes, words_.size() - first);
        lanes_.rows = 0;
        std::fill_n(lanes_.alive, BpeLanes::lanes, 0u);
        for (unsigned lane = 0; lane < count; ++lane) {
            const Word& word = words_[first + lane];
            for (unsigned row = 0; row < word.count; ++row)
                lanes_.ids[row][lane] = symbols_[word.first + row];
            lanes_.put(lane, word.count);
        }
        merge_all(pairs, lanes_);
        for (unsigned lane = 0; lane < count; ++lane) {
            Word& word = words_[first + lane];
            word.count = 0;
            for (std::uint32_t left = lanes_.alive[lane]; left; left &= left - 1)
                symbols_[word.first + word.count++] = lanes_.ids[std::countr_zero(left)][lane];
        }
    }
}

// Each takes the next word when its own is done.
void BpeBatch::merge_in_turn(const PairTable& pairs) {
    std::size_t which[turns];
    std::size_t next = 0;
    std::size_t active = 0;
    const auto take = [&](std::size_t turn) {
        if (next == words_.size()) return false;
        const Word& word = words_[next];
        std::copy_n(symbols_.data() + word.first, word.count, turning_[turn].ids);
        turning_[turn].start_later(pairs, word.count);
        which[turn] = next++;
        return true;
    };
    while (active < turns && take(active)) ++active;
    while (active > 0) {
        for (std::size_t turn = 0; turn < active; ++turn) {
            if (turning_[turn].step(pairs)) continue;
            Word& word = words_[which[turn]];
            word.count = turning_[turn].write(symbols_.data() + word.first);
            if (take(turn)) continue;
            --active;
            which[turn] = which[active];
            turning_[turn] = turning_[active];
            --turn;
        }
    }
}

}  // namespace tokenry
