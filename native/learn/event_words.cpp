#include "learn/event_words.hpp"

#include <algorithm>

namespace tokenry::learn {

EventWords::Word EventWords::add(const std::uint8_t* word, std::size_t size,
                                 std::uint64_t weight) {
    begins_.push_back(symbols_.size());
    lengths_.push_back(static_cast<std::uint32_t>(size));
    weights_.push_back(weight);
    for (std::size_t i = 0; i < size; ++i) {
        symbols_.push_back(bytes_[word[i]]);
        frequency_of(bytes_[word[i]]) += weight;
    }
    return static_cast<Word>(lengths_.size() - 1);
}

void EventWords::index() {
    for (Word word = 0; word < lengths_.size(); ++word) {
        const Symbol* symbols = symbols_.data() + begins_[word];
        for (std::uint32_t i = 1; i < lengths_[word]; ++i) gain(symbols[i - 1], symbols[i], word);
    }
    push_touched();
}

std::uint64_t& EventWords::frequency_of(Symbol symbol) {
    if (symbol >= frequencies_.size()) {
        frequencies_.resize(symbol + 1);
        holders_.resize(symbol + 1);
    }
    return frequencies_[symbol];
}

EventWords::Record& EventWords::record(Symbol left, Symbol right) {
    const std::uint64_t key = PairMap::key(left, right);
    const auto index = table_.insert(key, static_cast<std::uint32_t>(records_.size()));
    if (index == records_.size()) {
        records_.emplace_back();
        keys_.push_back(key);
    }
    return records_[index];
}

void EventWords::gain(Symbol left, Symbol right, Word word) {
    Record& pair = record(left, right);
    pair.count += weights_[word];
    if (pair.words.empty() || pair.words.back() != word) pair.words.push_back(word);
    if (pair.touched) return;
    pair.touched = true;
    touched_.push_back(static_cast<std::uint32_t>(&pair - records_.data()));
}

void EventWords::lose(Symbol left, Symbol right, Word word) {
    record(left, right).count -= weights_[word];
}

void EventWords::push_touched() {
    for (const std::uint32_t index : touched_) {
        Record& pair = records_[index];
        pair.touched = false;
        if (pair.count == 0 || pair.forbidden) continue;
        heap_.push_back({pair.count, keys_[index]});
        std::push_heap(heap_.begin(), heap_.end());
    }
    touched_.clear();
}

std::optional<SymbolPair> EventWords::best(std::uint64_t least, const Allowed& allowed) {
    while (!heap_.empty()) {
        const CountedPair top = heap_.front();
        if (top.count < least) return std::nullopt;
        Record& pair = records_[table_.find(top.key)];
        const auto left = static_cast<Symbol>(top.key >> 32), right = static_cast<Symbol>(top.key);
        if (!pair.forbidden && pair.count == top.count) {
            if (allowed(left, right)) return SymbolPair{left, right, top.count};
            pair.forbidden = true;
        }
        std::pop_heap(heap_.begin(), heap_.end());
        heap_.pop_back();
        // A count that rose since has an entry of its own.
        if (pair.forbidden || pair.count == 0 || pair.count >= top.count) continue;
        heap_.push_back({pair.count, top.key});
        std::push_heap(heap_.begin(), heap_.end());
    }
    return std::nullopt;
}

EventWords::Change EventWords::merge(Symbol left, Symbol right, Symbol made) {
    Change change{0, std::nullopt};
    frequency_of(made);
    const std::vector<Word> words = std::move(record(left, right).words);
    record(left, right).words.clear();
    for (const Word word : words) {
        const std::uint32_t joined = merge_in(word, left, right, made);
        if (joined == 0) continue;
        change.joined += joined * weights_[word];
        if (lengths_[word] == 1) change.single = word;
        hold(made, word);
    }
    frequencies_[left] -= change.joined;
    frequencies_[right] -= change.joined;
    frequencies_[made] += change.joined;
    push_touched();
    return change;
}

// As replaying would: from left to right. Only the pairs around a place that is joined change.
std::uint32_t EventWords::merge_in(Word word, Symbol left, Symbol right, Symbol made) {
    if (weights_[word] == 0) return 0;
    Symbol* symbols = symbols_.data() + begins_[word];
    const std::uint32_t length = lengths_[word];
    std::uint32_t out = 0, joined = 0;
    for (std::uint32_t i = 0; i < length; ++out) {
        if (i + 1 == length || symbols[i] != left || symbols[i + 1] != right) {
            symbols[out] = symbols[i++];
            continue;
        }
        lose(left, right, word);
        if (out > 0) {
            lose(symbols[out - 1], left, word);
            gain(symbols[out - 1], made, word);
        }
        if (i + 2 < length) {
            lose(right, symbols[i + 2], word);
            gain(made, symbols[i + 2], word);
        }
        symbols[out] = made;
        i += 2;
        ++joined;
    }
    lengths_[word] = out;
    return joined;
}

void EventWords::hold(Symbol symbol, Word word) {
    std::vector<Word>& words = holders_[symbol];
    if (words.empty() || words.back() != word) words.push_back(word);
}

std::optional<EventWords::Word> EventWords::split(Symbol symbol, std::span<const Symbol> parts) {
    std::optional<Word> single;
    std::vector<Word> words = std::move(holders_[symbol]);
    holders_[symbol].clear();
    std::sort(words.begin(), words.end());
    words.erase(std::unique(words.begin(), words.end()), words.end());
    for (const Word word : words) {
        if (weights_[word] == 0) continue;
        const bool alone = lengths_[word] == 1;
        if (split_in(word, symbol, parts) && alone) single = word;
    }
    const std::uint64_t left = frequencies_[symbol];
    frequencies_[symbol] = 0;
    for (const Symbol part : parts) frequencies_[part] += left;
    push_touched();
    return single;
}

bool EventWords::split_in(Word word, Symbol symbol, std::span<const Symbol> parts) {
    Symbol* symbols = symbols_.data() + begins_[word];
    const std::uint32_t length = lengths_[word];
    if (std::find(symbols, symbols + length, symbol) == symbols + length) return false;
    for (std::uint32_t i = 1; i < length; ++i) lose(symbols[i - 1], symbols[i], word);
    scratch_.clear();
    for (std::uint32_t i = 0; i < length; ++i) {
        if (symbols[i] == symbol) {
            scratch_.insert(scratch_.end(), parts.begin(), parts.end());
        } else {
            scratch_.push_back(symbols[i]);
        }
    }
    std::copy(scratch_.begin(), scratch_.end(), symbols);
    lengths_[word] = static_cast<std::uint32_t>(scratch_.size());
    for (std::uint32_t i = 1; i < lengths_[word]; ++i) gain(symbols[i - 1], symbols[i], word);
    for (const Symbol part : parts) hold(part, word);
    return true;
}

void EventWords::take(Word word, std::uint64_t count) {
    weights_[word] -= count;
    frequencies_[first(word)] -= count;
}

}  // namespace tokenry::learn
