// Python's view of learn/lib_learner.hpp.
#include <nanobind/stl/vector.h>

#include "bindings/arrays.hpp"
#include "learn/lib_learner.hpp"

namespace tokenry::bindings {

using namespace learn;

namespace {

using Offsets = In<std::uint64_t>;

std::vector<std::uint64_t> to_vector(const Offsets& offsets) {
    return {offsets.data(), offsets.data() + offsets.size()};
}

void construct(LibLearner* self, nb::bytes text, Offsets ends, Offsets batches, std::uint64_t seed,
               std::uint64_t memory_in, double memory_out, double update_rate, std::uint32_t life,
               std::size_t longest, std::size_t capacity) {
    const LibOptions options{seed, memory_in, memory_out, update_rate, life, longest, capacity};
    new (self) LibLearner(to_string(text), to_vector(ends), to_vector(batches), options);
}

nb::list chunks_of(const LibLearner& self) {
    nb::list chunks;
    for (const std::string& chunk : self.chunks()) chunks.append(to_bytes(chunk));
    return chunks;
}

// Chunks by priority, each with its life and whether it is on probation; the state of the generator;
// the order of the batches in this pass, and how many of them were read.
nb::tuple state_of(const LibLearner& self) {
    const LibState state = self.state();
    nb::list chunks;
    for (const LibState::Chunk& chunk : state.chunks)
        chunks.append(nb::make_tuple(to_bytes(chunk.bytes), chunk.life, chunk.probation));
    return nb::make_tuple(chunks, state.random, state.order, state.turn);
}

void restore(LibLearner& self, const nb::list& chunks, std::uint64_t random, const nb::list& order,
             std::size_t turn) {
    LibState state{{}, random, {}, turn};
    for (const nb::handle row : chunks) {
        const auto chunk = nb::cast<nb::tuple>(row);
        if (chunk.size() != 3) throw nb::value_error("a chunk is bytes, life and probation");
        state.chunks.push_back({to_string(nb::cast<nb::bytes>(chunk[0])),
                                nb::cast<std::uint32_t>(chunk[1]), nb::cast<bool>(chunk[2])});
    }
    for (const nb::handle batch : order) state.order.push_back(nb::cast<std::uint32_t>(batch));
    self.restore(state);
}

}  // namespace

void bind_learn_lib(nb::module_& m) {
    nb::class_<LibLearner>(m, "LibLearner")
        .def("__init__", &construct, nb::kw_only(), "text"_a, "ends"_a, "batches"_a, "seed"_a,
             "memory_in"_a, "memory_out"_a, "update_rate"_a, "life"_a, "longest"_a, "capacity"_a)
        .def(
            "add", [](LibLearner& self, nb::bytes chunk) { self.add(to_string(chunk)); }, "chunk"_a)
        .def("read", &LibLearner::read, "batches"_a, nb::call_guard<nb::gil_scoped_release>())
        .def("set_memorising", &LibLearner::set_memorising, "memorising"_a)
        .def("__len__", &LibLearner::size)
        .def("chunks", &chunks_of)
        .def("state", &state_of)
        .def("restore", &restore, "chunks"_a, "random"_a, "order"_a, "turn"_a);
}

}  // namespace tokenry::bindings
