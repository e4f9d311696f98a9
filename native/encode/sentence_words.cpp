#include "encode/sentence_words.hpp"

#include <limits>
#include <string>
#include <string_view>

#include "encode/space_search.hpp"
#include "normalize/utf8.hpp"

namespace tokenry {
namespace {

bool ascii(std::string_view text) {
    std::uint8_t all = 0;
    for (const char byte : text) all |= std::uint8_t(byte);
    return all < 0x80;
}

}  // namespace

bool SentenceWords::fits(const UnigramSegmenter<SentencePieceScores>& inner) {
    return inner.cut() != UnigramCut::kNowhere && inner.knows_space();
}

SentenceWords::SentenceWords(const UnigramSegmenter<SentencePieceScores>& inner,
                           const Normalizer* normalizer, std::size_t growth)
    : inner_(inner), normalizer_(normalizer), growth_(growth), magnitudes_(inner.magnitudes()) {
    // A run of unknown characters is one id; hold_together counts it by the bytes of the text.
    if (inner.options().unknown >= 0) magnitudes_[std::size_t(inner.options().unknown)] = 0;
    magnitudes_.push_back(std::numeric_limits<float>::infinity());
}

void SentenceWords::segment(const std::uint8_t* word, std::size_t size, Scratch& scratch,
                           std::vector<Id>& ids) const {
    const std::string_view raw{reinterpret_cast<const char*>(word), size};
    const auto before = ids.size();
    bool alone = ascii(raw) || (is_utf8(raw) && raw.find(kSpaceMark) == raw.npos);
    if (alone && normalizer_)
        alone = try_segment(normalizer_->normalize(raw), size, scratch, ids);
    else if (alone)
        alone = try_segment(raw, size, scratch, ids);
    if (alone) return;
    ids.resize(before);
    ids.push_back(Id(magnitudes_.size() - 1));
}

// Spaces tell where no piece crosses, also within what a word of `raw` bytes became.
bool SentenceWords::try_segment(std::string_view text, std::size_t raw, Scratch& scratch,
                               std::vector<Id>& ids) const {
    const bool runs = inner_.cut() == UnigramCut::kBeforeSpaceRuns;
    if (runs && !text.empty() && text.back() == ' ') return false;
    std::size_t unknowns = 0;
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    for (std::size_t begin = 0; begin < text.size();) {
        auto from = begin + 1;
        while (runs && from < text.size() && text[from - 1] == ' ' && text[from] == ' ') ++from;
        const auto end = find_space(bytes, from, text.size());
        const auto size = end - begin;
        const auto unknown = inner_.segment_alone(bytes + begin, size, most_sum, scratch, ids);
        if (!unknown) return false;
        unknowns += *unknown;
        begin = end;
    }
    return unknowns <= raw / 2;
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

}  // namespace tokenry
