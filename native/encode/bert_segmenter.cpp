#include "encode/bert_segmenter.hpp"

#include "base/errors.hpp"
#include "encode/local_engine.hpp"
#include "encode/wordpiece_segmenter.hpp"
#include "normalize/utf8.hpp"

namespace tokenry::encode {
namespace {

struct BertScratch final : Scratch {
    explicit BertScratch(std::unique_ptr<Scratch> of_words) : inner(std::move(of_words)) {}
    std::unique_ptr<Scratch> inner;
    Buffer<std::uint8_t> text;     // of all words, normalised
    std::vector<std::size_t> ends; // of the words in it
    std::vector<Pretoken> words;   // those that are not empty
    std::vector<std::uint32_t> counts;
};

bert::Options within_words(bert::Options options) {
    options.space_out_han = false;
    return options;
}

// Of n bytes at most 3n are made, but at most n characters, so memory for 3n ids need not be asked
// for where each id stands for a character or more.
std::size_t most_ids_per_byte(const Segmenter& words) {
    const auto* pieces = dynamic_cast<const WordPieceSegmenter*>(&words);
    return pieces && pieces->takes_whole_characters() ? 1 : 3 * words.caching().ids_per_byte;
}

}  // namespace

BertSegmenter::BertSegmenter(const Segmenter& words, bert::Options options)
    : words_(words), normalizer_(within_words(options)), kinds_(options),
      changes_(options != bert::Options{}), ids_per_byte_(most_ids_per_byte(words)) {}

std::unique_ptr<Scratch> BertSegmenter::make_scratch() const {
    return std::make_unique<BertScratch>(words_.make_scratch());
}

// A pretoken without its space; nothing where it is all white space.
Pretoken BertSegmenter::word_of(Pretoken pretoken) const {
    const std::uint8_t* const end = pretoken.text + pretoken.size;
    const std::uint8_t* const word = pretoken.text + (pretoken.size > 0 && *pretoken.text == ' ');
    if (word < end && kinds_.read(word, end).kind == bert::kSpace) return {end, 0};
    return {word, static_cast<std::size_t>(end - word)};
}

void BertSegmenter::segment_with_ends(const std::uint8_t* pretoken, std::size_t size,
                                      Scratch& scratch, std::vector<Id>& ids,
                                      std::vector<std::uint32_t>& ends) const {
    if (changes_) throw base::EncodeError("normalised words do not tell where ids end in the text");
    const Pretoken word = word_of({pretoken, size});
    if (word.size == 0) return;
    const std::size_t known = ends.size();
    find_ends(words_, word, *static_cast<BertScratch&>(scratch).inner, ids, ends);
    for (std::size_t i = known; i < ends.size(); ++i)
        ends[i] += static_cast<std::uint32_t>(word.text - pretoken);
}

void BertSegmenter::segment_many(std::span<const Pretoken> pretokens, Scratch& scratch,
                                 std::vector<Id>& ids, std::uint32_t* counts) const {
    auto& own = static_cast<BertScratch&>(scratch);
    own.text.clear();
    own.ends.clear();
    for (const Pretoken& pretoken : pretokens) {
        const Pretoken word = word_of(pretoken);
        if (!normalizer_.append_plain(word.view(), own.text)) {
            if (changes_ && !normalize::is_utf8(word.view())) throw NotLocal();
            normalizer_.append(word.view(), own.text);
        }
        own.ends.push_back(own.text.size());
    }
    own.words.clear();
    std::size_t begin = 0;
    for (const std::size_t end : own.ends) {
        if (end > begin) own.words.push_back({own.text.data() + begin, end - begin});
        begin = end;
    }
    own.counts.resize(own.words.size());
    words_.segment_many(own.words, *own.inner, ids, own.counts.data());
    begin = 0;
    const std::uint32_t* count = own.counts.data();
    for (std::size_t i = 0; i < pretokens.size(); ++i) {
        counts[i] = own.ends[i] > begin ? *count++ : 0;
        begin = own.ends[i];
    }
}

}  // namespace tokenry::encode
