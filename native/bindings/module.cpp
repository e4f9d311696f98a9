#include "bindings/bindings.hpp"

NB_MODULE(_native, m) {
    using namespace tokenry::bindings;
    m.doc() = "The native core of tokenry.";
    // A tokenizer in a module's global is alive when the interpreter ends, and is no leak.
    nanobind::set_leak_warnings(false);
    bind_split(m);
    bind_encode(m);
    bind_models(m);
    bind_local(m);
    bind_python_segmenter(m);
    bind_events(m);
    bind_learn(m);
    bind_event_learning(m);
    bind_learn_unigram(m);
    bind_learn_wordpiece(m);
    bind_lib(m);
}
