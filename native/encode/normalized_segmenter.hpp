// Raw words to ids: what a pipeline does to text, done to a word.
#pragma once
#include <cstddef>

#include "encode/segmenter.hpp"
#include "normalize/normalizer.hpp"
#include "split/splitter.hpp"

namespace tokenry {

struct ChangedScratch;

// A raw word that the normalizer keeps is a pretoken, and may be cut where no merge crosses. Any other
// is normalised and cut into pretokens, and their parts go through a cache of their own.
//
// Words with U+2581 throw NotLocal: it means a space, and a word that ends with one, or one with
// spaces around it, may be a word no more once it is one. Without a normalizer so do words that are
// not UTF-8, because a normalizer in Python never sees their bytes; and where words are cut after
// they are normalised, so does one that gets a space at its end, because the space that follows
// might join it. Everything else about the steps (that no rule reaches over a space) is for who makes
// this to know.
class NormalizedSegmenter final : public Segmenter {
public:
    // All must outlive this. Without a normalizer words stay as they are; `splitter`, which found
    // them, cuts what comes of them, null where that is one pretoken. `growth`: bytes that a byte of
    // a word becomes, at most. `spaced`: every word begins with a space, and the normalizer puts one
    // before what has none.
    NormalizedSegmenter(const Segmenter& inner, const Splitter* splitter,
                        const Normalizer* normalizer, std::size_t growth, bool spaced);

    std::unique_ptr<Scratch> make_scratch() const override;
    void segment(const std::uint8_t* word, std::size_t size, Scratch& scratch,
                 std::vector<Id>& ids) const override;
    void segment_many(std::span<const Pretoken> words, Scratch& scratch, std::vector<Id>& ids,
                      std::uint32_t* counts) const override;
    // Only words that stay: of others, parts would not know where they stood.
    bool cuts() const override { return inner_.cuts(); }
    void cut(Pretoken word, Buffer<std::uint32_t>& ends) const override;
    std::uint32_t width(Id id) const override { return inner_.width(id); }
    std::size_t ids_per_byte() const override { return inner_.ids_per_byte() * growth_; }
    const PieceTable* pieces() const override { return inner_.pieces(); }

private:
    void check(Pretoken word) const;
    bool stays(Pretoken word) const;
    void change(Pretoken word, ChangedScratch& own) const;
    void encode_changed(ChangedScratch& own) const;

    const Segmenter& inner_;
    const Splitter* splitter_;
    const Normalizer* normalizer_;
    std::size_t growth_;
    bool spaced_;
};

}  // namespace tokenry
