#include "learn/run_text.hpp"

#include <algorithm>

namespace tokenry::learn {

void RunText::add(Text document) {
    std::uint32_t ends[512];
    for (std::size_t begin = 0; begin < document.size();) {
        const std::size_t found = splitter_->words().split(document.data(), document.size(), begin,
                                                           ends, std::size(ends));
        if (found == 0) break;
        std::size_t start = begin;
        for (std::size_t i = 0; i < found; ++i) {
            const std::size_t stop = begin + ends[i];
            for (std::size_t at = start; at < stop; at += EventWords::longest) {
                const std::size_t size = std::min(stop - at, EventWords::longest);
                const Word word = see(document.data() + at, size, document.size() - at);
                if (size == stop - start && known_[word].is_word) {
                    add_unit(word);
                } else {
                    end_run();
                }
            }
            start = stop;
        }
        begin = start;
    }
    end_run();
}

RunText::Word RunText::see(const std::uint8_t* pretoken, std::size_t size, std::size_t readable) {
    std::uint64_t& number = table_.at(pretoken, size, readable);
    if (number == 0) {
        known_.push_back({0, bytes_.size(), static_cast<std::uint32_t>(size),
                          splitter_->is_word(pretoken, size)});
        bytes_.insert(bytes_.end(), pretoken, pretoken + size);
        number = known_.size();
    }
    const Word word = static_cast<Word>(number - 1);
    ++known_[word].count;
    return word;
}

void RunText::add_unit(Word word) { units_.push_back(word); }

// One word makes no pair.
void RunText::end_run() {
    if (units_.back() == UnitPairs::kBreak) return;
    if (units_[units_.size() - 2] == UnitPairs::kBreak) {
        units_.pop_back();
    } else {
        units_.push_back(UnitPairs::kBreak);
    }
}

EventWords RunText::words(const std::array<Symbol, 256>& bytes) const {
    EventWords words(bytes);
    for (const Known& word : known_) words.add(bytes_.data() + word.begin, word.size, word.count);
    words.index();
    return words;
}

UnitPairs RunText::take_units() {
    std::vector<Word> units = std::move(units_);
    units_ = {UnitPairs::kBreak};
    units.shrink_to_fit();
    return UnitPairs(std::move(units), known_.size());
}

}  // namespace tokenry::learn
