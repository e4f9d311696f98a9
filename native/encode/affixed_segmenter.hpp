// Byte-pair encoding whose symbols say where in a word they stand: CLIP's last one is another than
// the same byte elsewhere. Each symbol becomes a private character, and another segmenter merges
// these.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "encode/piece_table.hpp"
#include "encode/segmenter.hpp"
#include "encode/span_finder.hpp"

namespace tokenry::encode {

class AffixedSegmenter final : public ManySegmenter, public SpanFinder {
public:
    // Of a symbol the private characters where it is first, inside, alone and last; 0 for none.
    using Codes = std::array<std::uint32_t, 4>;

    // `inner` must outlive this. codes[i] are those of points[i]: bytes or, with `characters`, code
    // points. What has none is `unknown` or, where that is 0, an EncodeError.
    AffixedSegmenter(const Segmenter& inner, std::span<const std::uint32_t> points,
                     std::span<const Codes> codes, std::uint32_t unknown, bool characters,
                     PieceTable pieces);

    std::unique_ptr<Scratch> make_scratch() const override;
    void segment_many(std::span<const Pretoken> pretokens, Scratch& scratch, std::vector<Id>& ids,
                      std::uint32_t* counts) const override;
    const PieceTable& pieces() const override { return pieces_; }
    const SpanFinder* spans() const override { return this; }
    std::uint32_t width(Id id) const override;
    void segment_with_ends(const std::uint8_t* pretoken, std::size_t size, Scratch& scratch,
                           std::vector<Id>& ids, std::vector<std::uint32_t>& ends) const override;

private:
    struct AffixedScratch;

    void append(Pretoken pretoken, AffixedScratch& own) const;
    std::uint32_t code(std::uint32_t point, bool first, bool last) const;

    const Segmenter& inner_;
    std::unordered_map<std::uint32_t, Codes> codes_;
    std::uint32_t unknown_;
    bool characters_;
    PieceTable pieces_;
};

}  // namespace tokenry::encode
