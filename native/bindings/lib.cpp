// Python's view of learn/lib_learner.hpp.
#include <nanobind/ndarray.h>

#include <string>
#include <vector>

#include "bindings/bindings.hpp"
#include "learn/lib_learner.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace tokenry {
namespace {

using Offsets = nb::ndarray<const std::uint64_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

std::vector<std::uint64_t> to_vector(const Offsets& offsets) {
    return {offsets.data(), offsets.data() + offsets.size()};
}

void construct(LibLearner* self, nb::bytes text, Offsets ends, Offsets batches, std::uint64_t seed,
               std::uint64_t memory_in, double memory_out, double update_rate, std::uint32_t life,
               std::size_t longest, std::size_t capacity) {
    const LibOptions options{seed, memory_in, memory_out, update_rate, life, longest, capacity};
    new (self) LibLearner(std::string(text.c_str(), text.size()), to_vector(ends),
                          to_vector(batches), options);
}

nb::list chunks_of(const LibLearner& self) {
    nb::list chunks;
    for (const std::string& chunk : self.chunks())
        chunks.append(nb::bytes(chunk.data(), chunk.size()));
    return chunks;
}

}  // namespace

void bind_lib(nb::module_& m) {
    nb::class_<LibLearner>(m, "LibLearner")
        .def("__init__", &construct, nb::kw_only(), "text"_a, "ends"_a, "batches"_a, "seed"_a,
             "memory_in"_a, "memory_out"_a, "update_rate"_a, "life"_a, "longest"_a, "capacity"_a)
        .def("add",
             [](LibLearner& self, nb::bytes chunk) { self.add({chunk.c_str(), chunk.size()}); },
             "chunk"_a)
        .def("read", &LibLearner::read, "batches"_a, nb::call_guard<nb::gil_scoped_release>())
        .def("set_memorising", &LibLearner::set_memorising, "memorising"_a)
        .def("__len__", &LibLearner::size)
        .def("chunks", &chunks_of);
}

}  // namespace tokenry
