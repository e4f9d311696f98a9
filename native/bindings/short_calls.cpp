// Calls of accelerated tokenizers that are left to the tokenizer itself, decided without Python: a
// function of Python in between takes 0.1 us of the 3 us that a short text takes.
#include <cstddef>
#include <cstdint>

#include "bindings/vectorcalled.hpp"

namespace tokenry::bindings {
namespace {

struct Limits {
    Py_ssize_t characters;
    bool listed;  // the text is alone in a list
    bool alone;   // `own` takes the text itself, and what it gives is put into a list
};
enum Held { own, ours };
using ShortFirst = Vectorcalled<2, Limits>;

// Whether a keyword asks for more than one text that nobody cut.
bool asks_more(PyObject* const* values, PyObject* names) {
    const Py_ssize_t count = names ? PyTuple_GET_SIZE(names) : 0;
    for (Py_ssize_t i = 0; i < count; ++i) {
        PyObject* name = PyTuple_GET_ITEM(names, i);
        const bool cut = PyUnicode_CompareWithASCIIString(name, "is_pretokenized") == 0;
        if (cut ? values[i] != Py_False
                : PyUnicode_CompareWithASCIIString(name, "add_special_tokens") != 0)
            return true;
    }
    return false;
}

PyObject* call(PyObject* object, PyObject* const* args, std::size_t flags, PyObject* names) {
    const ShortFirst& self = *ShortFirst::of(object);
    const auto ask = [&](Held which) { return PyObject_Vectorcall(self.held[which], args, flags, names); };
    if (PyVectorcall_NARGS(flags) != 1 || asks_more(args + 1, names)) return ask(ours);
    PyObject* text = args[0];
    if (self.options.listed)
        text = PyList_CheckExact(text) && PyList_GET_SIZE(text) == 1 ? PyList_GET_ITEM(text, 0)
                                                                     : nullptr;
    if (!text || !PyUnicode_CheckExact(text) || PyUnicode_GET_LENGTH(text) >= self.options.characters)
        return ask(ours);
    if (!self.options.alone) return ask(own);
    const Py_ssize_t more = names ? PyTuple_GET_SIZE(names) : 0;
    PyObject* given[4] = {text};
    for (Py_ssize_t i = 0; i < more && i < 3; ++i) given[i + 1] = args[i + 1];
    Py_INCREF(text);  // its list may be changed meanwhile
    PyObject* found = PyObject_Vectorcall(self.held[own], given, 1, names);
    Py_DECREF(text);
    if (!found) return nullptr;
    PyObject* list = PyList_New(1);
    if (list) PyList_SET_ITEM(list, 0, found);
    else Py_DECREF(found);
    return list;
}

// All else that is asked of it is asked of ours: __self__, __name__, __doc__.
PyObject* attribute(PyObject* object, PyObject* name) {
    return PyObject_GetAttr(ShortFirst::of(object)->held[ours], name);
}

nb::object short_first(nb::object own, nb::object ours, std::int64_t limit, bool listed,
                       bool alone) {
    static PyTypeObject* const type =
        ShortFirst::type("tokenry._native.ShortFirst", attribute, nullptr);
    return ShortFirst::make(type, call, {own, ours}, {static_cast<Py_ssize_t>(limit), listed, alone});
}

}  // namespace

void bind_short_calls(nb::module_& m) {
    m.def("short_first", &short_first, "own"_a, "ours"_a, "limit"_a, "listed"_a, "alone"_a);
}

}  // namespace tokenry::bindings
