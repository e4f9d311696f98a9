#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "base/errors.hpp"
#include "base/thread_pool.hpp"
#include "bindings/arrays.hpp"
#include "bindings/bindings.hpp"
#include "encode/bpe_segmenter.hpp"
#include "encode/engine.hpp"
#include "encode/rank_file.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace tokenry::bindings {

using namespace encode;

namespace {

BpeOptions bpe_options(const std::string& symbols, In<std::int64_t> byte_ids, bool byte_fallback,
                       std::int64_t unknown, bool fuse_unknown, bool whole_pretokens) {
    if (symbols != "bytes" && symbols != "characters")
        throw std::invalid_argument("symbols must be 'bytes' or 'characters', not '" + symbols + "'");
    if (byte_ids.size() != 256)
        throw std::invalid_argument("byte_ids needs 256 entries, not " +
                                    std::to_string(byte_ids.size()));
    BpeOptions options{.characters = symbols == "characters",
                       .byte_fallback = byte_fallback,
                       .unknown = unknown,
                       .fuse_unknown = fuse_unknown,
                       .whole_pretokens = whole_pretokens};
    std::copy_n(byte_ids.data(), 256, options.byte_ids.begin());
    return options;
}

using MergeArray = nb::ndarray<const std::uint32_t, nb::shape<-1, 3>, nb::c_contig, nb::device::cpu>;

std::span<const Merge> merges_of(const MergeArray& array) {
    static_assert(sizeof(Merge) == 3 * sizeof(std::uint32_t));
    return {reinterpret_cast<const Merge*>(array.data()), array.shape(0)};
}

nb::object merges_of(const BpeSegmenter& segmenter) {
    base::Buffer<std::uint32_t> triples;
    for (const Merge& merge : segmenter.merges()) triples.append(&merge.left, 3);
    return nb::cast(to_rows<3>(triples));
}

BpeSegmenter* segmenter_of_ranks(nb::bytes pieces, In<std::uint64_t> offsets, In<std::uint32_t> ranks,
                                 const std::string& symbols, In<std::int64_t> byte_ids,
                                 bool byte_fallback, std::int64_t unknown, bool fuse_unknown,
                                 bool whole_pretokens) {
    const BpeOptions options =
        bpe_options(symbols, byte_ids, byte_fallback, unknown, fuse_unknown, whole_pretokens);
    nb::gil_scoped_release release;
    return new BpeSegmenter(view(pieces), view(offsets), view(ranks), options);
}

nb::object rank_file(nb::bytes data) {
    RankFile file;
    {
        nb::gil_scoped_release release;
        if (!read_rank_file(view(data), file)) return nb::none();
    }
    return nb::make_tuple(nb::bytes(file.pieces.data(), file.pieces.size()),
                          to_array(file.offsets), to_array(file.ranks));
}

const PieceTable& pieces_of(const Engine& engine) {
    if (const PieceTable* pieces = engine.segmenter().pieces()) return *pieces;
    throw std::invalid_argument("this segmenter does not know the bytes of its ids");
}

nb::bytes uninitialised_bytes(std::size_t size) {
    PyObject* bytes = PyBytes_FromStringAndSize(nullptr, static_cast<Py_ssize_t>(size));
    if (bytes == nullptr) nb::raise_python_error();
    return nb::steal<nb::bytes>(bytes);
}

std::uint8_t* data_of(const nb::bytes& bytes) {
    return reinterpret_cast<std::uint8_t*>(PyBytes_AS_STRING(bytes.ptr()));
}

nb::bytes decode(const PieceTable& pieces, std::span<const Id> ids) {
    std::size_t size = 0;
    {
        nb::gil_scoped_release release;
        size = pieces.decoded_size(ids);
    }
    nb::bytes bytes = uninitialised_bytes(size);
    std::uint8_t* out = data_of(bytes);
    {
        nb::gil_scoped_release release;
        pieces.decode_exactly(ids, out);
    }
    return bytes;
}

void check_offsets(std::span<const std::uint64_t> offsets, std::size_t size) {
    if (offsets.empty() || !std::is_sorted(offsets.begin(), offsets.end()) || offsets.back() > size)
        throw std::invalid_argument("offsets must ascend and end at most at the number of ids, " +
                                    std::to_string(size));
}

nb::list decode_batch(const Engine& engine, In<Id> ids, In<std::uint64_t> offsets,
                      unsigned threads) {
    check_offsets(view(offsets), ids.size());
    const PieceTable& pieces = pieces_of(engine);
    const std::size_t count = offsets.size() - 1;
    const auto row = [&](std::size_t i) {
        return view(ids).subspan(offsets.data()[i], offsets.data()[i + 1] - offsets.data()[i]);
    };
    constexpr std::size_t rows_a_task = 64;
    const auto for_each_row = [&](const auto& work) {
        nb::gil_scoped_release release;
        base::parallel_for((count + rows_a_task - 1) / rows_a_task, threads, [&](std::size_t task) {
            const std::size_t last = std::min(count, (task + 1) * rows_a_task);
            for (std::size_t i = task * rows_a_task; i < last; ++i) work(i);
        });
    };
    std::vector<std::size_t> sizes(count);
    for_each_row([&](std::size_t i) { sizes[i] = pieces.decoded_size(row(i)); });
    std::vector<std::uint8_t*> outs(count);
    nb::list texts;
    for (std::size_t i = 0; i < count; ++i) {
        const nb::bytes bytes = uninitialised_bytes(sizes[i]);
        outs[i] = data_of(bytes);
        texts.append(bytes);
    }
    for_each_row([&](std::size_t i) { pieces.decode_exactly(row(i), outs[i]); });
    return texts;
}

std::vector<Stretch> stretches_of(std::span<const std::uint64_t> starts,
                                  std::span<const std::uint64_t> ends, std::size_t size) {
    if (starts.size() != ends.size())
        throw std::invalid_argument(std::to_string(starts.size()) + " starts do not match " +
                                    std::to_string(ends.size()) + " ends");
    std::vector<Stretch> stretches;
    stretches.reserve(starts.size());
    for (std::size_t i = 0; i < starts.size(); ++i) {
        if (starts[i] > ends[i] || ends[i] > size || ends[i] - starts[i] >= (1ull << 31))
            throw std::invalid_argument("pretoken " + std::to_string(i) + " from " +
                                        std::to_string(starts[i]) + " to " + std::to_string(ends[i]) +
                                        " does not lie in a text of " + std::to_string(size) +
                                        " bytes or has 2^31 bytes or more");
        stretches.push_back({starts[i], ends[i]});
    }
    return stretches;
}

// Our exceptions become the errors of tokenry.errors, which are ValueErrors too.
void raise_ours(const std::exception_ptr& exception, void*) {
    const auto raise = [](const char* name, const char* message) {
        PyErr_SetString(nb::module_::import_("tokenry.errors").attr(name).ptr(), message);
    };
    try {
        std::rethrow_exception(exception);
    } catch (const base::VocabularyError& error) {
        raise("VocabularyError", error.what());
    } catch (const base::EncodeError& error) {
        raise("EncodeError", error.what());
    }
}

void bind_engine(nb::module_& m) {
    nb::class_<Engine>(m, "Engine")
        .def(
            "__init__",
            [](Engine* self, const Segmenter& segmenter, const split::Splitter& splitter,
               std::optional<std::size_t> cache_bytes) {
                new (self) Engine(segmenter, splitter, cache_bytes.value_or(default_cache_bytes()));
            },
            "segmenter"_a, "splitter"_a, nb::kw_only(), "cache_bytes"_a = nb::none(),
            nb::keep_alive<1, 2>(), nb::keep_alive<1, 3>())
        .def(
            "encode",
            [](const Engine& self, nb::handle data, const normalize::Normalizer* normalizer) {
                const Text text = text_of(data);
                base::Buffer<Id> ids;
                {
                    nb::gil_scoped_release release;
                    self.encode(text, ids, normalizer);
                }
                return to_array(ids);
            },
            "data"_a, "normalizer"_a = nb::none())
        .def(
            "count",
            [](const Engine& self, nb::handle data, const normalize::Normalizer* normalizer) {
                const Text text = text_of(data);
                nb::gil_scoped_release release;
                return self.count(text, normalizer);
            },
            "data"_a, "normalizer"_a = nb::none())
        .def(
            "encode_spans",
            [](const Engine& self, nb::handle data) {
                const Text text = text_of(data);
                base::Buffer<Id> ids;
                base::Buffer<std::int64_t> spans;
                {
                    nb::gil_scoped_release release;
                    self.encode_spans(text, ids, spans);
                }
                return nb::make_tuple(to_array(ids), to_rows<2>(spans));
            },
            "data"_a)
        .def(
            "encode_batch",
            [](const Engine& self, nb::handle texts, unsigned threads,
               const normalize::Normalizer* normalizer) {
                const Texts held(texts);
                base::Buffer<Id> ids;
                base::Buffer<std::uint64_t> offsets;
                offsets.reserve_more(held.views.size() + 1);
                offsets.set_size(held.views.size() + 1);
                {
                    nb::gil_scoped_release release;
                    self.encode_batch(held.views, threads, ids, offsets.data(), normalizer);
                }
                return nb::make_tuple(to_array(ids), to_array(offsets));
            },
            "texts"_a, "threads"_a = 1, "normalizer"_a = nb::none())
        .def(
            "count_batch",
            [](const Engine& self, nb::handle texts, unsigned threads,
               const normalize::Normalizer* normalizer) {
                const Texts held(texts);
                base::Buffer<std::uint64_t> counts;
                counts.reserve_more(held.views.size());
                counts.set_size(held.views.size());
                {
                    nb::gil_scoped_release release;
                    self.count_batch(held.views, threads, counts.data(), normalizer);
                }
                return to_array(counts);
            },
            "texts"_a, "threads"_a = 1, "normalizer"_a = nb::none())
        .def(
            "encode_ranges",
            [](const Engine& self, nb::bytes data, In<std::uint64_t> starts,
               In<std::uint64_t> ends) {
                const std::vector<Stretch> stretches =
                    stretches_of(view(starts), view(ends), data.size());
                base::Buffer<Id> ids;
                base::Buffer<std::uint64_t> offsets;
                offsets.push(0);
                {
                    nb::gil_scoped_release release;
                    self.encode_stretches(view(data), stretches, ids, offsets);
                }
                return nb::make_tuple(to_array(ids), to_array(offsets));
            },
            "data"_a, "starts"_a, "ends"_a)
        .def(
            "decode",
            [](const Engine& self, In<Id> ids) { return decode(pieces_of(self), view(ids)); },
            "ids"_a)
        .def("decode_batch", decode_batch, "ids"_a, "offsets"_a, "threads"_a = 1)
        .def("clear_cache", &Engine::clear_cache)
        .def("stats", [](const Engine& self) { return to_dict(self.stats()); });
}

}  // namespace

