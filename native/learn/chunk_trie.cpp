#include "learn/chunk_trie.hpp"

#include <utility>

namespace tokenry::learn {
namespace {

constexpr int kFirstBits = 12;

}  // namespace

ChunkTrie::ChunkTrie() : nodes_(1), edges_(std::size_t{1} << kFirstBits), shift_(64 - kFirstBits) {}

// Where the edge is, or the free slot where it would be.
std::size_t ChunkTrie::slot(std::uint64_t key) const {
    std::size_t at = home(key);
    while (edges_[at].key != key && edges_[at].key != 0) at = (at + 1) & (edges_.size() - 1);
    return at;
}

std::uint32_t ChunkTrie::child(std::uint32_t node, char byte) const {
    const std::uint64_t key = key_of(node, byte);
    const Edge& edge = edges_[slot(key)];
    return edge.key == key ? edge.child : none;
}

std::uint32_t ChunkTrie::make_child(std::uint32_t node, char byte) {
    if (2 * ++used_ > edges_.size()) grow();
    auto made = static_cast<std::uint32_t>(nodes_.size());
    if (free_.empty()) {
        nodes_.emplace_back();
    } else {
        made = free_.back();
        free_.pop_back();
        nodes_[made] = {};
    }
    const std::uint64_t key = key_of(node, byte);
    edges_[slot(key)] = {key, made};
    return made;
}

void ChunkTrie::grow() {
    std::vector<Edge> old(edges_.size() * 2);
    std::swap(old, edges_);
    --shift_;
    for (const Edge& edge : old)
        if (edge.key != 0) edges_[slot(edge.key)] = edge;
}

// Later edges of the same run move up where their home allows it, so that no search breaks off.
void ChunkTrie::remove_edge(std::uint64_t key) {
    const std::size_t mask = edges_.size() - 1;
    std::size_t gap = slot(key);
    for (std::size_t at = (gap + 1) & mask; edges_[at].key != 0; at = (at + 1) & mask) {
        if (((at - home(edges_[at].key)) & mask) < ((at - gap) & mask)) continue;
        edges_[gap] = edges_[at];
        gap = at;
    }
    edges_[gap] = {};
    --used_;
}

void ChunkTrie::add(std::string_view key, std::uint32_t value) {
    std::uint32_t node = 0;
    for (const char byte : key) {
        std::uint32_t next = child(node, byte);
        if (next == none) next = make_child(node, byte);
        node = next;
        ++nodes_[node].keys;
    }
    nodes_[node].value = value;
}

void ChunkTrie::erase(std::string_view key) {
    std::uint32_t node = 0;
    for (std::size_t i = 0; i < key.size(); ++i) {
        const std::uint32_t next = child(node, key[i]);
        if (i + 1 == key.size()) nodes_[next].value = none;
        if (--nodes_[next].keys == 0) {
            remove_edge(key_of(node, key[i]));
            free_.push_back(next);
        }
        node = next;
    }
}

std::uint32_t ChunkTrie::find(std::string_view key) const {
    std::uint32_t node = 0;
    for (const char byte : key)
        if ((node = child(node, byte)) == none) return none;
    return nodes_[node].value;
}

ChunkTrie::Found ChunkTrie::longest(std::string_view text) const {
    Found found{0, 0, none, none};
    std::uint32_t node = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if ((node = child(node, text[i])) == none) break;
        if (nodes_[node].value == none) continue;
        found = {i + 1, found.length, nodes_[node].value, found.value};
    }
    return found;
}

}  // namespace tokenry::learn
