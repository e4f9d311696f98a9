#include "encode/segmenter.hpp"

#include <algorithm>
#include <string>

#include "base/errors.hpp"

namespace tokenry::encode {

void Segmenter::segment_many(std::span<const Pretoken> pretokens, Scratch& scratch,
                             std::vector<Id>& ids, std::uint32_t* counts) const {
    for (std::size_t i = 0; i < pretokens.size(); ++i) {
        const std::size_t before = ids.size();
        segment(pretokens[i].text, pretokens[i].size, scratch, ids);
        counts[i] = static_cast<std::uint32_t>(ids.size() - before);
    }
}

void Segmenter::cut(Pretoken, Buffer<std::uint32_t>&) const {}

void Segmenter::segment_with_ends(const std::uint8_t* pretoken, std::size_t size, Scratch& scratch,
                                  std::vector<Id>& ids, std::vector<std::uint32_t>& ends) const {
    const std::size_t first = ids.size();
    segment(pretoken, size, scratch, ids);
    std::size_t known = 0;
    std::size_t open = 0;
    for (std::size_t i = first; i < ids.size(); ++i) {
        known += width(ids[i]);
        open += width(ids[i]) == 0;
    }
    if (open > 1 || known > size || (open == 0 && known != size && ids.size() > first))
        throw base::EncodeError("the widths of " + std::to_string(ids.size() - first) +
                                " ids do not tell where they end in a pretoken of " +
                                std::to_string(size) + " bytes");
    std::size_t end = 0;
    for (std::size_t i = first; i < ids.size(); ++i) {
        const std::uint32_t bytes = width(ids[i]);
        end += bytes == 0 ? size - known : bytes;
        ends.push_back(static_cast<std::uint32_t>(end));
    }
}

}  // namespace tokenry::encode
