// Raw words to ids: they may be normalised, and a finder says where the pretokens lie in them.
#pragma once
#include "encode/segmenter.hpp"
#include "normalize/normalizer.hpp"
#include "split/finder.hpp"

namespace tokenry::encode {

struct FoundScratch;

// Who makes it knows that what the finder finds in a text is what it finds in its words. Where there is a
// normalizer, words that are not UTF-8 throw NotLocal, because the text around them is normalised by
// itself.
class FoundSegmenter final : public ManySegmenter {
public:
    // All must outlive this; the normalizer may be null.
    FoundSegmenter(const Segmenter& inner, const split::Finder& finder,
                   const normalize::Normalizer* normalizer);

    std::unique_ptr<Scratch> make_scratch() const override;
    void segment_many(std::span<const Pretoken> words, Scratch& scratch, std::vector<Id>& ids,
                      std::uint32_t* counts) const override;
    Caching caching() const override;
    const PieceTable& pieces() const override { return inner_.pieces(); }

private:
    void normalize(std::span<const Pretoken> words, FoundScratch& own) const;
    void find(Pretoken word, FoundScratch& own) const;

    const Segmenter& inner_;
    const split::Finder& finder_;
    const normalize::Normalizer* normalizer_;
};

}  // namespace tokenry::encode
