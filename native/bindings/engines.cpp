// Python's view of the engines of encode/, and of threads.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <cstring>
#include <optional>

#include "base/errors.hpp"
#include "base/interrupts.hpp"
#include "base/thread_pool.hpp"
#include "bindings/arrays.hpp"
#include "bindings/lists.hpp"
#include "encode/engine.hpp"
#include "encode/local_engine.hpp"
#include "encode/piece_table.hpp"
#include "encode/token_finder.hpp"

namespace tokenry::bindings {

using namespace encode;
using normalize::Normalizer;

namespace {

// For a short text it takes longer to let others run than to be done: 0.1 us of a call's 0.7 us.
constexpr std::size_t short_text = 1024;

template <class Work>
auto unlocked_if_long(std::size_t size, Work work) {
    return size <= short_text ? work() : unlocked(work);
}

PyObject* imported(const char* module, const char* name) {
    return nb::object(nb::module_::import_(module).attr(name)).release().ptr();
}

// An array of numpy's own, of `count` values that nobody has set; null where it fails.
PyObject* new_array(std::size_t count) {
    static PyObject* const empty = imported("numpy", "empty");
    static PyObject* const type = imported("numpy", "uint32");
    PyObject* given[] = {PyLong_FromSize_t(count), type};
    PyObject* array = given[0] ? PyObject_Vectorcall(empty, given, 2, nullptr) : nullptr;
    Py_XDECREF(given[0]);
    return array;
}

// A numpy array. Around our memory it takes 0.7 us to make one, which counts where ids are few.
nb::object array_of(Buffer<Id>&& ids) {
    constexpr std::size_t few = 4096;
    if (ids.size() > few) return nb::cast(to_array(std::move(ids)));
    const nb::object array = nb::steal(new_array(ids.size()));
    Py_buffer memory;
    if (!array || PyObject_GetBuffer(array.ptr(), &memory, PyBUF_WRITABLE) != 0) nb::raise_python_error();
    if (ids.size() > 0) std::memcpy(memory.buf, ids.data(), ids.size() * sizeof(Id));
    PyBuffer_Release(&memory);
    return array;
}

Buffer<Id> ids_of(const Engine& engine, nb::handle data, const Normalizer* normalizer,
                  const TokenFinder* tokens, Share share) {
    Buffer<Id> ids;
    const Text text = text_of(data);
    unlocked_if_long(text.size(), [&] { engine.encode(text, ids, normalizer, tokens, share); });
    return ids;
}

nb::object encode(const Engine& engine, nb::handle data, const Normalizer* normalizer,
                  const TokenFinder* tokens, unsigned threads, std::size_t stretch) {
    return array_of(ids_of(engine, data, normalizer, tokens, {threads, stretch}));
}

nb::list encode_list(const Engine& engine, nb::handle data, const Normalizer* normalizer,
                     const TokenFinder* tokens, unsigned threads, std::size_t stretch) {
    return list_of(ids_of(engine, data, normalizer, tokens, {threads, stretch}));
}

// What `Engine.encode` and `encode_list` do with these arguments, on one thread.
struct EngineCall {
    const Engine& engine;
    const Normalizer* normalizer;
    const TokenFinder* tokens;

