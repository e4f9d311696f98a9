// What a normalizer does to raw words, and to the parts that they may be cut into.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/buffer.hpp"
#include "encode/segmenter.hpp"
#include "normalize/normalizer.hpp"
#include "normalize/sentencepiece.hpp"

namespace tokenry::encode {

class WordChanges {
public:
    // Without a normalizer words stay as they are. `spaced`: every word begins with a space, which the
    // normalizer never sees: it stands before what the rest becomes, where that is anything. A part
    // begins with none. `parts`: what the normalizer leaves as it is, it leaves in parts too.
    // Whoever makes this knows that the normalizer neither reads nor changes a space.
    WordChanges(const normalize::Normalizer* normalizer, bool spaced, bool parts)
        : normalizer_(normalizer),
          rules_(dynamic_cast<const normalize::SentencePieceNormalizer*>(normalizer)),
          spaced_(spaced), parts_(parts) {}

    bool any() const { return normalizer_ != nullptr; }
    // Whether bytes that are not UTF-8 are nothing special to the normalizer.
    bool takes_any_bytes() const { return rules_ != nullptr; }
    std::size_t growth() const { return any() ? normalizer_->growth() : 1; }

    // Whether it is quick to see that a word stays as it is; where there is a normalizer, it is then
    // valid UTF-8 without U+2581.
    bool stays(Pretoken word) const {
        if (!any()) return true;
        return rules_ ? stays(word, rules_->kept(rest_of(word))) : is_left(word);
    }
    // Throws NotLocal where what a word becomes depends on what stands before it.
    std::string changed(Pretoken word) const;

    // Appends the ends of parts that each become what they become in the word, or nothing; `cut(text,
    // ends)` does so for text that stays.
    template <typename Cut>
    void cut(Pretoken word, Buffer<std::uint32_t>& ends, Cut cut) const {
        if (!any() || (!rules_ && parts_ && is_left(word))) return cut(word, ends);
        if (!rules_) return;
        const std::size_t before = ends.size();
        const std::size_t kept = rules_->kept(rest_of(word));
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
    bool is_left(Pretoken word) const;
    bool change(Pretoken word, std::size_t kept, Changed& made) const;
    static void take_back(const Changed& made, std::size_t before, Buffer<std::uint32_t>& ends);
    void join_space(Pretoken word, std::size_t before, Buffer<std::uint32_t>& ends) const;

    const normalize::Normalizer* normalizer_;
    const normalize::SentencePieceNormalizer* rules_;  // the same where it is one, which tells more
    bool spaced_, parts_;
};

}  // namespace tokenry::encode
