// Unigram segmentation as SentencePiece and as Hugging Face's tokenizers do it.
#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

#include "encode/characters.hpp"
#include "encode/piece_table.hpp"
#include "encode/segmenter.hpp"
#include "encode/span_finder.hpp"
#include "encode/unigram_batch.hpp"
#include "encode/unigram_lattice.hpp"

namespace tokenry::encode {

struct UnigramOptions {
    double unknown_score = 0;                  // of a character that no piece of its own matches
    std::int64_t unknown = -1;                 // neighbouring unknown characters become this one id
    bool byte_fallback = false;                // or their bytes, where all of them have ids
    std::array<std::int64_t, 256> byte_ids{};  // or -1; these ids match no text
};

// Spaces where no piece crosses in any text: there a sentence falls apart into words.
enum class UnigramCut : std::uint8_t {
    kNowhere,
    kBeforeSpaceRuns,   // before a space that follows something else
    kBeforeEverySpace,
};

template <class Scores>
class UnigramSegmenter final : public Segmenter, public SpanFinder {
public:
    using Score = typename Scores::Score;

    // Piece i, with scores[i], is bytes[offsets[i], offsets[i + 1]); an empty one matches nothing,
    // of equal ones the last counts. Throws std::invalid_argument on numbers that do not fit.
    UnigramSegmenter(std::span<const std::uint8_t> bytes, std::span<const std::uint64_t> offsets,
                     std::span<const double> scores, const UnigramOptions& options);

    std::unique_ptr<Scratch> make_scratch() const override;
    void segment(const std::uint8_t* pretoken, std::size_t size, Scratch& scratch,
                 std::vector<Id>& ids) const override;
    void segment_with_ends(const std::uint8_t* pretoken, std::size_t size, Scratch& scratch,
                           std::vector<Id>& ids, std::vector<std::uint32_t>& ends) const override;
    void segment_many(std::span<const Pretoken> pretokens, Scratch& scratch, std::vector<Id>& ids,
                      std::uint32_t* counts) const override;
    // Whether words can be searched together; behind scores of at most `most_before_batch` these have
    // the ids that such a search gives them.
    bool has_batches() const { return !batched_.empty(); }
    static constexpr double most_before_batch = Scores::kMostSum - 1000;
    // As segment_many, for the texts that text_of(i) gives of `count` words, or nothing where a word is
    // not to be searched with others; one_by_one(i) appends the ids of those that are not decided, and
    // unknown(count) is the id of so many unknown characters in a row.
    template <class TextOf, class OneByOne, class Unknown>
    void segment_together(std::size_t count, TextOf text_of, OneByOne one_by_one, Unknown unknown,
                          Scratch& scratch, std::vector<Id>& ids, std::uint32_t* counts) const;
    // Appends the ids that a word of valid UTF-8 has wherever it stands behind scores of at most `most`
    // together, or ids of no meaning: false. An id of no piece stands for each run of unknown characters.
    bool segment_alone(const std::uint8_t* word, std::size_t size, double most, Scratch& scratch,
                       std::vector<Id>& ids) const;
    // That of so many of them, of which a word may have most_unknown in a row.
    Id run_of_unknown(std::size_t count) const { return static_cast<Id>(table_.size() + count); }
    static constexpr std::size_t most_unknown = 255;
    // Appends the ids that a word has behind scores that come to `sum`, to which it adds its own.
    void segment_behind(const std::uint8_t* word, std::size_t size, Score& sum, Scratch& scratch,
                        std::vector<Id>& ids) const;
    // What an id adds to the running sum of a program, of the bytes of an unknown character the first
    // all of it; NaN for the id that stands for any number of these.
    std::vector<Score> sums() const;
    Score unknown_score() const { return model_.unknown_score; }
    // Whether a space has a piece, so that unknown characters before it end there.
    bool knows_space() const;
    const UnigramOptions& options() const { return options_; }
    const SpanFinder* spans() const override { return this; }
    std::uint32_t width(Id id) const override;
    const PieceTable& pieces() const override { return table_; }
    Caching caching() const override { return {.remembers = true}; }
    UnigramCut cut_places() const { return cut_; }
    // Appends the ends of parts between which no piece stands, the last of them the word's own, or
    // nothing. What is sure of its ids as a part has them in the word.
    void cut_parts(Pretoken word, Buffer<std::uint32_t>& ends) const {
        characters_.cut(word.text, word.size, ends);
    }
    // Whether a text begins, but for a space, with a character that is in no piece.
    bool begins_strange(Pretoken text) const;
    // The end of the word that begins at a place of text[0, size), where there are such spaces.
    std::size_t word_end(const std::uint8_t* text, std::size_t begin, std::size_t size) const;

private:
    template <class>
    friend class UnigramSentence;
    // What rounding may make of a character of a word, in the program and in a batch.
    static constexpr float kBatchGap = 2 * (float(Scores::kRounding) + 0x1p-12f);
    UnigramBatch& batch_of(Scratch& scratch) const;
    // tokenizers may find the text of its unknown id, which then joins a run of unknown characters.
    bool joins_unknowns(std::span<const Id> ids) const {
        if (!std::is_same_v<Scores, TransformersScores>) return false;
        return std::ranges::any_of(ids, [&](Id id) { return std::int64_t(id) == options_.unknown; });
    }

    // Whether batches may decide words of unknown characters, which then are one id in a row.
    bool batches_unknowns() const {
        return std::is_same_v<Scores, SentencePieceScores> && !options_.byte_fallback && options_.unknown >= 0;
    }
    // Appends ids, and of each run of unknown characters the one that `unknown(their number)` gives.
    template <class Unknown>
    static void put_fused(std::span<const Id> found, Unknown unknown, std::vector<Id>& ids) {
        for (std::size_t i = 0; i < found.size(); ++i) {
            const auto first = i;
            while (i < found.size() && found[i] == kUnknownPiece) ++i;
            if (i > first) ids.push_back(unknown(i - first));
            if (i < found.size()) ids.push_back(found[i]);
        }
    }

    PieceTable table_;
    UnigramModel<Scores> model_;
    UnigramOptions options_;
    Characters characters_;
    UnigramCut cut_;
    UnigramPieces batched_;
};

template <class Scores>
template <class TextOf, class OneByOne, class Unknown>
void UnigramSegmenter<Scores>::segment_together(std::size_t count, TextOf text_of, OneByOne one_by_one,
                                                Unknown unknown, Scratch& scratch, std::vector<Id>& ids,
                                                std::uint32_t* counts) const {
    auto& batch = batch_of(scratch);
    std::size_t first = 0;
    const auto search = [&] {
        batch.search(batched_, kBatchGap);
        for (std::size_t i = 0; i < batch.size(); ++i, ++first) {
            const auto found = batch.ids(i);
            const auto before = ids.size();
            if (found.empty() || joins_unknowns(found)) one_by_one(first);
            else if (batches_unknowns()) put_fused(found, unknown, ids);
            else ids.insert(ids.end(), found.begin(), found.end());
            counts[first] = std::uint32_t(ids.size() - before);
        }
        batch.clear();
    };
    batch.clear();
    for (std::size_t i = 0; i < count; ++i) {
        std::string_view text = text_of(i);
        if (text.size() > UnigramBatch::longest) text = {};
        if (batch.add(text)) continue;
        search();
        batch.add(text);
    }
    search();
}

extern template class UnigramSegmenter<SentencePieceScores>;
extern template class UnigramSegmenter<TransformersScores>;

}  // namespace tokenry::encode
