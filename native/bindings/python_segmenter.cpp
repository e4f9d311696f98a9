#include "bindings/python_segmenter.hpp"

#include <nanobind/stl/pair.h>
#include <nanobind/stl/vector.h>

#include <string>
#include <utility>

#include "base/errors.hpp"
#include "bindings/arrays.hpp"

namespace tokenry::bindings {

using namespace encode;

PythonSegmenter::PythonSegmenter(nb::object function, std::span<const std::uint8_t> bytes,
                                 std::span<const std::uint64_t> offsets, std::size_t ids_per_byte)
    : function_(std::move(function)), pieces_(bytes, offsets), ids_per_byte_(ids_per_byte) {}

void PythonSegmenter::segment(const std::uint8_t* pretoken, std::size_t size, Scratch&,
                              std::vector<Id>& ids) const {
    call(pretoken, size, ids, nullptr);
}

void PythonSegmenter::segment_with_ends(const std::uint8_t* pretoken, std::size_t size, Scratch&,
                                        std::vector<Id>& ids,
                                        std::vector<std::uint32_t>& ends) const {
    call(pretoken, size, ids, &ends);
}

void PythonSegmenter::call(const std::uint8_t* pretoken, std::size_t size, std::vector<Id>& ids,
                           std::vector<std::uint32_t>* ends) const {
    const nb::gil_scoped_acquire lock;
    const auto found = nb::cast<std::vector<std::pair<Id, std::uint32_t>>>(
        function_(nb::bytes(reinterpret_cast<const char*>(pretoken), size)));
    std::size_t end = 0;
    for (const auto& [id, width] : found) {
        if (id >= pieces_.size())
            throw base::EncodeError("the segmenter gave id " + std::to_string(id) +
                                    ", and the vocabulary has " + std::to_string(pieces_.size()));
        end += width;
        ids.push_back(id);
        if (ends) ends->push_back(static_cast<std::uint32_t>(end));
    }
    if ((end != size && !found.empty()) || found.size() > size * ids_per_byte_)
        throw base::EncodeError("the segmenter gave " + std::to_string(found.size()) + " ids for " +
                                std::to_string(end) + " bytes of a pretoken of " +
                                std::to_string(size) + ", and at most " +
                                std::to_string(ids_per_byte_) + " a byte are expected");
}

namespace {

PythonSegmenter* held(PyObject* self) {
    return nb::inst_ready(self) ? nb::inst_ptr<PythonSegmenter>(self) : nullptr;
}

int traverse(PyObject* self, visitproc visit, void* arg) {
    Py_VISIT(Py_TYPE(self));
    if (PythonSegmenter* segmenter = held(self)) Py_VISIT(segmenter->function().ptr());
    return 0;
}

int clear(PyObject* self) {
    if (PythonSegmenter* segmenter = held(self)) segmenter->function().reset();
    return 0;
}

PyType_Slot slots[] = {{Py_tp_traverse, reinterpret_cast<void*>(traverse)},
                       {Py_tp_clear, reinterpret_cast<void*>(clear)},
                       {0, nullptr}};

}  // namespace

void bind_python_segmenter(nb::module_& m) {
    nb::class_<PythonSegmenter, Segmenter>(m, "PythonSegmenter", nb::type_slots(slots))
        .def(
            "__init__",
            [](PythonSegmenter* self, nb::callable function, nb::bytes pieces,
               In<std::uint64_t> offsets, std::size_t ids_per_byte) {
                new (self)
                    PythonSegmenter(std::move(function), view(pieces), view(offsets), ids_per_byte);
            },
            "function"_a, nb::kw_only(), "pieces"_a, "offsets"_a, "ids_per_byte"_a = 1);
}

}  // namespace tokenry::bindings
