// Lists of what was encoded: ids, and rows of a batch with what stands around them.
#include "bindings/lists.hpp"

#include <algorithm>
#include <cstdlib>
#include <new>
#include <stdexcept>

#include "base/compiler.hpp"
#include "bindings/arrays.hpp"

namespace tokenry::bindings {
namespace {

constexpr std::size_t numbers = std::size_t{1} << 18;
// Pairs that begin below `starts` and are shorter than `widths`.
constexpr std::size_t starts = 4096, widths = 32;

// Zeroed pages, which are there when somebody writes to them.
PyObject** table_of(std::size_t size) {
    auto* table = static_cast<PyObject**>(std::calloc(size, sizeof(PyObject*)));
    if (table == nullptr) throw std::bad_alloc();
    return table;
}

PyObject* checked(PyObject* object) {
    if (object == nullptr) nb::raise_python_error();
    return object;
}

PyObject* new_pair(std::int64_t begin, std::int64_t end) {
    PyObject* pair = checked(PyTuple_New(2));
    const auto number = [](std::int64_t value) {
        return value < 0 ? checked(PyLong_FromLongLong(value))
                         : shared_number(static_cast<std::uint64_t>(value));
    };
    PyTuple_SET_ITEM(pair, 0, number(begin));
    PyTuple_SET_ITEM(pair, 1, number(end));
    return pair;
}

PyObject** kept_numbers() {
    static PyObject** const kept = table_of(numbers);
    return kept;
}

// Asks for the numbers of ids a few places on, which lie anywhere in memory.
void prefetch_numbers(std::span<const base::Id> ids, std::size_t at) {
    constexpr std::size_t ahead = 24;
    if (at + 2 * ahead >= ids.size()) return;
    PyObject** const kept = kept_numbers();
    const auto place = [&](std::size_t i) { return kept + std::min<std::size_t>(ids[i], numbers - 1); };
    base::prefetch(place(at + 2 * ahead));
    base::prefetch(*place(at + ahead));
}

// The object in a place of a table, made where nobody made it before.
template <typename Make>
PyObject* shared(PyObject*& place, Make make) {
    if (place == nullptr) place = make();
    Py_INCREF(place);
    return place;
}

}  // namespace

PyObject* shared_number(std::uint64_t value) {
    PyObject** const kept = kept_numbers();
    if (value >= numbers) return checked(PyLong_FromUnsignedLongLong(value));
    return shared(kept[value], [&] { return checked(PyLong_FromUnsignedLongLong(value)); });
}

PyObject* shared_pair(std::int64_t begin, std::int64_t end) {
    static PyObject** const kept = table_of(starts * widths);
    const auto first = static_cast<std::uint64_t>(begin);
    const auto width = static_cast<std::uint64_t>(end - begin);
    if (first >= starts || width >= widths) return new_pair(begin, end);
    return shared(kept[first * widths + width], [&] { return new_pair(begin, end); });
}

nb::list list_of(const base::Buffer<base::Id>& ids) {
    PyObject* list = checked(PyList_New(static_cast<Py_ssize_t>(ids.size())));
    for (std::size_t i = 0; i < ids.size(); ++i) {
        prefetch_numbers({ids.data(), ids.size()}, i);
        PyList_SET_ITEM(list, static_cast<Py_ssize_t>(i), shared_number(ids[i]));
    }
    return nb::steal<nb::list>(list);
}

namespace {

// What stands around sequences: gaps[0], a sequence, gaps[1], ..., filled up to a width.
struct Around {
    nb::list gaps;
    std::size_t width;
    nb::object filler;
    bool left;
};

// Row i has for each of its sequences the elements begins[i, k] to before ends[i, k].
struct Windows {
    InRows<std::int64_t, -1> begins, ends;

    std::size_t rows() const { return begins.shape(0); }
    std::size_t sequences() const { return begins.shape(1); }
    std::int64_t begin(std::size_t i, std::size_t k) const { return begins.data()[i * sequences() + k]; }
    std::int64_t end(std::size_t i, std::size_t k) const { return ends.data()[i * sequences() + k]; }

