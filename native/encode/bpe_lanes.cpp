#include "encode/bpe_lanes.hpp"

#include "split/registry.hpp"

namespace tokenry::encode {

MergeLanes merge_lanes() {
#if defined(__x86_64__)
    if (split::best_simd() == split::Simd::avx512) return merge_lanes_avx512;
#endif
    return nullptr;
}

}  // namespace tokenry::encode
