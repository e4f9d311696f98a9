// Raw words to ids: what a pipeline does to text, done to a word.
#pragma once
#include <cstddef>

#include "encode/segmenter.hpp"
#include "encode/word_changes.hpp"
#include "split/splitter.hpp"

namespace tokenry::encode {

struct ChangedScratch;

// A raw word that the normalizer keeps is a pretoken. Any other is normalised and cut into pretokens.
// Both may be cut before, where no merge crosses.
//
// Words with U+2581 throw NotLocal: it means a space, and a word that ends with one, or one with
// spaces around it, may be a word no more once it is one. But for SentencePiece's normalizer so do words
// that are not UTF-8, because the text before and behind them is normalised by itself; and where words are cut after
// they are normalised, so does one that gets a space at its end, because the space that follows
// might join it. Everything else about the steps (that no rule reaches over a space) is for who makes
// this to know.
class NormalizedSegmenter final : public ManySegmenter, public WordCutter {
public:
    // Both must outlive this. `splitter`, which found the words, cuts what comes of those that change;
    // null where that is one pretoken.
    NormalizedSegmenter(const Segmenter& inner, const split::Splitter* splitter,
                        const WordChanges& changes);

    std::unique_ptr<Scratch> make_scratch() const override;
    void segment_many(std::span<const Pretoken> words, Scratch& scratch, std::vector<Id>& ids,
                      std::uint32_t* counts) const override;
    Caching caching() const override;
    void cut(Pretoken word, Buffer<std::uint32_t>& ends) const override;
    const PieceTable& pieces() const override { return inner_.pieces(); }

private:
    void check(Pretoken word) const;
    void change(Pretoken word, ChangedScratch& own) const;
    void split(std::size_t begin, std::size_t end, ChangedScratch& own) const;
    void find_pretokens(std::span<const Pretoken> words, ChangedScratch& own) const;

    const Segmenter& inner_;
    const WordCutter* cutter_;  // that of inner_
    const split::Splitter* splitter_;
    WordChanges changes_;
};

}  // namespace tokenry::encode
