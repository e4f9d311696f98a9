#include "bindings/bindings.hpp"

NB_MODULE(_native, m) {
    m.doc() = "The native core of tokenry.";
    tokenry::bind_split(m);
    tokenry::bind_encode(m);
    tokenry::bind_models(m);
    tokenry::bind_learn(m);
}
