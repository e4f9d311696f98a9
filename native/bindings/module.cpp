#include "bindings/bindings.hpp"

NB_MODULE(_native, m) {
    using namespace tokenry::bindings;
    m.doc() = "The native core of tokenry.";
    // A tokenizer in a module's global is alive when the interpreter ends, and is no leak.
    nb::set_leak_warnings(false);
    bind_finder(m);
    bind_split(m);
    bind_patterns(m);
    bind_normalize(m);
    bind_segmenters(m);
    bind_bpe(m);
    bind_formats(m);
    bind_raw_words(m);
    bind_python_segmenter(m);
    bind_places(m);
    bind_engines(m);
    bind_lists(m);
    bind_short_calls(m);
    bind_direct_method(m);
    bind_learn_words(m);
    bind_learn_pairs(m);
    bind_learn_events(m);
    bind_learn_unigram(m);
    bind_learn_wordpiece(m);
    bind_learn_lib(m);
    bind_domains(m);
}
