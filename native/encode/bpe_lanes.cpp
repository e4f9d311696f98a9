#include "encode/bpe_lanes.hpp"

#include "base/compiler.hpp"
#include "base/simd.hpp"

namespace tokenry::encode {

LaneMerger lane_merger() {
#if defined(TOKENRY_X86)
    if (base::best_simd() == base::Simd::avx512) return {merge_lanes_avx512, BpeLanes::longest};
    if (base::best_simd() == base::Simd::avx2) return {merge_lanes_avx2, longest_avx2};
#endif
    return {};
}

}  // namespace tokenry::encode