    Buffer<Id> ids(nb::handle data) const { return ids_of(engine, data, normalizer, tokens, {}); }
};

std::uint64_t count(const Engine& engine, nb::handle data, const Normalizer* normalizer) {
    return unlocked([&, text = text_of(data)] { return engine.count(text, normalizer); });
}

nb::tuple encode_spans(const Engine& engine, nb::handle data) {
    Buffer<Id> ids;
    Buffer<std::int64_t> spans;
    unlocked([&, text = text_of(data)] { engine.encode_spans(text, ids, spans); });
    return nb::make_tuple(to_array(std::move(ids)), to_rows<2>(std::move(spans)));
}

nb::tuple encode_batch(const Engine& engine, nb::handle texts, unsigned threads,
                       const Normalizer* normalizer, const TokenFinder* tokens) {
    const Texts held(texts);
    Buffer<Id> ids;
    auto offsets = room_for<std::uint64_t>(held.views.size() + 1);
    unlocked([&] {
        engine.encode_batch(held.views, threads, ids, offsets.data(), normalizer, tokens);
    });
    return nb::make_tuple(to_array(std::move(ids)), to_array(std::move(offsets)));
}

auto count_batch(const Engine& engine, nb::handle texts, unsigned threads,
                 const Normalizer* normalizer) {
    const Texts held(texts);
    auto counts = room_for<std::uint64_t>(held.views.size());
    unlocked([&] { engine.count_batch(held.views, threads, counts.data(), normalizer); });
    return to_array(std::move(counts));
}

nb::tuple encode_ranges(const Engine& engine, nb::bytes data, In<std::uint64_t> starts,
                        In<std::uint64_t> ends) {
    check_ranges(view(starts), view(ends), data.size());
    std::vector<Range> ranges;
    ranges.reserve(starts.size());
    for (std::size_t i = 0; i < starts.size(); ++i)
        ranges.push_back({view(starts)[i], view(ends)[i]});
    Buffer<Id> ids;
    Buffer<std::uint64_t> offsets;
    offsets.push(0);
    unlocked([&, text = view(data)] { engine.encode_ranges(text, ranges, ids, offsets); });
    return nb::make_tuple(to_array(std::move(ids)), to_array(std::move(offsets)));
}

nb::bytes uninitialised_bytes(std::size_t size) {
    PyObject* bytes = PyBytes_FromStringAndSize(nullptr, static_cast<Py_ssize_t>(size));
    if (bytes == nullptr) nb::raise_python_error();
    return nb::steal<nb::bytes>(bytes);
}

std::uint8_t* data_of(const nb::bytes& bytes) {
    return reinterpret_cast<std::uint8_t*>(PyBytes_AS_STRING(bytes.ptr()));
}

nb::bytes decode(const Engine& engine, In<Id> ids) {
    const PieceTable& pieces = engine.segmenter().pieces();
    const nb::bytes bytes =
        uninitialised_bytes(unlocked([&] { return pieces.decoded_size(view(ids)); }));
    unlocked([&, out = data_of(bytes)] { pieces.decode_exactly(view(ids), out); });
    return bytes;
}

nb::list decode_batch(const Engine& engine, In<Id> ids, In<std::uint64_t> offsets,
                      unsigned threads) {
    const auto ends = view(offsets);
    if (ends.empty() || !std::is_sorted(ends.begin(), ends.end()) || ends.back() > ids.size())
        throw std::invalid_argument("offsets must ascend and end at most at the number of ids, " +
                                    std::to_string(ids.size()));
    const PieceTable& pieces = engine.segmenter().pieces();
    const std::size_t count = ends.size() - 1;
    const auto row = [&](std::size_t i) {
        return view(ids).subspan(ends[i], ends[i + 1] - ends[i]);
    };
    constexpr std::size_t rows_a_task = 64;
    const auto for_each_row = [&](const auto& work) {
        const nb::gil_scoped_release release;
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

nb::dict stats_of(const Engine::Stats& stats) {
    nb::dict result;
    result["workers"] = stats.workers;
    result["cache_bytes"] = stats.cache_bytes;
    return result;
}

// None where the text is not local.
std::optional<Buffer<Id>> local_ids_of(const LocalEngine& engine, nb::handle data,
                                       const TokenFinder* tokens, Share share) {
    Buffer<Id> ids;
    const Text text = text_of(data);
    const bool local =
        unlocked_if_long(text.size(), [&] { return engine.encode(text, ids, tokens, share); });
    return local ? std::optional(std::move(ids)) : std::nullopt;
}

nb::object encode_local(const LocalEngine& engine, nb::handle data, const TokenFinder* tokens,
                        unsigned threads, std::size_t stretch) {
    auto ids = local_ids_of(engine, data, tokens, {threads, stretch});
    return ids ? array_of(std::move(*ids)) : nb::none();
}

nb::object encode_local_list(const LocalEngine& engine, nb::handle data, const TokenFinder* tokens,
                             unsigned threads, std::size_t stretch) {
    const auto ids = local_ids_of(engine, data, tokens, {threads, stretch});
    return ids ? nb::object(list_of(*ids)) : nb::none();
}

nb::tuple encode_local_batch(const LocalEngine& engine, nb::handle texts, unsigned threads,
                             const TokenFinder* tokens) {
    const Texts held(texts);
    Buffer<Id> ids;
    auto offsets = room_for<std::uint64_t>(held.views.size() + 1);
    std::vector<std::uint64_t> others;
    unlocked([&] {
        engine.encode_batch(held.views, threads, ids, offsets.data(), others, tokens);
    });
    return nb::make_tuple(to_array(std::move(ids)), to_array(std::move(offsets)), others);
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

// Whether somebody pressed Ctrl-C; raises what Python's handler raises.
void look_for_signals() {
    const nb::gil_scoped_acquire acquired;
    if (PyErr_CheckSignals() != 0) nb::raise_python_error();
}

void bind_engine(nb::module_& m) {
    nb::class_<Engine>(m, "Engine")
        .def(
            "__init__",
            [](Engine* self, const Segmenter& segmenter, const split::Finder& splitter,
               std::optional<std::size_t> cache_bytes) {
                new (self) Engine(segmenter, splitter, cache_bytes.value_or(default_cache_bytes()));
            },
            "segmenter"_a, "splitter"_a, nb::kw_only(), "cache_bytes"_a = nb::none(),
            nb::keep_alive<1, 2>(), nb::keep_alive<1, 3>())
        .def("encode", &encode, "data"_a, "normalizer"_a = nb::none(), "tokens"_a = nb::none(),
             "threads"_a = 1, "stretch"_a = 0)
        .def("encode_list", &encode_list, "data"_a, "normalizer"_a = nb::none(),
             "tokens"_a = nb::none(), "threads"_a = 1, "stretch"_a = 0)
        .def("count", &count, "data"_a, "normalizer"_a = nb::none())
        .def("encode_spans", &encode_spans, "data"_a)
        .def("encode_batch", &encode_batch, "texts"_a, "threads"_a = 1, "normalizer"_a = nb::none(),
             "tokens"_a = nb::none())
        .def("count_batch", &count_batch, "texts"_a, "threads"_a = 1, "normalizer"_a = nb::none())
        .def("encode_ranges", &encode_ranges, "data"_a, "starts"_a, "ends"_a)
        .def("decode", &decode, "ids"_a)
        .def("decode_batch", &decode_batch, "ids"_a, "offsets"_a, "threads"_a = 1)
        .def("clear_cache", &Engine::clear_cache)
        .def("stats", [](const Engine& self) { return stats_of(self.stats()); });
}

void bind_engine_call(nb::module_& m) {
    nb::class_<EngineCall>(m, "EngineCall")
        .def(
            "__init__",
            [](EngineCall* self, const Engine& engine, const Normalizer* normalizer,
               const TokenFinder* tokens) { new (self) EngineCall{engine, normalizer, tokens}; },
            "engine"_a, "normalizer"_a = nb::none(), "tokens"_a = nb::none(), nb::keep_alive<1, 2>(),
            nb::keep_alive<1, 3>(), nb::keep_alive<1, 4>())
        .def("encode", [](const EngineCall& self, nb::handle data) { return array_of(self.ids(data)); },
             "data"_a)
        .def("encode_list", [](const EngineCall& self, nb::handle data) { return list_of(self.ids(data)); },
             "data"_a);
}

void bind_local_engine(nb::module_& m) {
    nb::class_<LocalEngine>(m, "LocalEngine")
        .def(
            "__init__",
            [](LocalEngine* self, const Segmenter& words, const split::Splitter& splitter,
               nb::bytes prefix, bool unless_space, nb::bytes squeezes,
               std::optional<std::size_t> cache_bytes) {
                new (self) LocalEngine(words, splitter, {to_string(prefix), unless_space, SpaceBytes(to_string(squeezes))},
                                       cache_bytes.value_or(default_cache_bytes()));
            },
            "words"_a, "splitter"_a, nb::kw_only(), "prefix"_a = nb::bytes(""),
            "unless_space"_a = false, "squeezes"_a = nb::bytes(""), "cache_bytes"_a = nb::none(),
            nb::keep_alive<1, 2>(), nb::keep_alive<1, 3>())
        .def("encode", &encode_local, "data"_a, "tokens"_a = nb::none(), "threads"_a = 1,
             "stretch"_a = 0)
        .def("encode_list", &encode_local_list, "data"_a, "tokens"_a = nb::none(), "threads"_a = 1,
             "stretch"_a = 0)
        .def("encode_batch", &encode_local_batch, "texts"_a, "threads"_a = 1,
             "tokens"_a = nb::none())
        .def("clear_cache", &LocalEngine::clear_cache)
        .def("stats", [](const LocalEngine& self) { return stats_of(self.stats()); });
}

}  // namespace

void bind_engines(nb::module_& m) {
    nb::register_exception_translator(raise_ours);
    base::set_interrupt_check(look_for_signals);
    m.def("default_threads", &base::default_threads);
    m.def("default_cache_bytes", &default_cache_bytes);
    bind_engine(m);
    bind_engine_call(m);
    bind_local_engine(m);
}

}  // namespace tokenry::bindings
