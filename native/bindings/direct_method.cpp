// A method of a text that asks the core with no function of Python in between, which takes 0.4 us of
// the 1.2 us of a short text. What asks more, and what fails, is left to that function.
#include <cstddef>

#include "bindings/vectorcalled.hpp"

namespace tokenry::bindings {
namespace {

struct None {};
enum Held { function, usual, with_all };  // the latter two are names of attributes of the encoder
using DirectMethod = Vectorcalled<3, None>;

bool allows_all(PyObject* name, PyObject* value) {
    static PyObject* const option = PyUnicode_InternFromString("allowed_special");
    static PyObject* const all = PyUnicode_InternFromString("all");
    const auto is = [](PyObject* given, PyObject* wanted) {
        return given == wanted || (PyUnicode_CheckExact(given) && PyUnicode_Compare(given, wanted) == 0);
    };
    return is(name, option) && is(value, all);
}

// Which attribute answers a call of a method with these arguments; `function` where none does.
Held answers(PyObject* const* args, std::size_t flags, PyObject* names) {
    if (PyVectorcall_NARGS(flags) != 2) return function;
    if (names == nullptr || PyTuple_GET_SIZE(names) == 0) return usual;
    const bool alone = PyTuple_GET_SIZE(names) == 1;
    return alone && allows_all(PyTuple_GET_ITEM(names, 0), args[2]) ? with_all : function;
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
    const DirectMethod& self = *DirectMethod::of(object);
    if (const Held which = answers(args, flags, names); which != function) {
        PyObject* found = ask(args[0], self.held[which], args[1]);
        if (found != nullptr || !PyErr_ExceptionMatches(PyExc_Exception)) return found;
        PyErr_Clear();
    }
    return PyObject_Vectorcall(self.held[function], args, flags, names);
}

PyObject* bind(PyObject* object, PyObject* owner, PyObject*) {
    if (owner == nullptr || owner == Py_None) return Py_NewRef(object);
    return PyMethod_New(object, owner);
}

// All else that is asked of it is asked of the function: __name__, __doc__, __module__.
PyObject* attribute(PyObject* object, PyObject* name) {
    PyObject* wrapped = DirectMethod::of(object)->held[function];
    const bool itself = PyUnicode_CompareWithASCIIString(name, "__wrapped__") == 0;
    return itself ? Py_NewRef(wrapped) : PyObject_GetAttr(wrapped, name);
}

nb::object interned(const nb::str& name) {
    PyObject* kept = name.inc_ref().ptr();
    PyUnicode_InternInPlace(&kept);
    return nb::steal(kept);
}

nb::object direct_method(nb::object function, nb::str usual, nb::str with_all) {
    static PyTypeObject* const type = DirectMethod::type("tokenry._native.DirectMethod", attribute, bind);
    return DirectMethod::make(type, call, {function, interned(usual), interned(with_all)}, {});
}

}  // namespace

void bind_direct_method(nb::module_& m) {
    m.def("direct_method", &direct_method, "function"_a, "usual"_a, "with_all"_a);
}

}  // namespace tokenry::bindings
