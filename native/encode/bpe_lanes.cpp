#include "encode/bpe_lanes.hpp"

#include "base/compiler.hpp"
#include "base/simd.hpp"

namespace tokenry::encode {

MergeLanes merge_lanes() {
#if defined(TOKENRY_X86)
    if (base::best_simd() == base::Simd::avx512) return merge_lanes_avx512;
#endif
    return nullptr;
}

}  // namespace tokenry::encode
