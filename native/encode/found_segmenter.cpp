#include "encode/found_segmenter.hpp"

#include <string>
#include <utility>

#include "encode/local_engine.hpp"
#include "normalize/utf8.hpp"

namespace tokenry::encode {

// What loads whole vectors reads behind a text.
static constexpr std::size_t kPadding = 64;

struct FoundScratch final : Scratch {
    FoundScratch(std::unique_ptr<Scratch> of_inner, std::unique_ptr<split::FinderScratch> of_finder)
        : inner(std::move(of_inner)), finder(std::move(of_finder)) {}
    std::size_t cache_bytes() const override { return inner->cache_bytes(); }

    std::unique_ptr<Scratch> inner;
    std::unique_ptr<split::FinderScratch> finder;
    std::string text, changed;          // of all words, normalised, and of one
    std::vector<std::size_t> ends;      // of each word in the text
    std::vector<Pretoken> pretokens;    // of all words
    std::vector<std::size_t> numbers;   // of pretokens of each word
    std::vector<std::uint32_t> counts;  // of ids of each pretoken
};

FoundSegmenter::FoundSegmenter(const Segmenter& inner, const split::Finder& finder,
                               const normalize::Normalizer* normalizer)
    : inner_(inner), finder_(finder), normalizer_(normalizer) {}

std::unique_ptr<Scratch> FoundSegmenter::make_scratch() const {
    return std::make_unique<FoundScratch>(inner_.make_scratch(), finder_.make_scratch());
}

Caching FoundSegmenter::caching() const {
    const std::size_t growth = normalizer_ ? normalizer_->growth() : 1;
    return {.ids_per_byte = inner_.caching().ids_per_byte * growth};
}

// Words as the normalizer leaves them, one behind the other.
void FoundSegmenter::normalize(std::span<const Pretoken> words, FoundScratch& own) const {
    own.text.clear();
    own.ends.clear();
    for (const Pretoken& word : words) {
        if (!normalize::is_utf8(word.view())) throw NotLocal();
        if (normalizer_->change(word.view(), own.changed)) own.text += own.changed;
        else own.text += word.view();
        own.ends.push_back(own.text.size());
    }
    own.text.append(kPadding, '\0');
}

void FoundSegmenter::find(Pretoken word, FoundScratch& own) const {
    const std::size_t before = own.pretokens.size();
    for (std::size_t begin = 0; begin < word.size;) {
        const split::Pretokens found = finder_.find(word.text, word.size, begin, *own.finder);
        for (std::size_t i = 0; i < found.count; ++i)
            own.pretokens.push_back({word.text + begin + found.begins[i],
                                     std::size_t{found.ends[i]} - found.begins[i]});
        begin += found.covered;
    }
    own.numbers.push_back(own.pretokens.size() - before);
}

void FoundSegmenter::segment_many(std::span<const Pretoken> words, Scratch& scratch,
                                  std::vector<Id>& ids, std::uint32_t* counts) const {
    auto& own = static_cast<FoundScratch&>(scratch);
    own.pretokens.clear();
    own.numbers.clear();
    if (normalizer_ == nullptr) {
        for (const Pretoken& word : words) find(word, own);
    } else {
        normalize(words, own);
        const auto* text = reinterpret_cast<const std::uint8_t*>(own.text.data());
        std::size_t begin = 0;
        for (const std::size_t end : own.ends)
            find({text + begin, end - std::exchange(begin, end)}, own);
    }
    own.counts.resize(own.pretokens.size());
    inner_.segment_many(own.pretokens, *own.inner, ids, own.counts.data());
    sum_counts(own.numbers, own.counts.data(), counts);
}

}  // namespace tokenry::encode
