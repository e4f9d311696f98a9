// Four numbers side by side, in registers of sixteen bytes where compilers have them.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "base/compiler.hpp"

namespace tokenry::base {

#if defined(TOKENRY_MSVC)
template <class T>
struct Vector4 {
    T lanes[4];

    T operator[](std::size_t i) const { return lanes[i]; }
    friend Vector4 operator+(Vector4 a, T b) {
        for (T& lane : a.lanes) lane += b;
        return a;
    }
    friend Vector4<std::int32_t> operator>(Vector4 a, Vector4 b) {
        Vector4<std::int32_t> found;
        for (std::size_t i = 0; i < 4; ++i) found.lanes[i] = -(a.lanes[i] > b.lanes[i]);
        return found;
    }
};
using Floats4 = Vector4<float>;
using Ints4 = Vector4<std::int32_t>;

template <class V>
V chosen(Ints4 first, V a, V b) {
    for (std::size_t i = 0; i < 4; ++i)
        if (!first.lanes[i]) a.lanes[i] = b.lanes[i];
    return a;
}
#else
using Floats4 [[gnu::vector_size(16)]] = float;
using Ints4 [[gnu::vector_size(16)]] = std::int32_t;

// Lanes of `a` where a comparison held, else those of `b`.
template <class V>
V chosen(Ints4 first, V a, V b) {
    return first ? a : b;
}
#endif

inline Floats4 greater(Floats4 a, Floats4 b) { return chosen(a > b, a, b); }
inline Floats4 lesser(Floats4 a, Floats4 b) { return chosen(a > b, b, a); }
inline Floats4 load4(const float* from) {
    Floats4 loaded;
    std::memcpy(&loaded, from, sizeof loaded);
    return loaded;
}
// Each lane one place lower, and another number in the last.
template <class V, class T>
V moved_down(V a, T last) {
    return V{a[1], a[2], a[3], last};
}

}  // namespace tokenry::base