void bind_encode(nb::module_& m) {
    nb::register_exception_translator(raise_ours);
    nb::class_<Segmenter>(m, "Segmenter");
    nb::class_<BpeSegmenter, Segmenter>(m, "BpeSegmenter")
        .def(
            "__init__",
            [](BpeSegmenter* self, nb::bytes pieces, In<std::uint64_t> offsets, MergeArray merges,
               In<std::uint32_t> ranks, const std::string& symbols, In<std::int64_t> byte_ids,
               bool byte_fallback, std::int64_t unknown, bool fuse_unknown, bool whole_pretokens) {
                const BpeOptions options = bpe_options(symbols, byte_ids, byte_fallback, unknown,
                                                       fuse_unknown, whole_pretokens);
                nb::gil_scoped_release release;
                new (self) BpeSegmenter(view(pieces), view(offsets), merges_of(merges), view(ranks),
                                        options);
            },
            nb::kw_only(), "pieces"_a, "offsets"_a, "merges"_a, "ranks"_a, "symbols"_a = "bytes",
            "byte_ids"_a, "byte_fallback"_a = false, "unknown"_a = -1, "fuse_unknown"_a = false,
            "whole_pretokens"_a = false)
        .def_static("from_ranks", segmenter_of_ranks, nb::kw_only(), "pieces"_a, "offsets"_a,
                    "ranks"_a, "symbols"_a = "bytes", "byte_ids"_a, "byte_fallback"_a = false,
                    "unknown"_a = -1, "fuse_unknown"_a = false, "whole_pretokens"_a = false)
        .def("merges", [](const BpeSegmenter& self) { return merges_of(self); });
    m.def("read_rank_file", rank_file, "data"_a);
    m.def("default_threads", &base::default_threads);
    m.def("default_cache_bytes", &default_cache_bytes);
    bind_engine(m);
}

}  // namespace tokenry::bindings
