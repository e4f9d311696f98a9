#include "encode/whole_words_segmenter.hpp"

#include <algorithm>
#include <string>

#include "base/errors.hpp"
#include "encode/characters.hpp"
#include "encode/space_search.hpp"

namespace tokenry::encode {

WholeWordsSegmenter::WholeWordsSegmenter(std::span<const std::uint8_t> bytes,
                                         std::span<const std::uint64_t> offsets, std::int64_t unknown,
                                         const std::array<std::int64_t, 256>& byte_ids)
    : table_(bytes, offsets),
      unknown_(unknown),
      byte_ids_(byte_ids),
      falls_back_(all_have_ids(byte_ids)),
      words_(table_, table_.size()) {
    for (const auto id : {unknown, *std::ranges::max_element(byte_ids)})
        if (id >= std::int64_t(table_.size()))
            throw base::VocabularyError("id " + std::to_string(id) + " is not in the vocabulary");
    for (Id id = Id(table_.size()); id-- > 0;)
        if (std::ranges::find(byte_ids, std::int64_t(id)) == byte_ids.end()) words_.add(id);
}

// Calls put(id, end) for each id; of words that are one, for each.
template <class Put>
void WholeWordsSegmenter::each(const std::uint8_t* text, std::size_t size, Put put) const {
    for (std::size_t begin = 0; begin < size;) {
        const std::size_t end = find_space(text, begin + 1, size);
        const Id id = words_.find(text + begin, end - begin);
        if (id != no_id) {
            put(id, end);
        } else if (falls_back_) {
            for (auto at = begin; at < end; ++at) put(Id(byte_ids_[text[at]]), at + 1);
        } else if (unknown_ < 0) {
            throw base::EncodeError("a word has no piece, and this vocabulary has no unknown id");
        } else {
            put(Id(unknown_), end);
        }
        begin = end;
    }
}

void WholeWordsSegmenter::segment(const std::uint8_t* pretoken, std::size_t size, Scratch&,
                                  std::vector<Id>& ids) const {
    const std::size_t first = ids.size();
    each(pretoken, size, [&](Id id, std::size_t) {
        const bool same = std::int64_t(id) == unknown_ && ids.size() > first && ids.back() == id;
        if (!same) ids.push_back(id);
    });
}

void WholeWordsSegmenter::segment_with_ends(const std::uint8_t* pretoken, std::size_t size, Scratch&,
                                            std::vector<Id>& ids,
                                            std::vector<std::uint32_t>& ends) const {
    const std::size_t first = ids.size();
    each(pretoken, size, [&](Id id, std::size_t end) {
        const bool same = std::int64_t(id) == unknown_ && ids.size() > first && ids.back() == id;
        if (same) {
            ends.back() = std::uint32_t(end);
        } else {
            ids.push_back(id);
            ends.push_back(std::uint32_t(end));
        }
    });
}

}  // namespace tokenry::encode
