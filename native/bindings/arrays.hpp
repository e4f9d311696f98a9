// Texts and arrays of Python as the core sees them.
#pragma once
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <cstdlib>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/buffer.hpp"
#include "encode/engine.hpp"

namespace tokenry::bindings {

namespace nb = nanobind;

using base::Buffer;
using base::Id;
using base::Text;

template <typename T>
using In = nb::ndarray<const T, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
template <typename T>
using Out = nb::ndarray<nb::numpy, T, nb::ndim<1>>;

template <typename T>
std::span<const T> view(const In<T>& array) {
    return {array.data(), array.size()};
}

inline std::span<const std::uint8_t> view(const nb::bytes& bytes) {
    return {static_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

// The memory of a buffer, for a numpy array to own.
template <typename T>
std::pair<T*, nb::capsule> give_away(Buffer<T>& buffer) {
    const std::size_t size = buffer.size();
    if (buffer.capacity() > size + size / 8 + 64) buffer.fit();
    T* memory = buffer.release();
    return {memory, nb::capsule(memory, [](void* p) noexcept { std::free(p); })};
}

template <typename T>
Out<T> to_array(Buffer<T>& buffer) {
    const std::size_t size = buffer.size();
    const auto [memory, owner] = give_away(buffer);
    return Out<T>(memory, {size}, owner);
}

// An array of rows of `width` values.
template <std::size_t width, typename T>
nb::ndarray<nb::numpy, T, nb::ndim<2>> to_rows(Buffer<T>& buffer) {
    const std::size_t rows = buffer.size() / width;
    const auto [memory, owner] = give_away(buffer);
    return nb::ndarray<nb::numpy, T, nb::ndim<2>>(memory, {rows, width}, owner);
}

// The bytes of a str or bytes object, which must outlive the view.
inline Text text_of(PyObject* object) {
    if (PyUnicode_Check(object)) {
        Py_ssize_t size = 0;
        const char* data = PyUnicode_AsUTF8AndSize(object, &size);
        if (data == nullptr) nb::raise_python_error();
        return {reinterpret_cast<const std::uint8_t*>(data), static_cast<std::size_t>(size)};
    }
    if (PyBytes_Check(object))
        return {reinterpret_cast<const std::uint8_t*>(PyBytes_AS_STRING(object)),
                static_cast<std::size_t>(PyBytes_GET_SIZE(object))};
    throw nb::type_error(
        (std::string("text must be str or bytes, not ") + Py_TYPE(object)->tp_name).c_str());
}

inline Text text_of(nb::handle object) { return text_of(object.ptr()); }

// Holds the texts of a batch while the interpreter runs on.
struct Texts {
    nb::tuple owners;
    std::vector<Text> views;

    explicit Texts(nb::handle sequence) : owners(nb::tuple(sequence)) {
        views.reserve(owners.size());
        for (nb::handle text : owners) views.push_back(text_of(text));
    }
};

inline nb::dict to_dict(const encode::Engine::Stats& stats) {
    nb::dict result;
    result["workers"] = stats.workers;
    result["cache_bytes"] = stats.cache_bytes;
    return result;
}

}  // namespace tokenry::bindings
