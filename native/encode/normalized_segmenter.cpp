#include "encode/normalized_segmenter.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "encode/local_engine.hpp"
#include "encode/word_encoder.hpp"
#include "normalize/utf8.hpp"

namespace tokenry {

// The working memory of words that change. Their pretokens are mostly as new as they are, so only the
// parts of these have a cache of their own; it takes half of what the words themselves may.
struct ChangedScratch final : Scratch {
    explicit ChangedScratch(const Segmenter& inner)
        : encoder(inner, default_cache_bytes() / 2, WordEncoder::Cuts::never) {}
    std::size_t cache_bytes() const override { return encoder.bytes(); }

    WordEncoder encoder;
    std::string text;  // of all words, normalised, one behind the other
    std::vector<std::uint32_t> words;  // their ends in it
    Buffer<std::uint32_t> pretokens;   // ends, behind a zero
    Buffer<std::uint32_t> parts;       // ends, behind a zero
    std::vector<std::uint32_t> counts;  // ids of each part
    Buffer<Id> ids;

    void clear() {
        text.clear();
        words.clear();
        for (Buffer<std::uint32_t>* ends : {&pretokens, &parts}) {
            ends->clear();
            ends->push(0);
        }
        ids.clear();
    }
};

namespace {

constexpr std::size_t kMostText = std::size_t{1} << 31;
// What loads whole vectors reads behind a text.
constexpr std::size_t kPadding = 64;

const std::uint8_t* bytes(const std::string& text) {
    return reinterpret_cast<const std::uint8_t*>(text.data());
}

// Appends the ends of the parts of the pretoken text[begin, end).
void add_parts(const Segmenter& inner, const std::uint8_t* text, std::uint32_t begin,
               std::uint32_t end, Buffer<std::uint32_t>& parts) {
    const std::size_t before = parts.size();
    if (inner.cuts()) inner.cut({text + begin, end - begin}, parts);
    if (parts.size() == before) return parts.push(end);
    for (std::size_t i = before; i < parts.size(); ++i) parts[i] += begin;
}

// Sums the ids of the parts of each word.
void sum_counts(const ChangedScratch& own, std::uint32_t* counts) {
    std::size_t i = 0;
    for (const std::uint32_t end : own.words) {
        *counts = 0;
        for (; i + 1 < own.parts.size() && own.parts[i + 1] <= end; ++i)
            *counts += own.counts[i];
        ++counts;
    }
}

}  // namespace

NormalizedSegmenter::NormalizedSegmenter(const Segmenter& inner, const Splitter* splitter,
                                         const Normalizer* normalizer, std::size_t growth)
    : inner_(inner), splitter_(splitter), normalizer_(normalizer), growth_(growth) {}

std::unique_ptr<Scratch> NormalizedSegmenter::make_scratch() const {
    if (!changes()) return inner_.make_scratch();
    return std::make_unique<ChangedScratch>(inner_);
}

void NormalizedSegmenter::check(Pretoken word) const {
    std::uint8_t all = 0;
    for (std::size_t i = 0; i < word.size; ++i) all |= word.text[i];
    if (all < 0x80) return;
    if (word.view().find(kSpaceMark) != std::string_view::npos) throw NotLocal();
    if (normalizer_ == nullptr && !is_utf8(word.view())) throw NotLocal();
}

void NormalizedSegmenter::segment(const std::uint8_t* word, std::size_t size, Scratch& scratch,
                                  std::vector<Id>& ids) const {
    const Pretoken one{word, size};
    std::uint32_t count;
    segment_many({&one, 1}, scratch, ids, &count);
}

void NormalizedSegmenter::add_normalized(Pretoken word, ChangedScratch& own) const {
    const std::string changed = normalizer_->normalize(word.view());
    if (splitter_ && changed.ends_with(' ') && !word.view().ends_with(' ')) throw NotLocal();
    own.text += changed;
}

// Appends what a word becomes.
void NormalizedSegmenter::add(Pretoken word, ChangedScratch& own) const {
    if (normalizer_)
        add_normalized(word, own);
    else
        own.text += word.view();
    if (own.text.size() > kMostText) throw NotLocal();
    own.words.push_back(static_cast<std::uint32_t>(own.text.size()));
}

void NormalizedSegmenter::segment_many(std::span<const Pretoken> words, Scratch& scratch,
                                       std::vector<Id>& ids, std::uint32_t* counts) const {
    for (const Pretoken& word : words) check(word);
    if (!changes()) return inner_.segment_many(words, scratch, ids, counts);
    auto& own = static_cast<ChangedScratch&>(scratch);
    own.clear();
    for (const Pretoken& word : words) add(word, own);
    own.text.append(kPadding, '\0');
    std::uint32_t begin = 0;
    for (const std::uint32_t end : own.words) {
        if (splitter_)
            append_ends(*splitter_, bytes(own.text), begin, end, own.pretokens);
        else if (begin < end)
            own.pretokens.push(end);
        begin = end;
    }
    for (std::size_t i = 0; i + 1 < own.pretokens.size(); ++i)
        add_parts(inner_, bytes(own.text), own.pretokens[i], own.pretokens[i + 1], own.parts);
    const std::size_t count = own.parts.size() - 1;
    own.counts.resize(std::max(own.counts.size(), count));
    own.encoder.encode({bytes(own.text), own.text.size(), own.parts.data(), own.parts.data() + 1,
                        count},
                       own.ids, own.counts.data());
    ids.insert(ids.end(), own.ids.data(), own.ids.data() + own.ids.size());
    sum_counts(own, counts);
}

}  // namespace tokenry
