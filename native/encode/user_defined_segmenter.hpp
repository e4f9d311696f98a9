// Some pieces are found in the text before all else; another segmenter does what is between them.
#pragma once
#include <cstdint>
#include <span>

#include "base/double_array.hpp"
#include "encode/segmenter.hpp"
#include "encode/span_finder.hpp"
#include "split/splitter.hpp"

namespace tokenry::encode {

class UserDefinedSegmenter final : public Segmenter, public SpanFinder {
public:
    // `frozen` are ids of pieces that `inner` knows. At each character of the text the longest of
    // them that is there is taken; what is between is cut by `splitter`. Both must outlive this.
    UserDefinedSegmenter(const Segmenter& inner, const split::Splitter& splitter,
                         std::span<const Id> frozen);

    std::unique_ptr<Scratch> make_scratch() const override;
    void segment(const std::uint8_t* pretoken, std::size_t size, Scratch& scratch,
                 std::vector<Id>& ids) const override;
    void segment_with_ends(const std::uint8_t* pretoken, std::size_t size, Scratch& scratch,
                           std::vector<Id>& ids, std::vector<std::uint32_t>& ends) const override;
    const SpanFinder* spans() const override { return this; }
    std::uint32_t width(Id id) const override { return width_of(inner_, id); }
    Caching caching() const override { return {.remembers = true}; }
    const PieceTable& pieces() const override { return inner_.pieces(); }

private:
    template <class Gap, class Found>
    void walk(const std::uint8_t* text, std::size_t size, Gap gap, Found found) const;

    const Segmenter& inner_;
    const split::Splitter& splitter_;
    base::DoubleArray trie_;
};

}  // namespace tokenry::encode
