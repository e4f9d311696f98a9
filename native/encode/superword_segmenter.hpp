// Byte-pair encoding that goes on over the boundaries of words (SuperBPE: Liu et al. 2025,
// arXiv:2503.13423), in its two steps: words through a cache of their own, then the later merges over
// their ids.
#pragma once
#include <memory>
#include <optional>
#include <span>

#include "encode/bpe_segmenter.hpp"
#include "encode/byte_cuts.hpp"
#include "encode/later_merges.hpp"

namespace tokenry::encode {

struct SuperwordScratch;

// While a merge is possible that makes no superword it goes before those that do, and it lies between
// two places that `ByteCuts` knows. So the parts between those, each merged by itself as far as these
// merges go, are what merging all of the pretoken comes to at that point.
class SuperwordSegmenter final : public ManySegmenter, public SpanFinder {
public:
    // Null where `whole` has no merges that make superwords, or merges other symbols than bytes.
    static std::unique_ptr<SuperwordSegmenter> of(const BpeSegmenter& whole);
    // With the second step from any order on: ids are the same, only the speed is not.
    static std::unique_ptr<SuperwordSegmenter> of(const BpeSegmenter& whole, std::uint32_t order);

    std::unique_ptr<Scratch> make_scratch() const override;
    void segment_many(std::span<const Pretoken> pretokens, Scratch& scratch, std::vector<Id>& ids,
                      std::uint32_t* counts) const override;
    const PieceTable& pieces() const override { return whole_.pieces(); }
    Caching caching() const override { return {.remembers = true, .remembers_all = true}; }

    const SpanFinder* spans() const override { return this; }
    std::uint32_t width(Id id) const override { return whole_.width(id); }
    void segment_with_ends(const std::uint8_t* pretoken, std::size_t size, Scratch& scratch,
                           std::vector<Id>& ids, std::vector<std::uint32_t>& ends) const override;

private:
    SuperwordSegmenter(const BpeSegmenter& whole, std::uint32_t order);
    void segment_row(std::span<const Pretoken> row, SuperwordScratch& scratch, std::vector<Id>& ids,
                     std::uint32_t* counts) const;

    const BpeSegmenter& whole_;  // must outlive this
    BpeSegmenter words_;         // with the merges before superwords
    ByteCuts cuts_;
    LaterMerges later_;
};

}  // namespace tokenry::encode