    void check(std::size_t size, const Around& around) const {
        if (ends.shape(0) != rows() || ends.shape(1) != sequences() ||
            around.gaps.size() != sequences() + 1)
            throw std::invalid_argument("begins, ends and gaps are of different numbers");
        for (std::size_t i = 0; i < rows(); ++i)
            for (std::size_t k = 0; k < sequences(); ++k)
                if (begin(i, k) < 0 || begin(i, k) > end(i, k) ||
                    static_cast<std::size_t>(end(i, k)) > size)
                    throw std::invalid_argument("a window lies outside of what there is");
    }
};

// One list for each row; element(at) gives a new reference.
template <typename Element>
nb::list rows_of(const Windows& windows, const Around& around, Element element) {
    std::vector<std::vector<PyObject*>> gaps;  // borrowed
    std::size_t added = 0;
    for (nb::handle gap : around.gaps) {
        gaps.emplace_back();
        for (nb::handle object : gap) gaps.back().push_back(object.ptr());
        added += gaps.back().size();
    }
    nb::list rows;
    for (std::size_t i = 0; i < windows.rows(); ++i) {
        std::size_t size = added;
        for (std::size_t k = 0; k < windows.sequences(); ++k)
            size += static_cast<std::size_t>(windows.end(i, k) - windows.begin(i, k));
        const std::size_t total = std::max(size, around.width);
        PyObject* list = checked(PyList_New(static_cast<Py_ssize_t>(total)));
        const nb::list owner = nb::steal<nb::list>(list);
        Py_ssize_t at = 0;
        const auto put = [&](PyObject* object) { PyList_SET_ITEM(list, at++, object); };
        const auto put_borrowed = [&](PyObject* object) { put(Py_NewRef(object)); };
        const auto fill = [&] {
            for (std::size_t k = size; k < total; ++k) put_borrowed(around.filler.ptr());
        };
        if (around.left) fill();
        for (std::size_t k = 0; k < gaps.size(); ++k) {
            for (PyObject* object : gaps[k]) put_borrowed(object);
            if (k == windows.sequences()) break;
            for (std::int64_t j = windows.begin(i, k); j < windows.end(i, k); ++j) put(element(j, k));
        }
        if (!around.left) fill();
        rows.append(owner);
    }
    return rows;
}

nb::list number_rows(In<base::Id> values, InRows<std::int64_t, -1> begins,
                     InRows<std::int64_t, -1> ends, nb::list gaps, std::size_t width,
                     nb::object filler, bool left) {
    const Windows windows{begins, ends};
    const Around around{gaps, width, filler, left};
    windows.check(values.size(), around);
    const auto ids = view(values);
    return rows_of(windows, around, [&](std::int64_t at, std::size_t) {
        prefetch_numbers(ids, static_cast<std::size_t>(at));
        return shared_number(ids[static_cast<std::size_t>(at)]);
    });
}

nb::list pair_rows(In<std::int64_t> firsts, In<std::int64_t> lasts,
                   InRows<std::int64_t, -1> begins, InRows<std::int64_t, -1> ends, nb::list gaps,
                   std::size_t width, nb::object filler, bool left) {
    const Windows windows{begins, ends};
    const Around around{gaps, width, filler, left};
    windows.check(std::min(firsts.size(), lasts.size()), around);
    return rows_of(windows, around, [&](std::int64_t at, std::size_t) {
        return shared_pair(firsts.data()[at], lasts.data()[at]);
    });
}

nb::list constant_rows(nb::list values, InRows<std::int64_t, -1> begins,
                       InRows<std::int64_t, -1> ends, nb::list gaps, std::size_t width,
                       nb::object filler, bool left) {
    const Windows windows{begins, ends};
    const Around around{gaps, width, filler, left};
    windows.check(~std::size_t{0}, around);
    if (values.size() != windows.sequences())
        throw std::invalid_argument("values needs one for each sequence");
    return rows_of(windows, around, [&](std::int64_t, std::size_t k) {
        return Py_NewRef(PyList_GET_ITEM(values.ptr(), static_cast<Py_ssize_t>(k)));
    });
}

}  // namespace

void bind_lists(nb::module_& m) {
    m.def("number_rows", &number_rows, "values"_a, "begins"_a, "ends"_a, "gaps"_a, "width"_a,
          "filler"_a.none(), "left"_a);
    m.def("pair_rows", &pair_rows, "firsts"_a, "lasts"_a, "begins"_a, "ends"_a, "gaps"_a, "width"_a,
          "filler"_a.none(), "left"_a);
    m.def("constant_rows", &constant_rows, "values"_a, "begins"_a, "ends"_a, "gaps"_a, "width"_a,
          "filler"_a.none(), "left"_a);
}

}  // namespace tokenry::bindings
