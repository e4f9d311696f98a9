#include "encode/marked_segmenter.hpp"

#include <algorithm>
#include <string_view>

#include "encode/local_engine.hpp"
#include "normalize/grapheme.hpp"
#include "normalize/precompiled.hpp"
#include "normalize/utf8.hpp"
#include "unicode/classes.hpp"

namespace tokenry::encode {

struct MarkedScratch final : Scratch {
    explicit MarkedScratch(std::unique_ptr<Scratch> of_words) : inner(std::move(of_words)) {}
    std::size_t cache_bytes() const override { return inner->cache_bytes(); }

    std::unique_ptr<Scratch> inner;
    Buffer<std::uint8_t> text;          // of all words, marked
    std::vector<std::size_t> ends;      // of the marked words in it
    std::vector<std::uint32_t> made;    // how many of these each word made
    std::vector<Pretoken> pretokens;
    std::vector<std::uint32_t> counts;
};

namespace {

constexpr std::uint32_t kMark = 0x2581;

const std::uint8_t* bytes(std::string_view text) {
    return reinterpret_cast<const std::uint8_t*>(text.data());
}

bool is_white_space(std::uint32_t code) {
    return unicode::mask({unicode::category(code)}) & unicode::kSpace;
}

// Whether a character joins a space after it to its grapheme cluster.
bool joins_space(const std::uint8_t* character, std::size_t width) {
    std::uint8_t with_space[5];
    std::copy_n(character, width, with_space);
    with_space[width] = ' ';
    return normalize::cluster_width(with_space, width + 1) > width;
}

bool joins_space(std::uint32_t code) {
    std::uint8_t character[4];
    return joins_space(character, normalize::encode(code, character));
}

// The last character of valid UTF-8.
std::string_view last_character(std::string_view text) {
    std::size_t width = 1;
    while (normalize::is_continuation(std::uint8_t(text[text.size() - width]))) ++width;
    return text.substr(text.size() - width);
}

// Whether that joins a space after it.
bool ends_joining(std::string_view text) {
    const auto last = last_character(text);
    return joins_space(bytes(last), last.size());
}

std::string behind_space(std::string_view text) {
    std::string all(1, ' ');
    all.append(text);
    return all;
}

// Whether a space before valid UTF-8 takes its first character into its cluster.
bool joined_by_space(std::string_view text) {
    const auto all = behind_space(text.substr(0, normalize::utf8_width(std::uint8_t(text[0]))));
    return normalize::cluster_width(bytes(all), all.size()) > 1;
}

}  // namespace

bool MarkedSegmenter::fits(const normalize::Charsmap& rules) {
    return rules.inert(' ', 0) && rules.inert(' ', 0xFF);
}

MarkedSegmenter::MarkedSegmenter(const Segmenter& words,
                                 std::shared_ptr<const normalize::Charsmap> rules,
                                 std::shared_ptr<const normalize::Normalizer> before,
                                 WhiteSpace spaces)
    : words_(words), rules_(std::move(rules)), before_(std::move(before)), spaces_(spaces) {
    for (std::uint32_t code = 0; code < 0x10000; ++code) {
        const bool surrogate = code >= 0xD800 && code < 0xE000;
        if (surrogate || code == kMark || cuts(code) || joins_space(code)) continue;
        const auto byte = std::uint8_t(code);
        inert_[code] = !rules_ || (code < 0x80 ? rules_->inert(byte, 0) && rules_->inert(byte, 0xFF)
                                               : !rules_->begins_rule(code));
    }
}

std::unique_ptr<Scratch> MarkedSegmenter::make_scratch() const {
    return std::make_unique<MarkedScratch>(words_.make_scratch());
}

// Whether words are cut at a character.
bool MarkedSegmenter::cuts(std::uint32_t code) const {
    return spaces_.squeezed.any() ? code == ' ' : is_white_space(code);
}

// Where no rule begins at any character, no rule applies to any cluster.
bool MarkedSegmenter::stays(std::string_view text) const {
    for (std::size_t at = 0; at < text.size();) {
        const auto width = normalize::valid_width(bytes(text) + at, text.size() - at);
        if (width == 0 || width > 3 || !inert_[normalize::decode(bytes(text) + at, width)]) return false;
        at += width;
    }
    return true;
}

std::string MarkedSegmenter::ruled(std::string_view text) const {
    return rules_ ? normalize::apply_precompiled(*rules_, text, nullptr, nullptr) : std::string(text);
}

// A space that was put there, or was an end of a line, has its cluster to itself.
std::string MarkedSegmenter::changed(std::string_view text, bool spaced) const {
    if (!normalize::is_utf8(text) || ends_joining(text)) throw NotLocal();
    std::string made = ruled(text);
    const bool joined = spaced && joined_by_space(text);
    if (joined && ruled(behind_space(text)) != behind_space(made)) throw NotLocal();
    return made;
}

// Appends the words between white space.
void MarkedSegmenter::add_marked(std::string_view text, std::size_t most, MarkedScratch& own) const {
    bool inside = false;
    own.text.reserve_more(2 * text.size() + 1);
    const auto first = own.text.size();
    for (std::size_t at = 0; at < text.size();) {
        const auto width = normalize::utf8_width(std::uint8_t(text[at]));
        const auto code = normalize::decode(bytes(text) + at, width);
        if (code == kMark) throw NotLocal();
        const bool space = cuts(code);
        if (inside && space) own.ends.push_back(own.text.size());
        if (!inside && !space) own.text.push(' ');
        if (!space) own.text.append(bytes(text) + at, width);
        inside = !space;
        at += width;
    }
    if (inside) own.ends.push_back(own.text.size());
    if (own.text.size() - first > most) throw NotLocal();
}

void MarkedSegmenter::add(Pretoken word, MarkedScratch& own) const {
    const auto before = own.ends.size();
    std::size_t spaces = 0;
    while (spaces < word.size && word.text[spaces] == ' ') ++spaces;
    std::string_view rest = word.view().substr(spaces);
    std::string made;
    if (before_ && before_->change(rest, made)) rest = made;
    const std::size_t most = most_growth * word.size;
    if (spaces == word.size && spaces_.squeezed.any()) {
        own.text.push(' ');
        own.ends.push_back(own.text.size());
    } else if (rest.empty()) {
        // nothing but white space
    } else if (rest.size() < most && stays(rest)) {
        own.text.push(' ');
        own.text.append(bytes(rest), rest.size());
        own.ends.push_back(own.text.size());
    } else {
        add_marked(changed(rest, spaces > 0), most, own);
    }
    own.made.push_back(std::uint32_t(own.ends.size() - before));
}

// Whether white space at the end of a text is removed with this byte, which then no rule reads beside
// others.
bool MarkedSegmenter::is_stripped(std::uint8_t byte) const {
    if (byte != ' ' && !(byte >= '\t' && byte <= '\r')) return false;
    return byte == ' ' || (!before_ && (!rules_ || !rules_->reads(byte) || rules_->is_space(byte)));
}

std::optional<Text> MarkedSegmenter::ended(Text text) const {
    if (spaces_.strips)
        while (!text.empty() && is_stripped(text.back())) text = text.first(text.size() - 1);
    if (text.empty() || spaces_.squeezed.has(text.back())) return text;
    const auto last = text.back();
    const bool behind_ascii = text.size() < 2 || text[text.size() - 2] < 0x80;
    const bool plain = last > ' ' && last < 0x7F && behind_ascii && !before_ && inert_[last];
    if (plain) return text;
    const auto begin = std::find_if(text.rbegin(), text.rend(),
                                    [&](std::uint8_t byte) { return spaces_.squeezed.has(byte); });
    const auto size = static_cast<std::size_t>(begin - text.rbegin());
    const std::string_view all(reinterpret_cast<const char*>(text.data()), text.size());
    return ends_word(all.substr(text.size() - size)) ? std::optional(text) : std::nullopt;
}

// Whether the last word of a text, without its space, leaves something that ends with no space.
bool MarkedSegmenter::ends_word(std::string_view rest) const {
    std::string before, made;
    if (before_ && before_->change(rest, before)) rest = before;
    if (rest.empty()) return false;
    if (!stays(rest)) {
        if (!normalize::is_utf8(rest)) return false;
        made = ruled(rest);
        rest = made;
    }
    if (rest.empty()) return false;
    const auto last = last_character(rest);
    const auto code = normalize::decode(bytes(last), last.size());
    return spaces_.strips ? !is_white_space(code) : code != ' ';
}

void MarkedSegmenter::segment_many(std::span<const Pretoken> words, Scratch& scratch,
                                   std::vector<Id>& ids, std::uint32_t* counts) const {
    auto& own = static_cast<MarkedScratch&>(scratch);
    own.text.clear();
    own.ends.clear();
    own.made.clear();
    own.pretokens.clear();
    for (const Pretoken& word : words) add(word, own);
    std::size_t begin = 0;
    for (const auto end : own.ends) {
        own.pretokens.push_back({own.text.data() + begin, end - begin});
        begin = end;
    }
    own.counts.resize(own.pretokens.size());
    words_.segment_many(own.pretokens, *own.inner, ids, own.counts.data());
    const auto* count = own.counts.data();
    for (std::size_t i = 0; i < words.size(); ++i) {
        counts[i] = 0;
        for (auto rest = own.made[i]; rest > 0; --rest) counts[i] += *count++;
    }
}

}  // namespace tokenry::encode
