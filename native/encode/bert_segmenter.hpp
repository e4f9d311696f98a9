// Words of text as it stands to ids: each is normalised, then segmented.
#pragma once
#include "encode/segmenter.hpp"
#include "encode/span_finder.hpp"
#include "normalize/bert.hpp"
#include "unicode/bert_kinds.hpp"

namespace tokenry::encode {

namespace bert = unicode::bert;

// Its pretokens are those of the splitter of split/bert.hpp with the same options. White space has
// no ids. Words that are not UTF-8 throw NotLocal unless there are no options: where a character
// between stray bytes is removed, these may become a character, and that one white space.
class BertSegmenter final : public ManySegmenter, public SpanFinder {
public:
    // `words` segments normalised words and must outlive this.
    BertSegmenter(const Segmenter& words, bert::Options options);

    std::unique_ptr<Scratch> make_scratch() const override;
    void segment_many(std::span<const Pretoken> pretokens, Scratch& scratch, std::vector<Id>& ids,
                      std::uint32_t* counts) const override;
    // Only without options: what a word becomes does not tell where its ids end in it.
    void segment_with_ends(const std::uint8_t* pretoken, std::size_t size, Scratch& scratch,
                           std::vector<Id>& ids, std::vector<std::uint32_t>& ends) const override;
    std::size_t ignored(Pretoken pretoken) const override {
        return pretoken.size - word_of(pretoken).size;
    }
    Caching caching() const override { return {.ids_per_byte = ids_per_byte_}; }
    const SpanFinder* spans() const override { return this; }
    std::uint32_t width(Id id) const override { return changes_ ? 0 : width_of(words_, id); }
    const PieceTable& pieces() const override { return words_.pieces(); }

private:
    Pretoken word_of(Pretoken pretoken) const;

    const Segmenter& words_;
    // Without spaces around ideographs: the splitter has cut there.
    normalize::BertNormalizer normalizer_;
    bert::Kinds kinds_;
    bool changes_;
    std::size_t ids_per_byte_;
};

}  // namespace tokenry::encode
