// Calls of accelerated tokenizers that are left to the tokenizer itself, decided without Python: a
// function of Python in between takes 0.1 us of the 3 us that a short text takes.
#include "bindings/bindings.hpp"

#include <structmember.h>

#include <cstddef>

namespace tokenry::bindings {
namespace {

struct ShortFirst {
    PyObject_HEAD
    vectorcallfunc call;
    PyObject* own;
    PyObject* ours;
    Py_ssize_t limit;
    bool listed;  // the text is alone in a list
    bool alone;   // `own` takes the text itself, and what it gives is put into a list
};

ShortFirst* self_of(PyObject* object) { return reinterpret_cast<ShortFirst*>(object); }

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
    const ShortFirst* self = self_of(object);
    if (PyVectorcall_NARGS(flags) != 1 || asks_more(args + 1, names))
        return PyObject_Vectorcall(self->ours, args, flags, names);
    PyObject* text = args[0];
    if (self->listed)
        text = PyList_CheckExact(text) && PyList_GET_SIZE(text) == 1 ? PyList_GET_ITEM(text, 0)
                                                                     : nullptr;
    if (!text || !PyUnicode_CheckExact(text) || PyUnicode_GET_LENGTH(text) >= self->limit)
        return PyObject_Vectorcall(self->ours, args, flags, names);
    if (!self->alone) return PyObject_Vectorcall(self->own, args, flags, names);
    const Py_ssize_t more = names ? PyTuple_GET_SIZE(names) : 0;
    PyObject* given[4] = {text};
    for (Py_ssize_t i = 0; i < more && i < 3; ++i) given[i + 1] = args[i + 1];
    Py_INCREF(text);  // its list may be changed meanwhile
    PyObject* found = PyObject_Vectorcall(self->own, given, 1, names);
    Py_DECREF(text);
    if (!found) return nullptr;
    PyObject* list = PyList_New(1);
    if (list) PyList_SET_ITEM(list, 0, found);
    else Py_DECREF(found);
    return list;
}

// All else that is asked of it is asked of ours: __self__, __name__, __doc__.
PyObject* attribute(PyObject* object, PyObject* name) {
    return PyObject_GetAttr(self_of(object)->ours, name);
}

int traverse(PyObject* object, visitproc visit, void* arg) {
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(self_of(object)->own);
    Py_VISIT(self_of(object)->ours);
    return 0;
}

int clear(PyObject* object) {
    Py_CLEAR(self_of(object)->own);
    Py_CLEAR(self_of(object)->ours);
    return 0;
}

void destroy(PyObject* object) {
    PyTypeObject* type = Py_TYPE(object);
    PyObject_GC_UnTrack(object);
    clear(object);
    type->tp_free(object);
    Py_DECREF(type);
}

PyMemberDef members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(ShortFirst, call), READONLY, nullptr},
    {nullptr, 0, 0, 0, nullptr},
};

PyType_Slot slots[] = {
    {Py_tp_call, reinterpret_cast<void*>(PyVectorcall_Call)},
    {Py_tp_getattro, reinterpret_cast<void*>(attribute)},
    {Py_tp_traverse, reinterpret_cast<void*>(traverse)},
    {Py_tp_clear, reinterpret_cast<void*>(clear)},
    {Py_tp_dealloc, reinterpret_cast<void*>(destroy)},
    {Py_tp_members, members},
    {0, nullptr},
};

PyType_Spec spec = {
    "tokenry._native.ShortFirst", sizeof(ShortFirst), 0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL, slots,
};

nb::object short_first(nb::object own, nb::object ours, std::int64_t limit, bool listed,
                       bool alone) {
    static PyObject* type = PyType_FromSpec(&spec);
    if (!type) nb::raise_python_error();
    ShortFirst* made = PyObject_GC_New(ShortFirst, reinterpret_cast<PyTypeObject*>(type));
    if (!made) nb::raise_python_error();
    made->call = call;
    made->own = own.release().ptr();
    made->ours = ours.release().ptr();
    made->limit = static_cast<Py_ssize_t>(limit);
    made->listed = listed;
    made->alone = alone;
    PyObject_GC_Track(reinterpret_cast<PyObject*>(made));
    return nb::steal(reinterpret_cast<PyObject*>(made));
}

}  // namespace

void bind_short_calls(nb::module_& m) {
    m.def("short_first", &short_first, "own"_a, "ours"_a, "limit"_a, "listed"_a, "alone"_a);
}

}  // namespace tokenry::bindings
