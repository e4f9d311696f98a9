#include "encode/continuation_segmenter.hpp"

#include <string>
#include <string_view>
#include <unordered_set>

#include "base/errors.hpp"

namespace tokenry::encode {
namespace {

base::DoubleArray trie_of(const PieceTable& table, std::span<const bool> continues, bool kind) {
    if (continues.size() != table.size())
        throw base::VocabularyError("there must be one mark of continuation for each piece");
    std::unordered_set<std::string_view> found;
    std::vector<base::DoubleArray::Entry> entries;
    bool single[256] = {};
    for (Id id = 0; id < table.size(); ++id) {
        if (continues[id] != kind || table.width(id) == 0) continue;
        const std::uint8_t* data = table.data(id);
        const std::string_view piece(reinterpret_cast<const char*>(data), table.width(id));
        if (piece.size() == 1) single[data[0]] = true;
        if (found.insert(piece).second) entries.push_back({piece, id});
    }
    for (std::size_t byte = 0; byte < 256; ++byte)
        if (!single[byte])
            throw base::VocabularyError("byte " + std::to_string(byte) + " has no piece that " +
                                        (kind ? "continues" : "starts") + " a pretoken");
    return base::DoubleArray(std::move(entries));
}

}  // namespace

ContinuationSegmenter::ContinuationSegmenter(std::span<const std::uint8_t> bytes,
                                             std::span<const std::uint64_t> offsets,
                                             std::span<const bool> continues)
    : table_(bytes, offsets),
      starting_(trie_of(table_, continues, false)),
      continuing_(trie_of(table_, continues, true)) {}

void ContinuationSegmenter::segment(const std::uint8_t* pretoken, std::size_t size, Scratch&,
                                    std::vector<Id>& ids) const {
    for (std::size_t at = 0; at < size;) {
        const base::DoubleArray& trie = at == 0 ? starting_ : continuing_;
        std::uint32_t id = 0;
        at += trie.longest(pretoken + at, size - at, id);
        ids.push_back(id);
    }
}

}  // namespace tokenry::encode
