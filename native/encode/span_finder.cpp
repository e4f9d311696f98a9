#include "encode/span_finder.hpp"

#include <string>

#include "base/errors.hpp"
#include "encode/piece_table.hpp"

namespace tokenry::encode {
namespace {

// Where ids[first:] end in a pretoken, of which one may be of no width: it has what the others leave.
void append_ends(const Segmenter& segmenter, const std::vector<Id>& ids, std::size_t first,
                 std::size_t size, std::vector<std::uint32_t>& ends) {
    std::size_t known = 0;
    std::size_t open = 0;
    for (std::size_t i = first; i < ids.size(); ++i) {
        known += width_of(segmenter, ids[i]);
        open += width_of(segmenter, ids[i]) == 0;
    }
    if (open > 1 || known > size || (open == 0 && known != size && ids.size() > first))
        throw base::EncodeError("the widths of " + std::to_string(ids.size() - first) +
                                " ids do not tell where they end in a pretoken of " +
                                std::to_string(size) + " bytes");
    std::size_t end = 0;
    for (std::size_t i = first; i < ids.size(); ++i) {
        const std::uint32_t bytes = width_of(segmenter, ids[i]);
        end += bytes == 0 ? size - known : bytes;
        ends.push_back(static_cast<std::uint32_t>(end));
    }
}

}  // namespace

std::uint32_t width_of(const Segmenter& segmenter, Id id) {
    if (const SpanFinder* finder = segmenter.spans()) return finder->width(id);
    return segmenter.pieces().width(id);
}

void find_ends(const Segmenter& segmenter, Pretoken pretoken, Scratch& scratch,
               std::vector<Id>& ids, std::vector<std::uint32_t>& ends) {
    if (const SpanFinder* finder = segmenter.spans())
        return finder->segment_with_ends(pretoken.text, pretoken.size, scratch, ids, ends);
    const std::size_t first = ids.size();
    segmenter.segment(pretoken.text, pretoken.size, scratch, ids);
    append_ends(segmenter, ids, first, pretoken.size, ends);
}

std::size_t ignored_by(const Segmenter& segmenter, Pretoken pretoken) {
    const SpanFinder* finder = segmenter.spans();
    return finder ? finder->ignored(pretoken) : 0;
}

}  // namespace tokenry::encode
