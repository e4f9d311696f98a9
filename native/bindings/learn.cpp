#include "bindings/bindings.hpp"

namespace nb = nanobind;

namespace tokenry {

void bind_learn(nb::module_& m) { (void)m; }

}  // namespace tokenry
