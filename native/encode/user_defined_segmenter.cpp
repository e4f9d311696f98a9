#include "encode/user_defined_segmenter.hpp"

#include <map>
#include <string>

#include "base/errors.hpp"
#include "base/utf8.hpp"
#include "encode/piece_table.hpp"
#include "encode/space_search.hpp"
#include "encode/word_encoder.hpp"

namespace tokenry::encode {
namespace {

constexpr std::size_t kCacheBytes = std::size_t{8} << 20;
constexpr std::size_t kWords = 1024;

struct UserDefinedScratch final : Scratch {
    explicit UserDefinedScratch(const Segmenter& inner) : encoder(inner, kCacheBytes) {}
    WordEncoder encoder;
    Buffer<Id> ids;
    std::uint32_t ends[kWords + 1] = {};
};

// Calls use(words, where they begin) for the words of a text, many at a time.
template <class Use>
void split(const split::Splitter& splitter, const std::uint8_t* text, std::size_t size,
           UserDefinedScratch& scratch, Use use) {
    for (std::size_t begin = 0; begin < size;) {
        const auto count = splitter.split(text, size, begin, scratch.ends + 1, kWords);
        if (count == 0) return;
        use(Words{text + begin, size - begin, scratch.ends, scratch.ends + 1, count}, begin);
        begin += scratch.ends[count];
    }
}

}  // namespace

UserDefinedSegmenter::UserDefinedSegmenter(const Segmenter& inner, const split::Splitter& splitter,
                                           std::span<const Id> frozen, bool of_words)
    : inner_(inner), splitter_(splitter), of_words_(of_words) {
    const PieceTable& table = inner.pieces();
    std::map<std::string, Id> pieces;
    for (const auto id : frozen) {
        if (id >= table.size() || table.width(id) == 0)
            throw base::VocabularyError("id " + std::to_string(id) + " has no piece to be frozen");
        pieces[{reinterpret_cast<const char*>(table.data(id)), table.width(id)}] = id;
    }
    std::vector<base::DoubleArray::Entry> entries;
    for (const auto& [piece, id] : pieces) {
        entries.push_back({piece, id});
        begins_.add(static_cast<std::uint8_t>(piece[0]));
    }
    trie_ = base::DoubleArray(std::move(entries));
}

std::unique_ptr<Scratch> UserDefinedSegmenter::make_scratch() const {
    return std::make_unique<UserDefinedScratch>(inner_);
}

// Calls gap(begin, end) and found(id, end), in the order of the text.
template <class Gap, class Found>
void UserDefinedSegmenter::walk(const std::uint8_t* text, std::size_t size, Gap gap, Found found) const {
    std::size_t begin = 0;
    for (std::size_t at = 0; at < size;) {
        std::uint32_t id = 0;
        const auto length = trie_.longest(text + at, size - at, id);
        if (length == 0) {
            at += base::character_size(text + at, size - at);
            continue;
        }
        if (begin < at) gap(begin, at);
        begin = at += length;
        found(id, at);
    }
    if (begin < size) gap(begin, size);
}

void UserDefinedSegmenter::segment(const std::uint8_t* text, std::size_t size, Scratch& kept,
                                   std::vector<Id>& ids) const {
    auto& scratch = static_cast<UserDefinedScratch&>(kept);
    const auto gap = [&](std::size_t begin, std::size_t end) {
        scratch.ids.clear();
        split(splitter_, text + begin, end - begin, scratch,
              [&](const Words& words, std::size_t) { scratch.encoder.encode(words, scratch.ids); });
        ids.insert(ids.end(), scratch.ids.data(), scratch.ids.data() + scratch.ids.size());
    };
    walk(text, size, gap, [&](Id id, std::size_t) { ids.push_back(id); });
}

bool UserDefinedSegmenter::is_plain(Pretoken word) const {
    const std::uint8_t* const end = word.text + word.size;
    return find_space(word.text, 1, word.size) >= word.size && begins_.find(word.text, end) == end;
}

// Words in which nothing is found go to the other segmenter together.
void UserDefinedSegmenter::segment_many(std::span<const Pretoken> words, Scratch& scratch,
                                        std::vector<Id>& ids, std::uint32_t* counts) const {
    auto& inner = static_cast<UserDefinedScratch&>(scratch).encoder.scratch();
    for (std::size_t i = 0, plain = 0; i < words.size(); i = plain) {
        while (plain < words.size() && is_plain(words[plain])) ++plain;
        if (plain > i) inner_.segment_many(words.subspan(i, plain - i), inner, ids, counts + i);
        if (plain == words.size()) return;
        const std::size_t before = ids.size();
        segment(words[plain].text, words[plain].size, scratch, ids);
        counts[plain++] = static_cast<std::uint32_t>(ids.size() - before);
    }
}

// Between pieces that are found, and where the splitter or the other segmenter's cutter cuts.
void UserDefinedSegmenter::cut(Pretoken word, Buffer<std::uint32_t>& ends) const {
    const auto* cutter = inner_.caching().cutter;
    if (cutter && is_plain(word)) return cutter->cut(word, ends);
    const std::size_t before = ends.size();
    walk(word.text, word.size,
         [&](std::size_t begin, std::size_t end) { split::append_ends(splitter_, word.text, begin, end, ends); },
         [&](Id, std::size_t end) { ends.push(static_cast<std::uint32_t>(end)); });
    if (ends.size() == before + 1) ends.set_size(before);
}

void UserDefinedSegmenter::segment_with_ends(const std::uint8_t* text, std::size_t size, Scratch& kept,
                                             std::vector<Id>& ids,
                                        std::vector<std::uint32_t>& ends) const {
    auto& scratch = static_cast<UserDefinedScratch&>(kept);
    const auto word = [&](std::size_t begin, std::size_t end) {
        auto first = ends.size();
        find_ends(inner_, {text + begin, end - begin}, scratch.encoder.scratch(), ids, ends);
        for (; first < ends.size(); ++first) ends[first] += std::uint32_t(begin);
    };
    const auto gap = [&](std::size_t begin, std::size_t end) {
        const auto all = [&](const Words& words, std::size_t at) {
            for (std::size_t i = 0; i < words.count; ++i)
                word(begin + at + words.begins[i], begin + at + words.ends[i]);
        };
        split(splitter_, text + begin, end - begin, scratch, all);
    };
    walk(text, size, gap, [&](Id id, std::size_t end) {
        ids.push_back(id);
        ends.push_back(std::uint32_t(end));
    });
}

}  // namespace tokenry::encode
