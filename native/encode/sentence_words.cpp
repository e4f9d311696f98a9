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
    constexpr auto infinite = std::numeric_limits<float>::infinity();
    for (const float score : scores_)
        magnitudes_.push_back(std::isnan(score) ? infinite : std::abs(score));
    falls_ = inner.unknown_score() <= 0 &&
             std::none_of(scores_.begin(), scores_.end(), [](float score) { return score > 0; });
    magnitudes_.resize(not_alone() + std::size_t{1}, infinite);
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
    if (text && try_segment(*text, scratch, ids)) return;
    ids.resize(before);
    ids.push_back(text ? not_sure() : not_alone());
}

// Words that spaces do not cut again are searched together.
void SentenceWords::segment_many(std::span<const Pretoken> words, Scratch& scratch,
                                 std::vector<Id>& ids, std::uint32_t* counts) const {
    static_assert(most_sum <= UnigramSegmenter<SentencePieceScores>::most_before_batch);
    if (!inner_.has_batches()) return Segmenter::segment_many(words, scratch, ids, counts);
    std::string made;
    const auto text_of = [&](std::size_t i) -> std::string_view {
        const auto text = normalized(words[i], made);
        if (!text || text->empty()) return {};
        const auto* bytes = reinterpret_cast<const std::uint8_t*>(text->data());
        return inner_.word_end(bytes, 0, text->size()) == text->size() ? *text : std::string_view();
    };
    const auto one_by_one = [&](std::size_t i) { segment(words[i].text, words[i].size, scratch, ids); };
    const auto unknown = [&](std::size_t count) { return inner_.run_of_unknown(count); };
    inner_.segment_together(words.size(), text_of, one_by_one, unknown, scratch, ids, counts);
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

bool SentenceWords::try_segment(std::string_view text, Scratch& scratch,
                                std::vector<Id>& ids) const {
    return each_part(text, [&](const std::uint8_t* part, std::size_t size) {
        return inner_.segment_alone(part, size, most_sum, scratch, ids);
    });
}

void SentenceWords::search(std::string_view text, float& sum, Scratch& scratch,
                           std::vector<Id>& ids) const {
    each_part(text, [&](const std::uint8_t* part, std::size_t size) {
        inner_.segment_behind(part, size, sum, scratch, ids);
        return true;
    });
}

// A hundredth is left for rounding.
bool SentenceWords::hold_together(std::span<const Id> ids) const {
    float sum = 0;
    for (const auto id : ids) sum += magnitudes_[id];
    return double(sum) < 0.99 * most_sum;
}

// What the program has behind some ids; NaN where that takes a search, because an id does not tell
// its score or the sum grows too large on the way.
float SentenceWords::behind(std::span<const Id> ids, float sum) const {
    constexpr auto unsure = std::numeric_limits<float>::quiet_NaN();
    const auto pieces = scores_.size();
    float largest = std::abs(sum);
    for (const auto id : ids) {
        if (id < pieces) [[likely]] {
            sum += scores_[id];
        } else {
            if (id == not_sure() || id == not_alone()) return unsure;
            for (auto left = id - pieces; left > 0; --left) sum += inner_.unknown_score();
        }
        if (!falls_) largest = std::max(largest, std::abs(sum));
    }
    largest = std::max(largest, std::abs(sum));
    return largest <= float(most_sum) ? sum : unsure;
}

// Appends ids of words; those of runs of unknown characters as they are in a text.
void SentenceWords::append(const Id* begin, const Id* end, std::vector<Id>& text) const {
    const auto before = text.size();
    text.insert(text.end(), begin, end);
    const auto pieces = static_cast<Id>(scores_.size());
    const auto unknown = static_cast<Id>(inner_.options().unknown);
    for (Id& id : std::span(text).subspan(before)) id = id < pieces ? id : unknown;
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
            append(copied, ids, text);
            copied = ids + counts[i];
            search(*changed, sum, scratch, text);
        }
    }
    append(copied, ids, text);
    return searches;
}

}  // namespace tokenry::encode
