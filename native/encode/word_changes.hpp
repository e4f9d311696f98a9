// What a SentencePiece normalizer does to raw words, and to the parts that they may be cut into.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/buffer.hpp"
#include "encode/segmenter.hpp"
#include "normalize/sentencepiece.hpp"

namespace tokenry::encode {

class WordChanges {
public:
    // Without a normalizer words stay as they are. `growth`: bytes that a byte of a word becomes, at
    // most. `spaced`: every word begins with a space, which the normalizer never sees: it stands
    // before what the rest becomes, where that is anything. A part begins with none.
    WordChanges(const normalize::SentencePieceNormalizer* normalizer, std::size_t growth,
                bool spaced)
        : normalizer_(normalizer), growth_(growth), spaced_(spaced) {}

    bool any() const { return normalizer_ != nullptr; }
    std::size_t growth() const { return growth_; }

    // Whether it is quick to see that a word stays as it is; where there is a normalizer, it is then
    // valid UTF-8 without U+2581.
    bool stays(Pretoken word) const {
        return !any() || stays(word, normalizer_->kept(rest_of(word)));
    }
    std::string changed(Pretoken word) const;

    // Appends the ends of parts that each become what they become in the word, or nothing; `cut(text,
    // ends)` does so for text that stays.
    template <typename Cut>
    void cut(Pretoken word, Buffer<std::uint32_t>& ends, Cut cut) const {
        if (!any()) return cut(word, ends);
        const std::size_t before = ends.size();
        const std::size_t kept = normalizer_->kept(rest_of(word));
        if (stays(word, kept)) {
            cut(word, ends);
            return join_space(word, before, ends);
        }
        Changed made;
        if (!change(word, kept, made)) return;
        cut({reinterpret_cast<const std::uint8_t*>(made.text.data()), made.text.size()}, ends);
        take_back(made, before, ends);
        join_space(word, before, ends);
    }

private:
    // What text[begin, end) was made from ends there in the word.
    struct Rule {
        std::size_t begin, end, end_in_word;
    };
    // What a word becomes: outside of rules it stays as it is.
    struct Changed {
        std::string text;
        std::vector<Rule> rules;
    };

    std::size_t head_of(Pretoken word) const {
        return spaced_ && word.size > 0 && word.text[0] == ' ';
    }
    std::string_view rest_of(Pretoken word) const { return word.view().substr(head_of(word)); }
    // Of a space alone the normalizer leaves nothing.
    bool stays(Pretoken word, std::size_t kept) const {
        return kept > 0 && head_of(word) + kept == word.size;
    }
    bool change(Pretoken word, std::size_t kept, Changed& made) const;
    static void take_back(const Changed& made, std::size_t before, Buffer<std::uint32_t>& ends);
    void join_space(Pretoken word, std::size_t before, Buffer<std::uint32_t>& ends) const;

    const normalize::SentencePieceNormalizer* normalizer_;
    std::size_t growth_;
    bool spaced_;
};

}  // namespace tokenry::encode
