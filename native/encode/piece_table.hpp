// The bytes of every id, laid out for decoding and for comparing keys.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/key.hpp"
#include "encode/segmenter.hpp"

namespace tokenry::encode {

class PieceTable {
public:
    // Piece i is bytes[offsets[i], offsets[i + 1]); throws std::invalid_argument where the offsets
    // do not describe that. At most 2^21 - 1 pieces, of less than 2^31 bytes each.
    PieceTable(std::span<const std::uint8_t> bytes, std::span<const std::uint64_t> offsets);

    static constexpr std::size_t most = (std::size_t{1} << 21) - 1;

    std::size_t size() const { return sizes_.size(); }
    std::uint32_t width(Id id) const { return sizes_[id]; }
    const std::uint8_t* data(Id id) const { return bytes_.data() + offsets_[id]; }
    // The key of a piece of at most Key::longest bytes; zeros for a longer or an empty one.
    const base::Key& key(Id id) const { return keys_[id]; }

    std::size_t decoded_size(std::span<const Id> ids) const;  // throws on an id out of range
    // Writes the pieces one after another and returns where they end. Up to 16 bytes beyond that
    // are overwritten.
    std::uint8_t* decode(std::span<const Id> ids, std::uint8_t* out) const;
    // The same, and nothing beyond is touched.
    void decode_exactly(std::span<const Id> ids, std::uint8_t* out) const;

private:
    std::vector<base::Key> keys_;
    std::vector<std::uint32_t> sizes_;
    std::vector<std::uint64_t> offsets_;
    std::vector<std::uint8_t> bytes_;  // 16 more than the pieces need: reads may overrun
};

}  // namespace tokenry::encode
