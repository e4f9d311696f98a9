// The words that each language reserves, and the marks of programs.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "domains/code_leaves.hpp"

namespace tokenry::domains {

constexpr std::size_t language_count = 4, kind_count = 12;

// Numbers of marks; tokenry/domains/code/words.py lists them by name.
namespace marks {
inline constexpr std::uint32_t broken = 0, line = 1, in = 2, out = 3, first_language = 4,
                               first_kind = first_language + language_count,
                               first_digit = first_kind + kind_count,
                               first_high = first_digit + 256, first_word = first_high + 256;
}  // namespace marks
constexpr std::uint32_t digits = 256;

// The marks of the words of one language.
class Lexicon {
public:
    static constexpr int none = -1;

    void add(std::string_view word, int mark);
    int find(std::string_view word) const {
        if (word.size() > longest_ || word.empty()) return none;
        for (std::size_t slot = hash(word) & mask; slots_[slot].mark != none; slot = (slot + 1) & mask)
            if (slots_[slot].word == word) return slots_[slot].mark;
        return none;
    }

private:
    static constexpr std::size_t mask = 2047;
    static std::size_t hash(std::string_view word) {
        const auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(word[i]); };
        return word.size() * 67u + at(0) * 7u + at(word.size() - 1) * 131u + at(word.size() / 2) * 1031u;
    }
    struct Slot {
        std::string word;
        int mark = none;
    };
    std::vector<Slot> slots_{mask + 1};
    std::size_t longest_ = 0, count_ = 0;
};

class CodeWords {
public:
    // All words, those of each language as indices of them, and the names of kinds.
    // Throws std::invalid_argument where an index points at nothing or there are too many words.
    CodeWords(std::vector<std::string> words, const std::vector<std::vector<std::uint32_t>>& of_languages,
              std::vector<std::string> kinds);

    const Lexicon& of(Language language) const { return lexicons_[static_cast<std::size_t>(language)]; }
    std::size_t mark_count() const { return marks::first_word + words_.size(); }
    const std::string& word(std::uint32_t mark) const { return words_[mark - marks::first_word]; }
    const std::string& kind(std::uint32_t mark) const { return kinds_[mark - marks::first_kind]; }
    // The mark of a word of any language, or 0.
    std::uint32_t mark_of(std::string_view word) const;

private:
    std::vector<std::string> words_, kinds_;
    std::array<Lexicon, language_count> lexicons_;
};

}  // namespace tokenry::domains
