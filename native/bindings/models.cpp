#include "bindings/bindings.hpp"

namespace nb = nanobind;

namespace tokenry {

void bind_models(nb::module_& m) { (void)m; }

}  // namespace tokenry
