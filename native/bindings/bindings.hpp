// What each room of the core shows to Python.
#pragma once
#include <nanobind/nanobind.h>

namespace tokenry::bindings {

namespace nb = nanobind;
using namespace nb::literals;

void bind_finder(nb::module_& m);            // what finds pretokens
void bind_split(nb::module_& m);             // Unicode classes and splitters
void bind_patterns(nb::module_& m);          // patterns, one after the other
void bind_normalize(nb::module_& m);         // normalizers and their rules
void bind_segmenters(nb::module_& m);        // all but those of the next two
void bind_bpe(nb::module_& m);               // byte-pair segmenters and rank files
void bind_raw_words(nb::module_& m);         // segmenters of words as they stand in text
void bind_python_segmenter(nb::module_& m);  // segmenters written in Python
void bind_formats(nb::module_& m);           // names, vocabularies and merges of files
void bind_places(nb::module_& m);            // added tokens and pieces in text
void bind_engines(nb::module_& m);           // Engine, LocalEngine, threads
void bind_lists(nb::module_& m);             // rows of a batch as lists
void bind_short_calls(nb::module_& m);       // calls that are left to others
void bind_direct_method(nb::module_& m);     // methods that ask the core without Python
void bind_learn_words(nb::module_& m);       // counting words, documents as symbols
void bind_learn_pairs(nb::module_& m);       // BPE and SuperBPE training
void bind_learn_events(nb::module_& m);      // PickyBPE and BoundlessBPE training
void bind_learn_unigram(nb::module_& m);
void bind_learn_wordpiece(nb::module_& m);
void bind_learn_lib(nb::module_& m);
void bind_domains(nb::module_& m);           // readers of data that is not prose

}  // namespace tokenry::bindings
