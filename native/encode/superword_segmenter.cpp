#include "encode/superword_segmenter.hpp"

#include <bit>
#include <utility>

#include "encode/engine.hpp"
#include "encode/word_encoder.hpp"

namespace tokenry::encode {

struct SuperwordScratch final : Scratch {
    explicit SuperwordScratch(const Segmenter& inner) : encoder(inner, default_cache_bytes()) {}
    std::size_t cache_bytes() const override { return encoder.bytes(); }

    WordEncoder encoder;
    Buffer<std::uint64_t> begins;       // of words: a bit a byte
    Buffer<std::uint32_t> words_before;  // each 64 bytes
    Buffer<std::uint32_t> places;       // where words begin, and where the last one ends
    Buffer<std::uint32_t> ids_before;   // each word
    Buffer<Id> ids;
    LaterMerges::Scratch later;

    // Lists the words of a text of so many bytes by the bits of `begins`.
    void list_words(std::size_t size) {
        places.clear();
        places.reserve_more(size + 1);
        words_before.clear();
        words_before.reserve_more(begins.size());
        std::uint32_t* out = places.data();
        for (std::size_t block = 0; block < begins.size(); ++block) {
            words_before.push(static_cast<std::uint32_t>(out - places.data()));
            for (std::uint64_t bits = begins[block]; bits; bits &= bits - 1)
                *out++ = static_cast<std::uint32_t>(64 * block) + static_cast<std::uint32_t>(std::countr_zero(bits));
        }
        *out++ = static_cast<std::uint32_t>(size);
        places.set_size(static_cast<std::size_t>(out - places.data()));
    }
    std::size_t words() const { return places.size() - 1; }
    // Ids of the words that begin before a place.
    std::uint32_t ids_up_to(std::size_t place) const {
        const std::uint64_t before = begins[place / 64] & ((std::uint64_t{1} << place % 64) - 1);
        return ids_before[words_before[place / 64] + static_cast<std::size_t>(std::popcount(before))];
    }
};

namespace {

// The first pretokens that stand one behind the other in memory, as those of a text do: words are
// looked up many at a time.
std::size_t in_a_row(std::span<const Pretoken> pretokens) {
    constexpr std::size_t most = std::size_t{1} << 30;  // bytes, but for a longer pretoken
    std::size_t count = 1;
    std::size_t size = pretokens[0].size;
    while (count < pretokens.size() && size < most && pretokens[count].text == pretokens[0].text + size)
        size += pretokens[count++].size;
    return count;
}

}  // namespace

std::unique_ptr<SuperwordSegmenter> SuperwordSegmenter::of(const BpeSegmenter& whole) {
    if (!whole.only_merges_bytes()) return nullptr;
    return of(whole, first_superword(whole.pieces(), whole.pairs()));
}

std::unique_ptr<SuperwordSegmenter> SuperwordSegmenter::of(const BpeSegmenter& whole,
                                                           std::uint32_t order) {
    if (order == no_merge || !whole.only_merges_bytes()) return nullptr;
    return std::unique_ptr<SuperwordSegmenter>(new SuperwordSegmenter(whole, order));
}

SuperwordSegmenter::SuperwordSegmenter(const BpeSegmenter& whole, std::uint32_t order)
    : whole_(whole), words_(whole, order), cuts_(whole.pieces(), whole.pairs(), order),
      later_(whole.pairs(), whole.pieces().size(), order) {}

std::unique_ptr<Scratch> SuperwordSegmenter::make_scratch() const {
    return std::make_unique<SuperwordScratch>(words_);
}

void SuperwordSegmenter::segment_many(std::span<const Pretoken> pretokens, Scratch& scratch,
                                      std::vector<Id>& ids, std::uint32_t* counts) const {
    auto& own = static_cast<SuperwordScratch&>(scratch);
    while (!pretokens.empty()) {
        const auto row = pretokens.first(in_a_row(pretokens));
        segment_row(row, own, ids, counts);
        pretokens = pretokens.subspan(row.size());
        counts += row.size();
    }
}

void SuperwordSegmenter::segment_row(std::span<const Pretoken> row, SuperwordScratch& own,
                                     std::vector<Id>& ids, std::uint32_t* counts) const {
    const std::uint8_t* const text = row[0].text;
    const std::size_t size = static_cast<std::size_t>(row.back().text - text) + row.back().size;
    cuts_.find(text, size, own.begins);
    for (const Pretoken& each : row) {
        const auto begin = static_cast<std::size_t>(each.text - text);
        own.begins[begin / 64] |= std::uint64_t{1} << begin % 64;
    }
    own.list_words(size);
    own.ids.clear();
    own.ids_before.clear();
    own.ids_before.reserve_more(own.words() + 1);
    own.encoder.encode({text, size, own.places.data(), own.places.data() + 1, own.words()}, own.ids,
                       own.ids_before.data());
    std::uint32_t sum = 0;
    for (std::size_t word = 0; word < own.words(); ++word)
        sum += std::exchange(own.ids_before.data()[word], sum);
    for (std::size_t i = 0; i + 1 < row.size(); ++i)
        counts[i] = own.ids_up_to(static_cast<std::size_t>(row[i + 1].text - text));
    counts[row.size() - 1] = sum;
    for (std::size_t i = row.size(); i-- > 1;) counts[i] -= counts[i - 1];
    const std::size_t left = later_.merge({own.ids.data(), own.ids.size()}, {counts, row.size()}, own.later);
    ids.insert(ids.end(), own.ids.data(), own.ids.data() + left);
}

void SuperwordSegmenter::segment_with_ends(const std::uint8_t* pretoken, std::size_t size,
                                           Scratch& scratch, std::vector<Id>& ids,
                                           std::vector<std::uint32_t>& ends) const {
    const std::size_t first = ids.size();
    segment(pretoken, size, scratch, ids);
    std::uint32_t end = 0;
    for (std::size_t i = first; i < ids.size(); ++i) ends.push_back(end += width(ids[i]));
}

}  // namespace tokenry::encode
