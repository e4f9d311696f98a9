// Finds the id of a byte string among the pieces of a table.
#pragma once
#include <vector>

#include "base/compiler.hpp"
#include "base/pages.hpp"
#include "encode/piece_table.hpp"

namespace tokenry::encode {

inline constexpr Id no_id = 0xffffffffu;

// Open addressing; a slot holds an id and eleven bits of the hash of its piece (4 bytes), so that
// what is not there costs no look at the pieces. The keys are the table's own: a vocabulary of
// 200,000 pieces costs 2 MB beyond its PieceTable. Refers to the table, which must outlive it.
class PieceIndex {
public:
    explicit PieceIndex(const PieceTable& table, std::size_t expected);

    // The first id added for a string stays; false where there was one. Empty pieces are never
    // found.
    bool add(Id id);

    Id find(const std::uint8_t* bytes, std::size_t size) const {
        return size <= base::Key::longest ? find(base::key_of(bytes, size))
                                          : find_long(bytes, size);
    }
    Id find(const base::Key& key) const { return find(key, base::hash_of(key)); }
    Id find(const base::Key& key, std::uint32_t hash) const {
        return find(hash, [&](Id id) { return table_->key(id) == key; });
    }
    Id find_long(const std::uint8_t* bytes, std::size_t size) const {
        return find_long(bytes, size, base::hash_of(bytes, size));
    }
    Id find_long(const std::uint8_t* bytes, std::size_t size, std::uint32_t hash) const {
        return find(hash, [&](Id id) { return equal(id, bytes, size); });
    }

    // Ask for the memory that find will read first, and next.
    void prefetch(std::uint32_t hash) const { base::prefetch(&slots_[hash & mask_]); }
    // The second without a branch, which would wait for the first: what is not there has the key of id 0.
    void prefetch_key(std::uint32_t hash) const {
        const std::uint32_t slot = slots_[hash & mask_];
        const bool is_there = alike(slot, hash) & (slot != no_id);  // an empty slot has hash bits too
        base::prefetch(&table_->key((slot & id_mask) * is_there));
    }

private:
    static constexpr std::uint32_t id_mask = (1u << 21) - 1;

    static bool alike(std::uint32_t slot, std::uint32_t hash) {
        return ((slot ^ hash) & ~id_mask) == 0;
    }
    template <typename Equal>
    Id find(std::uint32_t hash, Equal is_it) const {
        for (std::size_t at = hash & mask_;; at = (at + 1) & mask_) {
            const std::uint32_t slot = slots_[at];
            if (slot == no_id) return no_id;
            if (alike(slot, hash) && is_it(slot & id_mask)) return slot & id_mask;
        }
    }
    bool equal(Id id, const std::uint8_t* bytes, std::size_t size) const;

    const PieceTable* table_;
    std::vector<std::uint32_t, base::PageAllocator<std::uint32_t>> slots_;
    std::size_t mask_;
};

}  // namespace tokenry::encode
