#include "encode/renamed_segmenter.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "base/errors.hpp"

namespace tokenry::encode {
namespace {

struct RenamedScratch final : Scratch {
    explicit RenamedScratch(std::unique_ptr<Scratch> of_inner) : inner(std::move(of_inner)) {}
    std::size_t cache_bytes() const override { return inner->cache_bytes(); }

    std::unique_ptr<Scratch> inner;
    std::vector<std::uint32_t> ends;
};

}  // namespace

RenamedSegmenter::RenamedSegmenter(const Segmenter& inner, std::span<const Id> ids,
                                   std::int64_t inner_unknown, std::int64_t unknown, bool looks_up,
                                   PieceTable pieces)
    : inner_(inner), ids_(ids.begin(), ids.end()), unknown_(Id(unknown)), pieces_(std::move(pieces)) {
    if (ids_.size() < inner.pieces().size())
        throw base::VocabularyError("there are " + std::to_string(ids_.size()) + " ids for " +
                                    std::to_string(inner.pieces().size()) + " pieces");
    if (unknown < 0 || std::size_t(unknown) >= pieces_.size())
        throw base::VocabularyError("the unknown id is not in the vocabulary");
    for (const Id id : ids_)
        if (id >= pieces_.size())
            throw base::VocabularyError("id " + std::to_string(id) + " is not in the vocabulary");
    if (inner_unknown >= 0) inner_unknown_ = Id(inner_unknown);
    for (Id id = 0; looks_up && id < pieces_.size(); ++id)
        if (const auto width = pieces_.width(id))
            by_text_[{reinterpret_cast<const char*>(pieces_.data(id)), width}] = id;
}

std::unique_ptr<Scratch> RenamedSegmenter::make_scratch() const {
    return std::make_unique<RenamedScratch>(inner_.make_scratch());
}

Caching RenamedSegmenter::caching() const {
    const auto inner = inner_.caching();
    return {.ids_per_byte = inner.ids_per_byte, .remembers = inner.remembers};
}

Id RenamedSegmenter::renamed(Id id, std::string_view text) const {
    if (id != inner_unknown_) return ids_[id];
    const auto found = by_text_.find(text);
    return found == by_text_.end() ? unknown_ : found->second;
}

void RenamedSegmenter::segment(const std::uint8_t* pretoken, std::size_t size, Scratch& scratch,
                               std::vector<Id>& ids) const {
    auto& own = static_cast<RenamedScratch&>(scratch);
    const auto before = std::ptrdiff_t(ids.size());
    inner_.segment(pretoken, size, *own.inner, ids);
    const auto first = ids.begin() + before;
    const bool strange = inner_unknown_ && std::find(first, ids.end(), *inner_unknown_) != ids.end();
    if (strange && !by_text_.empty()) {
        ids.resize(std::size_t(before));
        own.ends.clear();
        return segment_with_ends(pretoken, size, scratch, ids, own.ends);
    }
    for (auto id = first; id != ids.end(); ++id) *id = renamed(*id, {});
}

void RenamedSegmenter::segment_with_ends(const std::uint8_t* pretoken, std::size_t size,
                                         Scratch& scratch, std::vector<Id>& ids,
                                         std::vector<std::uint32_t>& ends) const {
    auto& own = static_cast<RenamedScratch&>(scratch);
    const auto before = ids.size(), ends_before = ends.size();
    find_ends(inner_, {pretoken, size}, *own.inner, ids, ends);
    std::size_t begin = ignored_by(inner_, {pretoken, size});
    for (std::size_t i = 0; before + i < ids.size(); ++i) {
        const std::size_t end = ends[ends_before + i];
        const auto* text = reinterpret_cast<const char*>(pretoken) + begin;
        ids[before + i] = renamed(ids[before + i], {text, end - begin});
        begin = end;
    }
}

}  // namespace tokenry::encode
