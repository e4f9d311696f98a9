// Python's view of byte-pair segmenters and of the rank files that they are read from.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#include "bindings/arrays.hpp"
#include "bindings/names.hpp"
#include "encode/bpe_segmenter.hpp"
#include "encode/rank_file.hpp"
#include "encode/superword_segmenter.hpp"

namespace tokenry::bindings {

using namespace encode;

namespace {

constexpr Name<bool> kSymbols[] = {{"bytes", false}, {"characters", true}};

BpeOptions bpe_options(const std::string& symbols, In<std::int64_t> byte_ids, bool byte_fallback,
                       std::int64_t unknown, bool fuse_unknown, bool whole_pretokens) {
    return {.characters = value_of(symbols, "symbols", kSymbols),
            .byte_ids = to_fixed<256>(view(byte_ids), "byte_ids"),
            .byte_fallback = byte_fallback,
            .unknown = unknown,
            .fuse_unknown = fuse_unknown,
            .whole_pretokens = whole_pretokens};
}

using MergeRows = InRows<std::uint32_t, 3>;
static_assert(sizeof(Merge) == 3 * sizeof(std::uint32_t));

std::span<const Merge> merges_of(const MergeRows& rows) {
    return {reinterpret_cast<const Merge*>(rows.data()), rows.shape(0)};
}

auto rows_of(const std::vector<Merge>& merges) {
    Buffer<std::uint32_t> values;
    for (const Merge& merge : merges) values.append(&merge.left, 3);
    return to_rows<3>(std::move(values));
}

BpeSegmenter* segmenter_of_ranks(nb::bytes pieces, In<std::uint64_t> offsets,
                                 In<std::uint32_t> ranks, const std::string& symbols,
                                 In<std::int64_t> byte_ids, bool byte_fallback,
                                 std::int64_t unknown, bool fuse_unknown, bool whole_pretokens) {
    const BpeOptions options =
        bpe_options(symbols, byte_ids, byte_fallback, unknown, fuse_unknown, whole_pretokens);
    return unlocked([&, pieces = view(pieces)] {
        return new BpeSegmenter(pieces, view(offsets), view(ranks), options);
    });
}

nb::object rank_file(nb::bytes data) {
    RankFile file;
    if (!unlocked([&, text = view(data)] { return read_rank_file(text, file); }))
        return nb::none();
    return nb::make_tuple(nb::bytes(file.pieces.data(), file.pieces.size()),
                          to_array(std::move(file.offsets)), to_array(std::move(file.ranks)));
}

}  // namespace

void bind_bpe(nb::module_& m) {
    nb::class_<BpeSegmenter, Segmenter>(m, "BpeSegmenter")
        .def(
            "__init__",
            [](BpeSegmenter* self, nb::bytes pieces, In<std::uint64_t> offsets, MergeRows merges,
               In<std::uint32_t> ranks, const std::string& symbols, In<std::int64_t> byte_ids,
               bool byte_fallback, std::int64_t unknown, bool fuse_unknown, bool whole_pretokens) {
                const BpeOptions options = bpe_options(symbols, byte_ids, byte_fallback, unknown,
                                                       fuse_unknown, whole_pretokens);
                unlocked([&, pieces = view(pieces)] {
                    new (self) BpeSegmenter(pieces, view(offsets), merges_of(merges), view(ranks),
                                            options);
                });
            },
            nb::kw_only(), "pieces"_a, "offsets"_a, "merges"_a, "ranks"_a, "symbols"_a = "bytes",
            "byte_ids"_a, "byte_fallback"_a = false, "unknown"_a = -1, "fuse_unknown"_a = false,
            "whole_pretokens"_a = false)
        .def_static("from_ranks", &segmenter_of_ranks, nb::kw_only(), "pieces"_a, "offsets"_a,
                    "ranks"_a, "symbols"_a = "bytes", "byte_ids"_a, "byte_fallback"_a = false,
                    "unknown"_a = -1, "fuse_unknown"_a = false, "whole_pretokens"_a = false)
        .def("merges", [](const BpeSegmenter& self) { return rows_of(self.merges()); });
    nb::class_<SuperwordSegmenter, Segmenter>(m, "SuperwordSegmenter");
    m.def(
        "superword_segmenter",
        [](const BpeSegmenter& whole, std::optional<std::uint32_t> order) {
            return unlocked([&] {
                return (order ? SuperwordSegmenter::of(whole, *order) : SuperwordSegmenter::of(whole)).release();
            });
        },
        "whole"_a, "order"_a = nb::none(), nb::keep_alive<0, 1>(), nb::rv_policy::take_ownership);
    m.def("read_rank_file", &rank_file, "data"_a);
}

}  // namespace tokenry::bindings
