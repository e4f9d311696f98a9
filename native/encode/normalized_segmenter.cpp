#include "encode/normalized_segmenter.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "base/utf8.hpp"
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
    std::vector<Pretoken> kept;         // words that stay as they are
    std::vector<std::uint32_t> kept_counts;
    std::vector<Id> kept_ids;
    std::vector<bool> changes;          // which words change
    std::string text;                   // of these, normalised, one behind the other
    std::vector<std::uint32_t> words;   // their ends in it
    Buffer<std::uint32_t> pretokens;    // ends, behind a zero
    Buffer<std::uint32_t> parts;        // ends, behind a zero
    Buffer<std::uint32_t> part_counts;  // ids of each part
    Buffer<Id> ids;                     // of the parts

    void clear() {
        kept.clear();
        kept_ids.clear();
        changes.clear();
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

// Appends the ids of all words; those that changed have the ids of their parts.
void join(const ChangedScratch& own, std::vector<Id>& ids, std::uint32_t* counts) {
    const std::uint32_t *kept = own.kept_counts.data(), *word = own.words.data();
    const Id *kept_ids = own.kept_ids.data(), *part_ids = own.ids.data();
    std::size_t part = 0;
    for (const bool changes : own.changes) {
        std::uint32_t count = 0;
        if (changes)
            for (; part + 1 < own.parts.size() && own.parts[part + 1] <= *word; ++part)
                count += own.part_counts[part];
        else
            count = *kept++;
        word += changes;
        const Id*& from = changes ? part_ids : kept_ids;
        ids.insert(ids.end(), from, from + count);
        from += count;
        *counts++ = count;
    }
}

}  // namespace

NormalizedSegmenter::NormalizedSegmenter(const Segmenter& inner, const Splitter* splitter,
                                         const Normalizer* normalizer, std::size_t growth,
                                         bool spaced)
    : inner_(inner),
      splitter_(splitter),
      normalizer_(normalizer),
      growth_(growth),
      spaced_(spaced) {}

std::unique_ptr<Scratch> NormalizedSegmenter::make_scratch() const {
    if (!normalizer_) return inner_.make_scratch();
    return std::make_unique<ChangedScratch>(inner_);
}

void NormalizedSegmenter::check(Pretoken word) const {
    if (is_ascii(word.text, word.size)) return;
    if (word.view().find(kSpaceMark) != std::string_view::npos) throw NotLocal();
    if (!normalizer_ && !is_utf8(word.view())) throw NotLocal();
}

// So does a part, which comes of a word that stays.
bool NormalizedSegmenter::stays(Pretoken word) const {
    return !normalizer_ || (spaced_ && word.size > 0 && *word.text != ' ') ||
           normalizer_->keeps(word.view());
}

// A space alone is a word, of which the normalizer may leave nothing, so it is never made a part.
void NormalizedSegmenter::cut(Pretoken word, Buffer<std::uint32_t>& ends) const {
    if (!stays(word)) return;
    const std::size_t before = ends.size();
    inner_.cut(word, ends);
    if (!spaced_ || ends.size() == before || ends[before] > 1 || *word.text != ' ') return;
    std::copy(ends.data() + before + 1, ends.end(), ends.data() + before);
    ends.set_size(ends.size() - before > 2 ? ends.size() - 1 : before);
}

void NormalizedSegmenter::segment(const std::uint8_t* word, std::size_t size, Scratch& scratch,
                                  std::vector<Id>& ids) const {
    const Pretoken one{word, size};
    std::uint32_t count;
    segment_many({&one, 1}, scratch, ids, &count);
}

// Appends what a word becomes.
void NormalizedSegmenter::change(Pretoken word, ChangedScratch& own) const {
    check(word);
    const std::string changed = normalizer_->normalize(word.view());
    if (splitter_ && changed.ends_with(' ') && !word.view().ends_with(' ')) throw NotLocal();
    own.text += changed;
    if (own.text.size() > kMostText) throw NotLocal();
    own.words.push_back(static_cast<std::uint32_t>(own.text.size()));
}

void NormalizedSegmenter::encode_changed(ChangedScratch& own) const {
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
    own.part_counts.clear();
    own.part_counts.reserve_more(count);
    own.encoder.encode({bytes(own.text), own.text.size(), own.parts.data(), own.parts.data() + 1,
                        count},
                       own.ids, own.part_counts.data());
}

void NormalizedSegmenter::segment_many(std::span<const Pretoken> words, Scratch& scratch,
                                       std::vector<Id>& ids, std::uint32_t* counts) const {
    if (!normalizer_) {
        for (const Pretoken& word : words) check(word);
        return inner_.segment_many(words, scratch, ids, counts);
    }
    auto& own = static_cast<ChangedScratch&>(scratch);
    own.clear();
    for (const Pretoken& word : words) {
        own.changes.push_back(!stays(word));
        if (own.changes.back())
            change(word, own);
        else
            own.kept.push_back(word);
    }
    if (own.words.empty()) return inner_.segment_many(words, own.encoder.scratch(), ids, counts);
    own.kept_counts.resize(own.kept.size());
    inner_.segment_many(own.kept, own.encoder.scratch(), own.kept_ids, own.kept_counts.data());
    encode_changed(own);
    join(own, ids, counts);
}

}  // namespace tokenry
