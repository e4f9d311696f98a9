#include "bindings/bindings.hpp"

namespace nb = nanobind;

namespace tokenry {

void bind_split(nb::module_& m) { (void)m; }

}  // namespace tokenry
