// Finds the id of a byte string among the pieces of a table.
#pragma once
#include <vector>

#include "encode/piece_table.hpp"

namespace tokenry {

inline constexpr Id no_id = 0xffffffffu;

// Open addressing over ids only (4 bytes a slot): the keys are the table's own, so a vocabulary of
// 200,000 pieces costs 2 MB beyond its PieceTable. Refers to the table, which must outlive it.
class PieceIndex {
public:
    explicit PieceIndex(const PieceTable& table, std::size_t expected);

    // The first id added for a string stays; false where there was one. Empty pieces are never
    // found.
    bool add(Id id);

    Id find(const std::uint8_t* bytes, std::size_t size) const {
        return size <= Key::longest ? find(key_of(bytes, size)) : find_long(bytes, size);
    }
    Id find(const Key& key) const { return find(key, hash_of(key)); }
    Id find(const Key& key, std::uint32_t hash) const {
        for (std::size_t slot = hash & mask_;; slot = (slot + 1) & mask_) {
            const Id id = slots_[slot];
            if (id == no_id || table_->key(id) == key) return id;
        }
    }
    Id find_long(const std::uint8_t* bytes, std::size_t size) const;

    // Ask for the memory that find will read first, and next.
    void prefetch(std::uint32_t hash) const { __builtin_prefetch(&slots_[hash & mask_]); }
    void prefetch_key(std::uint32_t hash) const {
        const Id id = slots_[hash & mask_];
        if (id != no_id) __builtin_prefetch(&table_->key(id));
    }

private:
    bool equal(Id id, const std::uint8_t* bytes, std::size_t size) const;

    const PieceTable* table_;
    std::vector<Id> slots_;
    std::size_t mask_;
};

}  // namespace tokenry
