// Objects that Python calls without making a tuple of arguments, and that hold other objects.
#pragma once
#include <array>
#include <cstddef>
#include <utility>

#include "bindings/bindings.hpp"

#include <structmember.h>

namespace tokenry::bindings {

// `count` objects are held; Options are plain values.
template <std::size_t count, class Options>
struct Vectorcalled {
    PyObject_HEAD
    vectorcallfunc call;
    PyObject* held[count];
    Options options;

    static Vectorcalled* of(PyObject* object) { return reinterpret_cast<Vectorcalled*>(object); }

    // Their type; `bind` may be null, or makes methods of them.
    static PyTypeObject* type(const char* name, getattrofunc attribute, descrgetfunc bind) {
        static PyMemberDef members[] = {
            {"__vectorcalloffset__", T_PYSSIZET, offsetof(Vectorcalled, call), READONLY, nullptr},
            {nullptr, 0, 0, 0, nullptr},
        };
        PyType_Slot slots[] = {
            {Py_tp_call, reinterpret_cast<void*>(PyVectorcall_Call)},
            {Py_tp_getattro, reinterpret_cast<void*>(attribute)},
            {Py_tp_traverse, reinterpret_cast<void*>(traverse)},
            {Py_tp_clear, reinterpret_cast<void*>(clear)},
            {Py_tp_dealloc, reinterpret_cast<void*>(destroy)},
            {Py_tp_members, members},
            {bind ? Py_tp_descr_get : 0, reinterpret_cast<void*>(bind)},
            {0, nullptr},
        };
        unsigned flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL;
        if (bind) flags |= Py_TPFLAGS_METHOD_DESCRIPTOR;
        PyType_Spec spec = {name, sizeof(Vectorcalled), 0, flags, slots};
        PyObject* made = PyType_FromSpec(&spec);
        if (!made) nb::raise_python_error();
        return reinterpret_cast<PyTypeObject*>(made);
    }
    static nb::object make(PyTypeObject* type, vectorcallfunc call, std::array<nb::object, count> held,
                           Options options) {
        Vectorcalled* made = PyObject_GC_New(Vectorcalled, type);
        if (!made) nb::raise_python_error();
        made->call = call;
        for (std::size_t i = 0; i < count; ++i) made->held[i] = held[i].release().ptr();
        made->options = options;
        PyObject_GC_Track(reinterpret_cast<PyObject*>(made));
        return nb::steal(reinterpret_cast<PyObject*>(made));
    }

private:
    static int traverse(PyObject* object, visitproc visit, void* arg) {
        Py_VISIT(Py_TYPE(object));
        for (PyObject* each : of(object)->held) Py_VISIT(each);
        return 0;
    }
    static int clear(PyObject* object) {
        for (PyObject*& each : of(object)->held) Py_CLEAR(each);
        return 0;
    }
    static void destroy(PyObject* object) {
        PyTypeObject* type = Py_TYPE(object);
        PyObject_GC_UnTrack(object);
        clear(object);
        type->tp_free(object);
        Py_DECREF(type);
    }
};

}  // namespace tokenry::bindings
