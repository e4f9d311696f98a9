// What learning takes of a vocabulary.
#pragma once
#include <string_view>
#include <vector>

#include "bindings/arrays.hpp"
#include "learn/merge_list.hpp"
#include "learn/symbol_text.hpp"

namespace tokenry::bindings {

using MergeRows = nb::ndarray<const std::uint32_t, nb::ndim<2>, nb::c_contig, nb::device::cpu>;

inline learn::Pieces pieces_of(const nb::bytes& data, const In<std::uint64_t>& offsets) {
    check_offsets(view(offsets), data.size());
    const Text bytes = view(data);
    learn::Pieces pieces;
    pieces.bytes.assign(bytes.begin(), bytes.end());
    pieces.offsets.assign(offsets.data(), offsets.data() + offsets.size());
    return pieces;
}

inline std::vector<std::string_view> unpack(const nb::bytes& data,
                                            const In<std::uint64_t>& offsets) {
    const auto ends = view(offsets);
    check_offsets(ends, data.size());
    std::vector<std::string_view> pieces;
    for (std::size_t i = 0; i + 1 < ends.size(); ++i)
        pieces.push_back(characters(data).substr(ends[i], ends[i + 1] - ends[i]));
    return pieces;
}

inline learn::ByteIds byte_ids_of(const In<std::int64_t>& ids, const learn::Pieces& pieces) {
    const learn::ByteIds byte_ids = to_fixed<256>(view(ids), "byte_ids");
    for (const std::int64_t id : byte_ids)
        if (id >= static_cast<std::int64_t>(pieces.count()))
            throw nb::value_error("byte_ids names an id without a piece");
    return byte_ids;
}

inline learn::MergeList merges_of(const MergeRows& merges, const learn::Pieces& pieces) {
    if (merges.shape(0) > 0 && merges.shape(1) != 3)
        throw nb::value_error("merges must have three columns: left, right, made");
    for (std::size_t i = 0; i < merges.size(); ++i)
        if (merges.data()[i] >= pieces.count())
            throw nb::value_error("merges name an id without a piece");
    return learn::MergeList(merges.data(), merges.shape(0));
}

}  // namespace tokenry::bindings
