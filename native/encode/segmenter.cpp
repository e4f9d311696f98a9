#include "encode/segmenter.hpp"

namespace tokenry::encode {

void Segmenter::segment_many(std::span<const Pretoken> pretokens, Scratch& scratch,
                             std::vector<Id>& ids, std::uint32_t* counts) const {
    for (std::size_t i = 0; i < pretokens.size(); ++i) {
        const std::size_t before = ids.size();
        segment(pretokens[i].text, pretokens[i].size, scratch, ids);
        counts[i] = static_cast<std::uint32_t>(ids.size() - before);
    }
}

}  // namespace tokenry::encode
