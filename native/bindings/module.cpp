#include "bindings/bindings.hpp"

NB_MODULE(_native, m) {
    m.doc() = "The native core of tokenry.";
    // A tokenizer in a module's global is alive when the interpreter ends, and is no leak.
    nanobind::set_leak_warnings(false);
    tokenry::bind_split(m);
    tokenry::bind_encode(m);
    tokenry::bind_models(m);
    tokenry::bind_local(m);
    tokenry::bind_python_segmenter(m);
    tokenry::bind_events(m);
    tokenry::bind_learn(m);
    tokenry::bind_event_learning(m);
    tokenry::bind_learn_unigram(m);
    tokenry::bind_learn_wordpiece(m);
    tokenry::bind_lib(m);
}
