// Words of text as it stands to ids: a normalizer, charsmap rules, then words between spaces, each
// marked by a space before it.
#pragma once
#include <bitset>
#include <memory>
#include <string>
#include <string_view>

#include "encode/segmenter.hpp"
#include "encode/squeezed_spaces.hpp"
#include "encode/text_end.hpp"
#include "normalize/charsmap.hpp"
#include "normalize/normalizer.hpp"

namespace tokenry::encode {

struct MarkedScratch;

// What is done to white space between words.
struct WhiteSpace {
    // Those of which several are one space, and text is squeezed so; none: all white space is removed.
    SpaceBytes squeezed{""};
    bool strips = false;  // all of it is removed from the end of a text
};

// The normalizer Precompiled, the pretokenizer WhitespaceSplit and then Metaspace, which marks each
// word (Pegasus, T5, XLM-R); or several spaces become one, and Metaspace alone cuts and marks (mT5,
// Marian). Its words are spaces and what follows them up to the next space.
//
// A word stands alone because no rule begins with a space (whoever makes this checks that with
// `fits`) and no grapheme cluster reaches over the beginning of a space but those that begin with
// one of a few signs that stand before numbers. Words that end with such a sign throw NotLocal; so
// do those that begin with a combining sign whose cluster the rules take otherwise without the space,
// those that are not UTF-8, those that hold U+2581, a mark that ends no word, and the rare ones that
// grow more than `most_growth` times.
//
// Where spaces are squeezed, those that rules write at the ends of a word are one with the space that
// follows it, and a space alone is a word: only the last of a text is one, where it is not stripped.
class MarkedSegmenter final : public ManySegmenter, public TextEnd {
public:
    static bool fits(const normalize::Charsmap& rules);

    // `words` segments words with their space before them and must outlive this; null: no rules.
    // `before`, where given, changes words before the rules do, and neither reads nor changes a space;
    // only spaces are squeezed then.
    MarkedSegmenter(const Segmenter& words, std::shared_ptr<const normalize::Charsmap> rules,
                    std::shared_ptr<const normalize::Normalizer> before, WhiteSpace spaces = {});

    std::unique_ptr<Scratch> make_scratch() const override;
    void segment_many(std::span<const Pretoken> words, Scratch& scratch, std::vector<Id>& ids,
                      std::uint32_t* counts) const override;
    Caching caching() const override {
        return {.ids_per_byte = most_growth * words_.caching().ids_per_byte};
    }
    const PieceTable& pieces() const override { return words_.pieces(); }
    const TextEnd* text_end() const override { return spaces_.squeezed.any() ? this : nullptr; }
    std::optional<Text> ended(Text text) const override;

private:
    static constexpr std::size_t most_growth = 4;

    bool cuts(std::uint32_t code) const;
    bool is_stripped(std::uint8_t byte) const;
    bool stays(std::string_view text) const;
    std::string ruled(std::string_view text) const;
    std::string changed(std::string_view text, bool spaced) const;
    bool ends_word(std::string_view text) const;
    void add(Pretoken word, MarkedScratch& own) const;
    void add_marked(std::string_view text, std::size_t most, MarkedScratch& own) const;

    const Segmenter& words_;
    std::shared_ptr<const normalize::Charsmap> rules_;
    std::shared_ptr<const normalize::Normalizer> before_;
    WhiteSpace spaces_;
    // Characters of up to three bytes that no rule begins with, that do not cut and are no mark and
    // that nothing of the above concerns: words of them alone stay as they are.
    std::bitset<0x10000> inert_;
};

}  // namespace tokenry::encode
