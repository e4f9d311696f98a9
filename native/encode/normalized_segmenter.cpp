#include "encode/normalized_segmenter.hpp"

#include <string>
#include <string_view>
#include <utility>

#include "base/utf8.hpp"
#include "encode/local_engine.hpp"
#include "normalize/utf8.hpp"

namespace tokenry::encode {

struct ChangedScratch final : Scratch {
    explicit ChangedScratch(std::unique_ptr<Scratch> of_inner) : inner(std::move(of_inner)) {}
    std::size_t cache_bytes() const override { return inner->cache_bytes(); }

    std::unique_ptr<Scratch> inner;
    std::string text;                     // of words that change, what they become
    std::vector<std::size_t> ends;        // of each word in it
    Buffer<std::uint32_t> cuts;           // ends of the pretokens of one of them
    std::vector<Pretoken> pretokens;      // of all words
    std::vector<std::size_t> numbers;     // of pretokens of each word
    std::vector<std::uint32_t> counts;    // of ids of each pretoken

    void clear() {
        text.clear();
        ends.clear();
        pretokens.clear();
        numbers.clear();
    }
};

namespace {

constexpr std::size_t kMostText = std::size_t{1} << 31;
// What loads whole vectors reads behind a text.
constexpr std::size_t kPadding = 64;

}  // namespace

NormalizedSegmenter::NormalizedSegmenter(const Segmenter& inner, const split::Splitter* splitter,
                                         const WordChanges& changes)
    : inner_(inner), cutter_(inner.caching().cutter), splitter_(splitter), changes_(changes) {}

std::unique_ptr<Scratch> NormalizedSegmenter::make_scratch() const {
    if (!changes_.any()) return inner_.make_scratch();
    return std::make_unique<ChangedScratch>(inner_.make_scratch());
}

void NormalizedSegmenter::check(Pretoken word) const {
    if (base::is_ascii(word.text, word.size)) return;
    if (word.view().find(normalize::kSpaceMark) != std::string_view::npos) throw NotLocal();
    if (!changes_.takes_any_bytes() && !normalize::is_utf8(word.view())) throw NotLocal();
}

Caching NormalizedSegmenter::caching() const {
    return {.ids_per_byte = inner_.caching().ids_per_byte * changes_.growth(),
            .cutter = cutter_ ? this : nullptr};
}

void NormalizedSegmenter::cut(Pretoken word, Buffer<std::uint32_t>& ends) const {
    const auto cut = [&](Pretoken text, Buffer<std::uint32_t>& to) { cutter_->cut(text, to); };
    changes_.cut(word, ends, cut);
}

// Appends what a word becomes.
void NormalizedSegmenter::change(Pretoken word, ChangedScratch& own) const {
    check(word);
    const std::string changed = changes_.changed(word);
    if (splitter_ && changed.ends_with(' ') && !word.view().ends_with(' ')) throw NotLocal();
    own.text += changed;
    if (own.text.size() > kMostText) throw NotLocal();
}

// The pretokens of text[begin, end) of what words became.
void NormalizedSegmenter::split(std::size_t begin, std::size_t end, ChangedScratch& own) const {
    const auto* text = reinterpret_cast<const std::uint8_t*>(own.text.data());
    own.cuts.clear();
    if (splitter_)
        split::append_ends(*splitter_, text, begin, end, own.cuts);
    else if (begin < end)
        own.cuts.push(static_cast<std::uint32_t>(end));
    for (std::size_t i = 0; i < own.cuts.size(); begin = own.cuts[i++])
        own.pretokens.push_back({text + begin, own.cuts[i] - begin});
}

// All words change before any pretoken is found, so that what these point to stays where it is.
void NormalizedSegmenter::find_pretokens(std::span<const Pretoken> words, ChangedScratch& own) const {
    constexpr std::size_t stays = ~std::size_t{0};
    own.clear();
    for (const Pretoken& word : words) {
        const bool changes = !changes_.stays(word);
        if (changes) change(word, own);
        own.ends.push_back(changes ? own.text.size() : stays);
    }
    own.text.append(kPadding, '\0');
    std::size_t begin = 0;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::size_t before = own.pretokens.size();
        if (own.ends[i] == stays)
            own.pretokens.push_back(words[i]);
        else
            split(std::exchange(begin, own.ends[i]), own.ends[i], own);
        own.numbers.push_back(own.pretokens.size() - before);
    }
}

void NormalizedSegmenter::segment_many(std::span<const Pretoken> words, Scratch& scratch,
                                       std::vector<Id>& ids, std::uint32_t* counts) const {
    if (!changes_.any()) {
        for (const Pretoken& word : words) check(word);
        return inner_.segment_many(words, scratch, ids, counts);
    }
    auto& own = static_cast<ChangedScratch&>(scratch);
    find_pretokens(words, own);
    own.counts.resize(own.pretokens.size());
    inner_.segment_many(own.pretokens, *own.inner, ids, own.counts.data());
    sum_counts(own.numbers, own.counts.data(), counts);
}

}  // namespace tokenry::encode
