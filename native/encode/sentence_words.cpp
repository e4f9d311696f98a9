#include "encode/sentence_words.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <string_view>

#include "base/utf8.hpp"
#include "normalize/utf8.hpp"

namespace tokenry::encode {

bool SentenceWords::fits(const UnigramSegmenter<SentencePieceScores>& inner) {
    return inner.cut_places() != UnigramCut::kNowhere && inner.knows_space();
}

SentenceWords::SentenceWords(const UnigramSegmenter<SentencePieceScores>& inner,
                             const WordChanges& changes)
    : inner_(inner), changes_(changes), scores_(inner.sums()) {
    for (const float score : scores_)
        magnitudes_.push_back(std::isnan(score) ? float(inner.unknown_magnitude()) : std::abs(score));
    // A run of unknown characters is one id; hold_together counts it by the bytes of the text.
    if (inner.options().unknown >= 0) magnitudes_[std::size_t(inner.options().unknown)] = 0;
    magnitudes_.insert(magnitudes_.end(), 2, std::numeric_limits<float>::infinity());
    scores_.insert(scores_.end(), 2, std::numeric_limits<float>::quiet_NaN());
}

std::optional<std::string_view> SentenceWords::normalized(Pretoken word, std::string& made) const {
    if (changes_.any() && changes_.stays(word)) return word.view();
    if (!base::is_ascii(word.text, word.size)) {
        const auto view = word.view();
        if (!normalize::is_utf8(view) || view.find(normalize::kSpaceMark) != view.npos) return {};
    }
    if (!changes_.any()) return word.view();
    made = changes_.changed(word);
    const bool open = inner_.cut_places() == UnigramCut::kBeforeSpaceRuns && made.ends_with(' ');
    if (open) return {};
    return made;
}

void SentenceWords::segment(const std::uint8_t* word, std::size_t size, Scratch& scratch,
                            std::vector<Id>& ids) const {
    const auto before = ids.size();
    std::string made;
    const auto text = normalized({word, size}, made);
    if (text && try_segment(*text, size, scratch, ids)) return;
    ids.resize(before);
    ids.push_back(text ? not_sure() : not_alone());
}

// A word that begins with a character that no piece has is mostly made of such, which stay together.
void SentenceWords::cut(Pretoken word, Buffer<std::uint32_t>& ends) const {
    if (inner_.begins_strange(word)) return;
    const auto cut = [&](Pretoken text, Buffer<std::uint32_t>& to) { inner_.cut_parts(text, to); };
    changes_.cut(word, ends, cut);
}

// Spaces tell where no piece crosses, also within what a word became.
template <class Use>
bool SentenceWords::each_part(std::string_view text, Use use) const {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    for (std::size_t begin = 0; begin < text.size();) {
        const auto end = inner_.word_end(bytes, begin, text.size());
        if (!use(bytes + begin, end - begin)) return false;
        begin = end;
    }
    return true;
}

bool SentenceWords::try_segment(std::string_view text, std::size_t raw, Scratch& scratch,
                                std::vector<Id>& ids) const {
    std::size_t unknowns = 0;
    const bool sure = each_part(text, [&](const std::uint8_t* part, std::size_t size) {
        const auto unknown = inner_.segment_alone(part, size, most_sum, scratch, ids);
        unknowns += unknown.value_or(0);
        return unknown.has_value();
    });
    return sure && unknowns <= raw / 2;
}

void SentenceWords::search(std::string_view text, float& sum, Scratch& scratch,
                           std::vector<Id>& ids) const {
    each_part(text, [&](const std::uint8_t* part, std::size_t size) {
        inner_.segment_behind(part, size, sum, scratch, ids);
        return true;
    });
}

// Unknown characters are half as many as bytes at most: try_segment sees to that. A hundredth is left
// for rounding.
bool SentenceWords::hold_together(std::span<const Id> ids, std::size_t bytes) const {
    const auto unknown = Id(inner_.options().unknown);
    float sum = 0;
    bool unknowns = false;
    for (const auto id : ids) {
        sum += magnitudes_[id];
        unknowns |= id == unknown;
    }
    return double(sum) + (unknowns ? double(bytes / 2) * inner_.unknown_magnitude() : 0) < 0.99 * most_sum;
}

// What the program has behind some ids; NaN where that takes a search, because an id does not tell
// its score or the sum grows too large on the way.
float SentenceWords::behind(std::span<const Id> ids, float sum) const {
    float largest = std::abs(sum);
    for (const auto id : ids) {
        sum += scores_[id];
        largest = std::max(largest, std::abs(sum));
    }
    return largest <= float(most_sum) ? sum : std::numeric_limits<float>::quiet_NaN();
}

// Most words have the ids that they have by themselves: runs of these are added up and copied at once.
std::optional<std::size_t> SentenceWords::put_together(const Words& words, const Id* ids,
                                                       const std::uint32_t* counts, float& sum,
                                                       Scratch& scratch, std::vector<Id>& text) const {
    constexpr std::size_t run = 32;
    std::string made;
    const Id* copied = ids;
    std::size_t searches = 0;
    for (std::size_t i = 0; i < words.count;) {
        const auto last = std::min(i + run, words.count);
        const auto count = std::accumulate(counts + i, counts + last, std::size_t{0});
        if (const auto after = behind({ids, count}, sum); !std::isnan(after)) {
            sum = after;
            ids += count;
            i = last;
            continue;
        }
        for (; i < last; ids += counts[i++]) {
            if (const auto after = behind({ids, counts[i]}, sum); !std::isnan(after)) {
                sum = after;
                continue;
            }
            const auto changed = ids[0] == not_alone() ? std::nullopt : normalized(words[i], made);
            if (!changed) return std::nullopt;
            ++searches;
            text.insert(text.end(), copied, ids);
            copied = ids + counts[i];
            search(*changed, sum, scratch, text);
        }
    }
    text.insert(text.end(), copied, ids);
    return searches;
}

}  // namespace tokenry::encode
