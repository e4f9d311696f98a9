#include "encode/piece_table.hpp"

#include <algorithm>
#include <cstring>
#include <string>

#include "base/errors.hpp"

namespace tokenry::encode {
namespace {

void check(std::size_t bytes, std::span<const std::uint64_t> offsets) {
    if (offsets.empty() || offsets.front() != 0 || offsets.back() != bytes)
        throw base::VocabularyError("offsets of " + std::to_string(bytes) +
                                    " bytes of pieces must start at 0 and end at that number");
    if (offsets.size() - 1 > PieceTable::most)
        throw base::VocabularyError("a vocabulary of " + std::to_string(offsets.size() - 1) +
                                    " pieces is too large; the most is " +
                                    std::to_string(PieceTable::most));
    for (std::size_t i = 1; i < offsets.size(); ++i)
        if (offsets[i] < offsets[i - 1] || offsets[i] - offsets[i - 1] >= (1ull << 31))
            throw base::VocabularyError("offsets must ascend by less than 2^31, but piece " +
                                        std::to_string(i - 1) + " goes from " +
                                        std::to_string(offsets[i - 1]) + " to " +
                                        std::to_string(offsets[i]));
}

}  // namespace

PieceTable::PieceTable(std::span<const std::uint8_t> bytes,
                       std::span<const std::uint64_t> offsets) {
    check(bytes.size(), offsets);
    const std::size_t count = offsets.size() - 1;
    offsets_.assign(offsets.begin(), offsets.end());
    bytes_.resize(bytes.size() + 16);
    std::copy(bytes.begin(), bytes.end(), bytes_.begin());
    keys_.resize(count);
    sizes_.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
        sizes_[i] = static_cast<std::uint32_t>(offsets[i + 1] - offsets[i]);
        if (sizes_[i] != 0 && sizes_[i] <= base::Key::longest)
            keys_[i] = base::key_of_padded(bytes_.data() + offsets_[i], sizes_[i]);
    }
}

std::size_t PieceTable::decoded_size(std::span<const Id> ids) const {
    std::size_t total = 0;
    Id largest = 0;
    for (const Id id : ids) largest = std::max(largest, id);
    if (!ids.empty() && largest >= size())
        throw base::VocabularyError("id " + std::to_string(largest) +
                                    " is not in a vocabulary of " + std::to_string(size()) +
                                    " ids");
    for (const Id id : ids) total += sizes_[id];
    return total;
}

// Sixteen bytes are copied whatever the piece; the next one overwrites what was too much. The
// width comes from the key, whose line is there already. Only pieces of more than 15 bytes (0.2% of
// ids in English) and empty ones take the branch.
std::uint8_t* PieceTable::decode(std::span<const Id> ids, std::uint8_t* out) const {
    for (const Id id : ids) {
        std::memcpy(out, &keys_[id], 16);
        std::uint32_t width = keys_[id].size();
        if (width == 0) [[unlikely]] {
            width = sizes_[id];
            std::memcpy(out, data(id), width);
        }
        out += width;
    }
    return out;
}

void PieceTable::decode_exactly(std::span<const Id> ids, std::uint8_t* out) const {
    std::size_t fast = ids.size();
    for (std::size_t tail = 0; fast > 0 && tail < 16;) tail += width(ids[--fast]);
    out = decode(ids.first(fast), out);
    for (const Id id : ids.subspan(fast)) {
        std::memcpy(out, data(id), width(id));
        out += width(id);
    }
}

}  // namespace tokenry::encode
