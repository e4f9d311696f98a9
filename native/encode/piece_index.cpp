#include "encode/piece_index.hpp"

#include <bit>

namespace tokenry::encode {

PieceIndex::PieceIndex(const PieceTable& table, std::size_t expected)
    : table_(&table),
      slots_(std::bit_ceil(expected * 2 + 16), no_id),
      mask_(slots_.size() - 1) {}

bool PieceIndex::add(Id id) {
    const std::uint32_t size = table_->width(id);
    if (size == 0) return false;
    const bool is_short = size <= base::Key::longest;
    const std::uint32_t hash =
        is_short ? base::hash_of(table_->key(id)) : base::hash_of(table_->data(id), size);
    const Id other = is_short ? find(table_->key(id), hash)
                              : find_long(table_->data(id), size, hash);
    if (other != no_id) return false;
    std::size_t at = hash & mask_;
    while (slots_[at] != no_id) at = (at + 1) & mask_;
    slots_[at] = (hash & ~id_mask) | id;
    return true;
}

bool PieceIndex::equal(Id id, const std::uint8_t* bytes, std::size_t size) const {
    return table_->width(id) == size && std::memcmp(table_->data(id), bytes, size) == 0;
}

}  // namespace tokenry::encode
