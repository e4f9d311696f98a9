#include "encode/normalized_segmenter.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "encode/local_engine.hpp"
#include "normalize/utf8.hpp"

namespace tokenry {
namespace {

constexpr std::string_view kMark = "\xE2\x96\x81";  // U+2581

struct NormalizedScratch final : Scratch {
    std::unique_ptr<Scratch> inner;
    std::string text;                 // of all words, normalised
    std::vector<std::size_t> ends;    // of the words in it
    std::vector<std::uint32_t> cuts;  // of one word
    std::vector<Pretoken> pretokens;
    std::vector<std::uint32_t> pretokens_of;  // by word
    std::vector<std::uint32_t> counts;        // by pretoken
};

std::string_view view(Pretoken word) {
    return {reinterpret_cast<const char*>(word.text), word.size};
}

bool is_ascii(Pretoken word) {
    return std::none_of(word.text, word.text + word.size, [](std::uint8_t byte) { return byte >= 0x80; });
}

// Appends the pretokens of a word.
void cut(const Splitter* splitter, Pretoken word, NormalizedScratch& own) {
    if (splitter == nullptr) {
        if (word.size > 0) own.pretokens.push_back(word);
        return;
    }
    own.cuts.resize(std::max<std::size_t>(own.cuts.size(), word.size));
    const std::size_t count = splitter->split(word.text, word.size, 0, own.cuts.data(), word.size);
    std::uint32_t begin = 0;
    for (std::size_t i = 0; i < count; begin = own.cuts[i++])
        own.pretokens.push_back({word.text + begin, own.cuts[i] - begin});
}

}  // namespace

NormalizedSegmenter::NormalizedSegmenter(const Segmenter& inner, const Splitter* splitter,
                                         const Normalizer* normalizer, std::size_t growth)
    : inner_(inner), splitter_(splitter), normalizer_(normalizer), growth_(growth) {}

std::unique_ptr<Scratch> NormalizedSegmenter::make_scratch() const {
    auto own = std::make_unique<NormalizedScratch>();
    own->inner = inner_.make_scratch();
    return own;
}

void NormalizedSegmenter::check(Pretoken word) const {
    if (is_ascii(word)) return;
    if (view(word).find(kMark) != std::string_view::npos) throw NotLocal();
    if (normalizer_ == nullptr && !is_utf8(view(word))) throw NotLocal();
}

void NormalizedSegmenter::segment(const std::uint8_t* word, std::size_t size, Scratch& scratch,
                                  std::vector<Id>& ids) const {
    const Pretoken one{word, size};
    std::uint32_t count;
    segment_many({&one, 1}, scratch, ids, &count);
}

void NormalizedSegmenter::segment_many(std::span<const Pretoken> words, Scratch& scratch,
                                       std::vector<Id>& ids, std::uint32_t* counts) const {
    auto& own = static_cast<NormalizedScratch&>(scratch);
    for (const Pretoken& word : words) check(word);
    if (normalizer_ == nullptr && splitter_ == nullptr)
        return inner_.segment_many(words, *own.inner, ids, counts);
    own.text.clear();
    own.ends.clear();
    if (normalizer_)
        for (const Pretoken& word : words) {
            own.text += normalizer_->normalize(view(word));
            own.ends.push_back(own.text.size());
        }
    own.pretokens.clear();
    own.pretokens_of.clear();
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto* text = reinterpret_cast<const std::uint8_t*>(own.text.data());
        const std::size_t begin = normalizer_ && i > 0 ? own.ends[i - 1] : 0;
        cut(splitter_, normalizer_ ? Pretoken{text + begin, own.ends[i] - begin} : words[i], own);
        own.pretokens_of.push_back(static_cast<std::uint32_t>(own.pretokens.size()));
    }
    own.counts.resize(own.pretokens.size());
    inner_.segment_many(own.pretokens, *own.inner, ids, own.counts.data());
    const auto* count = own.counts.data();
    for (std::size_t i = 0; i < words.size(); ++i)
        for (counts[i] = 0; count < own.counts.data() + own.pretokens_of[i]; ++count)
            counts[i] += *count;
}

}  // namespace tokenry
