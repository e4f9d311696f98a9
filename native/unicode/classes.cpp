#include "unicode/classes.hpp"

namespace tokenry::unicode {

constexpr std::array<std::uint16_t, kCodePoints / kBlock> kBlocks =
    expand<kCodePoints / kBlock, std::uint16_t>(kBlockRuns);
constexpr std::array<std::uint8_t, kRecords> kRecordTable =
    expand<kRecords, std::uint8_t>(kRecordRuns);

static_assert(total(kBlockRuns) == kCodePoints / kBlock);

}  // namespace tokenry::unicode
