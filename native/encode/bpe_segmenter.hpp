// Byte-pair encoding of a pretoken, as tiktoken, tokenizers and SentencePiece do it.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "encode/atoms.hpp"
#include "encode/bpe_batch.hpp"
#include "encode/bpe_merge.hpp"
#include "encode/bpe_walk.hpp"
#include "encode/characters.hpp"
#include "encode/pair_table.hpp"
#include "encode/piece_index.hpp"
#include "encode/piece_table.hpp"
#include "encode/segmenter.hpp"
#include "encode/span_finder.hpp"

namespace tokenry::encode {

struct BpeScratch;

struct BpeOptions {
    bool characters = false;                // first symbols: characters, else bytes
    std::array<std::int64_t, 256> byte_ids{};  // id of each byte, or -1
    bool byte_fallback = false;             // a character without a piece becomes its bytes
    std::int64_t unknown = -1;              // what else has no piece becomes this id, or throws
    bool fuse_unknown = false;              // neighbouring unknowns become one
    bool whole_pretokens = false;           // a pretoken that is a piece is that id
};

class BpeSegmenter final : public Segmenter, public SpanFinder, public WordCutter {
public:
    // Throws std::invalid_argument where ids, bytes and merges contradict each other. A merge of
    // an empty piece can never happen and is left out.
    BpeSegmenter(std::span<const std::uint8_t> bytes, std::span<const std::uint64_t> offsets,
                 std::span<const Merge> merges, std::span<const std::uint32_t> ranks,
                 const BpeOptions& options);
    // The same with the merges that ranks of the pieces imply (encode/rank_merges.hpp).
    BpeSegmenter(std::span<const std::uint8_t> bytes, std::span<const std::uint64_t> offsets,
                 std::span<const std::uint32_t> ranks, const BpeOptions& options);

    // The same with those merges only whose order is below `order`, and no wholes but by merging.
    BpeSegmenter(const BpeSegmenter& other, std::uint32_t order);

    BpeSegmenter(const BpeSegmenter&) = delete;  // the indices refer to the table
    BpeSegmenter& operator=(const BpeSegmenter&) = delete;

    std::unique_ptr<Scratch> make_scratch() const override;
    void segment(const std::uint8_t* pretoken, std::size_t size, Scratch& scratch,
                 std::vector<Id>& ids) const override;
    void segment_many(std::span<const Pretoken> pretokens, Scratch& scratch, std::vector<Id>& ids,
                      std::uint32_t* counts) const override;
    void segment_with_ends(const std::uint8_t* pretoken, std::size_t size, Scratch& scratch,
                           std::vector<Id>& ids, std::vector<std::uint32_t>& ends) const override;
    Caching caching() const override {
        return {.cutter = cuts_ ? this : nullptr, .wholes = &*whole_};
    }
    void cut(Pretoken pretoken, Buffer<std::uint32_t>& ends) const override;
    const SpanFinder* spans() const override { return this; }
    std::uint32_t width(Id id) const override {
        return static_cast<std::int64_t>(id) == options_.unknown ? 0 : table_.width(id);
    }
    const PieceTable& pieces() const override { return table_; }
    std::vector<Merge> merges() const { return pairs_.merges(); }  // by rank
    const PairTable& pairs() const { return pairs_; }
    // Whether merging starts from bytes, each of which has an id, and nothing else makes ids.
    bool only_merges_bytes() const { return plain_bytes_ && (cuts_ || !options_.whole_pretokens); }

private:
    // The id of the character at `text`; no_id where it has none.
    Id character(const std::uint8_t* text, std::size_t size) const;
    bool falls_back(const std::uint8_t* text, std::size_t size) const;
    Id whole(const std::uint8_t* pretoken, std::size_t size) const {
        return size <= longest_ ? whole_->find(pretoken, size) : no_id;
    }
    template <typename Known, typename Unknown>
    void walk(const std::uint8_t* pretoken, std::size_t size, std::vector<Id>& run, Known known,
              Unknown unknown) const;

    void check_bytes() const;
    std::vector<bool> fallback_ids() const;
    void index_symbols();
    void index_characters();
    void index_plane(const std::vector<bool>& is_byte);
    void index_bytes();
    void find_wholes(std::span<const Pretoken> pretokens, BpeScratch& scratch) const;
    void merge_short(std::span<const Pretoken> pretokens, BpeScratch& scratch) const;
    std::size_t first_symbols(const std::uint8_t* text, std::size_t size, Id* out) const;
    std::vector<Id> reached(const std::vector<Id>& pieces) const;
    void merge_one(const std::uint8_t* pretoken, std::size_t size, BpeScratch& own,
                   std::vector<Id>& ids) const;
    template <typename Use>
    void merge_pieces(const std::vector<Id>& pieces, Use use) const;
    void index_wholes();
    void set_wholes(PieceIndex index);
    bool walks(std::size_t size) const;

    PieceTable table_;
    BpeOptions options_;
    PairTable pairs_;
    std::optional<PieceIndex> characters_;  // pieces that are one character
    std::optional<Characters> plane_;  // the same by code point, where merging starts from them
    std::optional<BpeWalk> walk_;          // for long pretokens, where it is linear in them
    std::optional<PieceIndex> whole_;       // pieces that, as pretokens, become themselves
    // Where every byte has an id and merging starts from bytes:
    bool plain_bytes_ = false;
    Atoms atoms_;
    bool cuts_ = false;  // whether places are known that no merge crosses
    std::size_t longest_ = 0;               // bytes of the longest piece in whole_
};

}  // namespace tokenry::encode
