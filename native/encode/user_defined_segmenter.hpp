// Some pieces are found in the text before all else; another segmenter does what is between them.
#pragma once
#include <cstdint>
#include <span>

#include "base/byte_set.hpp"
#include "base/double_array.hpp"
#include "encode/segmenter.hpp"
#include "encode/span_finder.hpp"
#include "split/splitter.hpp"

namespace tokenry::encode {

class UserDefinedSegmenter final : public Segmenter, public SpanFinder, public WordCutter {
public:
    // `frozen` are ids of pieces that `inner` knows. At each character of the text the longest of
    // them that is there is taken; what is between is cut by `splitter`. Both must outlive this.
    // `of_words`: pretokens are words, which whoever asks remembers, and their parts.
    UserDefinedSegmenter(const Segmenter& inner, const split::Splitter& splitter,
                         std::span<const Id> frozen, bool of_words);

    std::unique_ptr<Scratch> make_scratch() const override;
    void segment(const std::uint8_t* pretoken, std::size_t size, Scratch& scratch,
                 std::vector<Id>& ids) const override;
    void segment_many(std::span<const Pretoken> words, Scratch& scratch, std::vector<Id>& ids,
                      std::uint32_t* counts) const override;
    void cut(Pretoken word, Buffer<std::uint32_t>& ends) const override;
    void segment_with_ends(const std::uint8_t* pretoken, std::size_t size, Scratch& scratch,
                           std::vector<Id>& ids, std::vector<std::uint32_t>& ends) const override;
    const SpanFinder* spans() const override { return this; }
    std::uint32_t width(Id id) const override { return width_of(inner_, id); }
    Caching caching() const override {
        return {.ids_per_byte = inner_.caching().ids_per_byte,
                .remembers = !of_words_,
                .cutter = of_words_ ? this : nullptr};
    }
    const PieceTable& pieces() const override { return inner_.pieces(); }

private:
    template <class Gap, class Found>
    void walk(const std::uint8_t* text, std::size_t size, Gap gap, Found found) const;
    // Whether it is quick to see that nothing is found in a word, and it is not cut.
    bool is_plain(Pretoken word) const;

    const Segmenter& inner_;
    const split::Splitter& splitter_;
    base::DoubleArray trie_;
    base::ByteSet begins_;  // the first bytes of its pieces
    bool of_words_;
};

}  // namespace tokenry::encode
