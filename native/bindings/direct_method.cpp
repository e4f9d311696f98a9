// A method of a text that asks the core with no function of Python in between, which takes 0.4 us of
// the 1.2 us of a short text. What asks more, and what fails, is left to that function.
#include "bindings/bindings.hpp"

#include <structmember.h>

#include <cstddef>

namespace tokenry::bindings {
namespace {

struct DirectMethod {
    PyObject_HEAD
    vectorcallfunc call;
    PyObject* function;
    PyObject* usual;  // names of attributes of the encoder
    PyObject* with_all;
};

DirectMethod* self_of(PyObject* object) { return reinterpret_cast<DirectMethod*>(object); }

bool allows_all(PyObject* name, PyObject* value) {
    static PyObject* const option = PyUnicode_InternFromString("allowed_special");
    static PyObject* const all = PyUnicode_InternFromString("all");
    const auto is = [](PyObject* given, PyObject* wanted) {
        return given == wanted || (PyUnicode_CheckExact(given) && PyUnicode_Compare(given, wanted) == 0);
    };
    return is(name, option) && is(value, all);
}

// Whose function answers a call of a method with these arguments; null where none does.
PyObject* name_of(const DirectMethod* self, PyObject* const* args, std::size_t flags,
                  PyObject* names) {
    if (PyVectorcall_NARGS(flags) != 2) return nullptr;
    if (names == nullptr || PyTuple_GET_SIZE(names) == 0) return self->usual;
    const bool alone = PyTuple_GET_SIZE(names) == 1;
    return alone && allows_all(PyTuple_GET_ITEM(names, 0), args[2]) ? self->with_all : nullptr;
}

// tokenizer._encoder.name(text)
PyObject* ask(PyObject* tokenizer, PyObject* name, PyObject* text) {
    static PyObject* const encoder_name = PyUnicode_InternFromString("_encoder");
    PyObject* encoder = PyObject_GetAttr(tokenizer, encoder_name);
    if (encoder == nullptr) return nullptr;
    PyObject* function = PyObject_GetAttr(encoder, name);
    Py_DECREF(encoder);
    if (function == nullptr) return nullptr;
    PyObject* found = PyObject_CallOneArg(function, text);
    Py_DECREF(function);
    return found;
}

PyObject* call(PyObject* object, PyObject* const* args, std::size_t flags, PyObject* names) {
    const DirectMethod* self = self_of(object);
    if (PyObject* name = name_of(self, args, flags, names)) {
        PyObject* found = ask(args[0], name, args[1]);
        if (found != nullptr || !PyErr_ExceptionMatches(PyExc_Exception)) return found;
        PyErr_Clear();
    }
    return PyObject_Vectorcall(self->function, args, flags, names);
}

PyObject* bind(PyObject* object, PyObject* owner, PyObject*) {
    if (owner == nullptr || owner == Py_None) return Py_NewRef(object);
    return PyMethod_New(object, owner);
}

// All else that is asked of it is asked of the function: __name__, __doc__, __module__.
PyObject* attribute(PyObject* object, PyObject* name) {
    PyObject* function = self_of(object)->function;
    const bool itself = PyUnicode_CompareWithASCIIString(name, "__wrapped__") == 0;
    return itself ? Py_NewRef(function) : PyObject_GetAttr(function, name);
}

int traverse(PyObject* object, visitproc visit, void* arg) {
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(self_of(object)->function);
    return 0;
}

int clear(PyObject* object) {
    Py_CLEAR(self_of(object)->function);
    return 0;
}

void destroy(PyObject* object) {
    PyTypeObject* type = Py_TYPE(object);
    PyObject_GC_UnTrack(object);
    clear(object);
    Py_CLEAR(self_of(object)->usual);
    Py_CLEAR(self_of(object)->with_all);
    type->tp_free(object);
    Py_DECREF(type);
}

PyMemberDef members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(DirectMethod, call), READONLY, nullptr},
    {nullptr, 0, 0, 0, nullptr},
};

PyType_Slot slots[] = {
    {Py_tp_call, reinterpret_cast<void*>(PyVectorcall_Call)},
    {Py_tp_descr_get, reinterpret_cast<void*>(bind)},
    {Py_tp_getattro, reinterpret_cast<void*>(attribute)},
    {Py_tp_traverse, reinterpret_cast<void*>(traverse)},
    {Py_tp_clear, reinterpret_cast<void*>(clear)},
    {Py_tp_dealloc, reinterpret_cast<void*>(destroy)},
    {Py_tp_members, members},
    {0, nullptr},
};

PyType_Spec spec = {
    "tokenry._native.DirectMethod", sizeof(DirectMethod), 0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_METHOD_DESCRIPTOR,
    slots,
};

nb::object direct_method(nb::object function, nb::str usual, nb::str with_all) {
    static PyObject* type = PyType_FromSpec(&spec);
    if (!type) nb::raise_python_error();
    DirectMethod* made = PyObject_GC_New(DirectMethod, reinterpret_cast<PyTypeObject*>(type));
    if (!made) nb::raise_python_error();
    made->call = call;
    made->function = function.release().ptr();
    made->usual = usual.release().ptr();
    made->with_all = with_all.release().ptr();
    PyUnicode_InternInPlace(&made->usual);
    PyUnicode_InternInPlace(&made->with_all);
    PyObject_GC_Track(reinterpret_cast<PyObject*>(made));
    return nb::steal(reinterpret_cast<PyObject*>(made));
}

}  // namespace

void bind_direct_method(nb::module_& m) {
    m.def("direct_method", &direct_method, "function"_a, "usual"_a, "with_all"_a);
}

}  // namespace tokenry::bindings
