// The pieces of one vocabulary under the ids of another, which a second file names.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>

#include "encode/piece_table.hpp"
#include "encode/segmenter.hpp"
#include "encode/span_finder.hpp"

namespace tokenry::encode {

class RenamedSegmenter final : public Segmenter, public SpanFinder {
public:
    // ids[i] stands for what the inner segmenter calls i, `unknown` for a text that it calls
    // `inner_unknown` (-1: it calls none so), unless `looks_up` and that text is a piece: then its last id.
    // The inner segmenter must outlive this. Throws VocabularyError on ids that do not fit.
    RenamedSegmenter(const Segmenter& inner, std::span<const Id> ids, std::int64_t inner_unknown,
                     std::int64_t unknown, bool looks_up, PieceTable pieces);

    std::unique_ptr<Scratch> make_scratch() const override;
    void segment(const std::uint8_t* pretoken, std::size_t size, Scratch& scratch,
                 std::vector<Id>& ids) const override;
    void segment_with_ends(const std::uint8_t* pretoken, std::size_t size, Scratch& scratch,
                           std::vector<Id>& ids, std::vector<std::uint32_t>& ends) const override;
    std::uint32_t width(Id) const override { return 0; }
    const SpanFinder* spans() const override { return this; }
    Caching caching() const override;
    const PieceTable& pieces() const override { return pieces_; }

private:
    Id renamed(Id id, std::string_view text) const;

    const Segmenter& inner_;
    std::vector<Id> ids_;
    std::optional<Id> inner_unknown_;
    Id unknown_;
    PieceTable pieces_;
    std::unordered_map<std::string_view, Id> by_text_;  // empty where nothing is looked up
};

}  // namespace tokenry::encode
