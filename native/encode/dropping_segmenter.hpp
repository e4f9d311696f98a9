// Pretokens without what the model has no symbol for: Hugging Face's byte-pair encoder leaves it out
// before it merges, so that what stands around it may merge.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "encode/segmenter.hpp"

namespace tokenry::encode {

class DroppingSegmenter final : public ManySegmenter, public WordCutter {
public:
    // `inner` must outlive this. `known` has the bytes that have a symbol or, with `characters`, the
    // code points; ascending. A byte that is no UTF-8 is no code point.
    DroppingSegmenter(const Segmenter& inner, std::span<const std::uint32_t> known, bool characters);

    std::unique_ptr<Scratch> make_scratch() const override;
    void segment_many(std::span<const Pretoken> pretokens, Scratch& scratch, std::vector<Id>& ids,
                      std::uint32_t* counts) const override;
    Caching caching() const override;
    void cut(Pretoken pretoken, Buffer<std::uint32_t>& ends) const override;
    const PieceTable& pieces() const override { return inner_.pieces(); }

private:
    // Bytes from `at` on that have a symbol together, or are dropped together.
    struct Symbol {
        std::uint32_t width;
        bool known;
    };
    Symbol symbol(const std::uint8_t* at, const std::uint8_t* end) const;
    bool knows(Pretoken pretoken) const;

    const Segmenter& inner_;
    const WordCutter* cutter_;  // that of inner_
    bool characters_;
    std::vector<bool> known_;
};

}  // namespace tokenry::encode
