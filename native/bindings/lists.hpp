// Python's lists of numbers and of pairs, of objects that all of them share.
#pragma once
#include <cstdint>

#include "base/buffer.hpp"
#include "base/text.hpp"
#include "bindings/bindings.hpp"

namespace tokenry::bindings {

// A number, and a pair (begin, end); new references. Making an int takes 15 ns and 32 bytes of new
// memory, a pair 120 bytes; one that is there already is handed out in 3 ns. None of them changes,
// so all may share them. They are kept for good: 12 MB of numbers and 16 MB of pairs at most.
PyObject* shared_number(std::uint64_t value);
PyObject* shared_pair(std::int64_t begin, std::int64_t end);

nb::list list_of(const base::Buffer<base::Id>& ids);

}  // namespace tokenry::bindings
