#include "domains/code_words.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace tokenry::domains {

void Lexicon::add(std::string_view word, int mark) {
    if (word.empty() || find(word) != none) return;
    if (++count_ > mask / 2) throw std::invalid_argument("a language has more than 1,023 words");
    longest_ = std::max(longest_, word.size());
    std::size_t slot = hash(word) & mask;
    while (slots_[slot].mark != none) slot = (slot + 1) & mask;
    slots_[slot] = {std::string(word), mark};
}

CodeWords::CodeWords(std::vector<std::string> words, const std::vector<std::vector<std::uint32_t>>& of_languages,
                     std::vector<std::string> kinds)
    : words_(std::move(words)), kinds_(std::move(kinds)) {
    if (of_languages.size() != language_count || kinds_.size() != kind_count || mark_count() > 1 << 16)
        throw std::invalid_argument("there are 4 languages, 12 kinds and fewer than 65,000 words");
    for (std::size_t i = 0; i < language_count; ++i)
        for (const std::uint32_t at : of_languages[i]) {
            if (at >= words_.size()) throw std::invalid_argument("a language has a word that is not listed");
            lexicons_[i].add(words_[at], static_cast<int>(marks::first_word + at));
        }
}

std::uint32_t CodeWords::mark_of(std::string_view word) const {
    const auto found = std::ranges::find(words_, word);
    return found == words_.end() ? 0 : static_cast<std::uint32_t>(marks::first_word + (found - words_.begin()));
}

}  // namespace tokenry::domains
