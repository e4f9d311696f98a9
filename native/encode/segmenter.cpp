#include "encode/segmenter.hpp"

#include <numeric>

namespace tokenry::encode {

void Segmenter::segment_many(std::span<const Pretoken> pretokens, Scratch& scratch,
                             std::vector<Id>& ids, std::uint32_t* counts) const {
    for (std::size_t i = 0; i < pretokens.size(); ++i) {
        const std::size_t before = ids.size();
        segment(pretokens[i].text, pretokens[i].size, scratch, ids);
        counts[i] = static_cast<std::uint32_t>(ids.size() - before);
    }
}

void ManySegmenter::segment(const std::uint8_t* pretoken, std::size_t size, Scratch& scratch,
                            std::vector<Id>& ids) const {
    const Pretoken one{pretoken, size};
    std::uint32_t count;
    segment_many({&one, 1}, scratch, ids, &count);
}

void sum_counts(std::span<const std::size_t> numbers, const std::uint32_t* of_pretokens,
                std::uint32_t* of_words) {
    for (const std::size_t number : numbers) {
        *of_words++ = std::accumulate(of_pretokens, of_pretokens + number, 0u);
        of_pretokens += number;
    }
}

}  // namespace tokenry::encode
