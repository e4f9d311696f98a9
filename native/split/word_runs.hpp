// Pretokens joined to runs of words: what BoundlessBPE cuts documents into.
#pragma once
#include <memory>
#include <utility>

#include "split/characters.hpp"
#include "split/splitter.hpp"

namespace tokenry::split {

// Neighbouring pretokens of another splitter that each hold a character of `members` are one
// stretch, any other pretoken is one by itself. Where a pretoken ends and whether it is a word does
// not depend on what comes before it, so a stretch can be cut into its words again on its own.
class WordRunSplitter final : public Splitter {
public:
    WordRunSplitter(std::unique_ptr<const Splitter> words, Mask members)
        : words_(std::move(words)), members_(members) {}

    std::size_t split(const std::uint8_t* text, std::size_t size, std::size_t begin,
                      std::uint32_t* ends, std::size_t capacity) const override;

    const Splitter& words() const { return *words_; }
    bool is_word(const std::uint8_t* pretoken, std::size_t size) const;

private:
    std::unique_ptr<const Splitter> words_;
    Mask members_;
};

}  // namespace tokenry::split
