// Texts, arrays and packed pieces on their way between Python and the core.
#pragma once
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/buffer.hpp"
#include "base/text.hpp"
#include "bindings/bindings.hpp"

namespace tokenry::bindings {

using base::Buffer;
using base::Id;
using base::Text;

// --- in ---

// Arrays of one axis, and of rows of `width` values.
template <typename T>
using In = nb::ndarray<const T, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
template <typename T, int width>
using InRows = nb::ndarray<const T, nb::shape<-1, width>, nb::c_contig, nb::device::cpu>;

template <typename T>
std::span<const T> view(const In<T>& array) {
    return {array.data(), array.size()};
}

inline Text view(const nb::bytes& bytes) {
    return {static_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

inline std::string_view characters(const nb::bytes& bytes) { return {bytes.c_str(), bytes.size()}; }

inline std::string to_string(const nb::bytes& bytes) { return std::string(characters(bytes)); }

// Exactly `size` values.
template <std::size_t size, typename T>
std::array<T, size> to_fixed(std::span<const T> values, const char* name) {
    if (values.size() != size)
        throw std::invalid_argument(std::string(name) + " needs " + std::to_string(size) +
                                    " entries, not " + std::to_string(values.size()));
    std::array<T, size> fixed;
    std::copy(values.begin(), values.end(), fixed.begin());
    return fixed;
}

// The bytes of a str or bytes object, which must outlive the view.
inline Text text_of(nb::handle text) {
    PyObject* object = text.ptr();
    if (PyUnicode_Check(object)) {
        if (PyUnicode_IS_COMPACT_ASCII(object))
            return {PyUnicode_1BYTE_DATA(object),
                    static_cast<std::size_t>(PyUnicode_GET_LENGTH(object))};
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

// Holds many texts while the interpreter runs on.
struct Texts {
    nb::tuple owners;
    std::vector<Text> views;

    explicit Texts(nb::handle sequence) : owners(nb::tuple(sequence)) {
        views.resize(owners.size());
        for (std::size_t i = 0; i < views.size(); ++i) views[i] = text_of(owners[i]);
    }
};

inline void check_offsets(std::span<const std::uint64_t> offsets, std::size_t size) {
    if (offsets.empty() || offsets.front() != 0 || offsets.back() != size ||
        !std::is_sorted(offsets.begin(), offsets.end()))
        throw std::invalid_argument("offsets must ascend from 0 to the number of bytes, " +
                                    std::to_string(size));
}

// Ranges text[starts[i], ends[i]) that are pretokens.
inline void check_ranges(std::span<const std::uint64_t> starts, std::span<const std::uint64_t> ends,
                         std::size_t size) {
    if (starts.size() != ends.size())
        throw std::invalid_argument(std::to_string(starts.size()) +
                                    " starts differ in length from " + std::to_string(ends.size()) +
                                    " ends");
    for (std::size_t i = 0; i < starts.size(); ++i) {
        if (starts[i] > ends[i] || ends[i] > size || ends[i] - starts[i] >= std::uint64_t{1} << 31)
            throw std::invalid_argument("pretoken " + std::to_string(i) + ", the range from " +
                                        std::to_string(starts[i]) + " to " +
                                        std::to_string(ends[i]) + ", does not lie in a text of " +
                                        std::to_string(size) + " bytes or has 2^31 bytes or more");
    }
}

// --- out ---

// Runs something without the interpreter's lock; it touches no Python object.
template <class Work>
auto unlocked(Work work) {
    const nb::gil_scoped_release release;
    return work();
}

// `count` elements that the caller will set.
template <typename T>
Buffer<T> room_for(std::size_t count) {
    Buffer<T> buffer;
    buffer.reserve_more(count);
    buffer.set_size(count);
    return buffer;
}

// The memory of values, for a numpy array to own.
template <typename T>
std::pair<T*, nb::capsule> give_away(Buffer<T>& buffer) {
    const std::size_t size = buffer.size();
    if (buffer.capacity() > size + size / 8 + 64) buffer.fit();
    T* memory = buffer.release();
    return {memory, nb::capsule(memory, [](void* p) noexcept { std::free(p); })};
}
template <typename T>
std::pair<T*, nb::capsule> give_away(std::vector<T>& values) {
    auto* kept = new std::vector<T>(std::move(values));
    return {kept->data(),
            nb::capsule(kept, [](void* p) noexcept { delete static_cast<std::vector<T>*>(p); })};
}

// A numpy array of what a Buffer or a vector holds: on one axis, or in rows of `width` values.
template <class Values>
auto to_array(Values values) {
    const std::size_t size = values.size();
    const auto [memory, owner] = give_away(values);
    using T = std::remove_pointer_t<decltype(memory)>;
    return nb::ndarray<nb::numpy, T, nb::ndim<1>>(memory, {size}, owner);
}
template <std::size_t width, class Values>
auto to_rows(Values values) {
    const std::size_t rows = values.size() / width;
    const auto [memory, owner] = give_away(values);
    using T = std::remove_pointer_t<decltype(memory)>;
    return nb::ndarray<nb::numpy, T, nb::ndim<2>>(memory, {rows, width}, owner);
}

inline nb::bytes to_bytes(std::string_view data) { return nb::bytes(data.data(), data.size()); }

// Byte strings in a row and where they end: what Python takes and gives as bytes and offsets.
class Packed {
public:
    void add(std::string_view piece) {
        bytes_ += piece;
        offsets_.push_back(bytes_.size());
    }
    nb::bytes bytes() const { return to_bytes(bytes_); }
    auto offsets() { return to_array(std::move(offsets_)); }

private:
    std::string bytes_;
    std::vector<std::uint64_t> offsets_{0};
};

}  // namespace tokenry::bindings
