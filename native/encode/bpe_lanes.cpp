#include "encode/bpe_lanes.hpp"

#include "split/registry.hpp"

namespace tokenry {

MergeLanes merge_lanes() {
#if defined(__x86_64__)
    if (best_simd() == Simd::avx512) return merge_lanes_avx512;
#endif
    return nullptr;
}

}  // namespace tokenry
