#include "encode/longest_segmenter.hpp"

#include <string>
#include <string_view>
#include <unordered_map>

#include "base/errors.hpp"

namespace tokenry::encode {
namespace {

base::DoubleArray trie_of(const PieceTable& table) {
    std::unordered_map<std::string_view, std::uint32_t> found;
    std::vector<base::DoubleArray::Entry> entries;
    bool single[256] = {};
    for (Id id = 0; id < table.size(); ++id) {
        const std::uint8_t* data = table.data(id);
        const std::string_view piece(reinterpret_cast<const char*>(data), table.width(id));
        if (piece.size() == 1) single[data[0]] = true;
        if (!piece.empty() && found.emplace(piece, id).second) entries.push_back({piece, id});
    }
    for (std::size_t byte = 0; byte < 256; ++byte)
        if (!single[byte])
            throw base::VocabularyError("byte " + std::to_string(byte) +
                                        " has no piece; longest match needs one of each of 256");
    return base::DoubleArray(std::move(entries));
}

}  // namespace

LongestSegmenter::LongestSegmenter(std::span<const std::uint8_t> bytes,
                                   std::span<const std::uint64_t> offsets)
    : table_(bytes, offsets), trie_(trie_of(table_)) {}

void LongestSegmenter::segment(const std::uint8_t* pretoken, std::size_t size, Scratch&,
                               std::vector<Id>& ids) const {
    for (std::size_t at = 0; at < size;) {
        std::uint32_t id = 0;
        at += trie_.longest(pretoken + at, size - at, id);
        ids.push_back(id);
    }
}

}  // namespace tokenry::encode
