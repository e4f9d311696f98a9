#include "encode/piece_index.hpp"

#include <bit>

namespace tokenry {

PieceIndex::PieceIndex(const PieceTable& table, std::size_t expected)
    : table_(&table),
      slots_(std::bit_ceil(expected * 2 + 16), no_id),
      mask_(slots_.size() - 1) {}

bool PieceIndex::add(Id id) {
    const std::uint32_t size = table_->width(id);
    if (size == 0) return false;
    const bool is_short = size <= Key::longest;
    const std::uint32_t hash =
        is_short ? hash_of(table_->key(id)) : hash_of(table_->data(id), size);
    std::size_t slot = hash & mask_;
    for (; slots_[slot] != no_id; slot = (slot + 1) & mask_) {
        const Id other = slots_[slot];
        if (is_short ? table_->key(other) == table_->key(id) : equal(other, table_->data(id), size))
            return false;
    }
    slots_[slot] = id;
    return true;
}

bool PieceIndex::equal(Id id, const std::uint8_t* bytes, std::size_t size) const {
    return table_->width(id) == size && std::memcmp(table_->data(id), bytes, size) == 0;
}

Id PieceIndex::find_long(const std::uint8_t* bytes, std::size_t size) const {
    for (std::size_t slot = hash_of(bytes, size) & mask_;; slot = (slot + 1) & mask_) {
        const Id id = slots_[slot];
        if (id == no_id || equal(id, bytes, size)) return id;
    }
}

}  // namespace tokenry
