#include "encode/bpe_batch.hpp"

#include <algorithm>

namespace tokenry::encode {

void BpeBatch::merge(const PairTable& pairs) {
    sort_by_count();
    const PairSlots slots = pairs.slots();
    if (slots.slots != nullptr && merge_lanes() != nullptr) return merge_in_lanes(slots);
    constexpr unsigned few = 16;
    const auto many = std::find_if(words_.begin(), words_.end(),
                                   [](const Word& word) { return word.count > few; });
    merge_in_turn<few>(pairs, {words_.begin(), many});
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

void BpeBatch::merge_in_lanes(const PairSlots& pairs) {
    static const MergeLanes merge_all = merge_lanes();
    for (std::size_t first = 0; first < words_.size(); first += BpeLaneGroup::most) {
        const std::size_t count = std::min<std::size_t>(BpeLaneGroup::most, words_.size() - first);
        const std::span words(words_.data() + first, count);
        lanes_.clear();
        for (const Word& word : words) lanes_.put(symbols_.data() + word.first, word.count);
        lanes_.merge(merge_all, pairs);
        for (std::size_t i = 0; i < count; ++i) {
            Word& word = words[i];
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
