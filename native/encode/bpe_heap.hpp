// Merging of many symbols in O(n log n).
#pragma once
#include <algorithm>
#include <cstdint>
#include <functional>
#include <vector>

#include "base/interrupts.hpp"
#include "encode/bpe_merge.hpp"

namespace tokenry::encode {

// Merging over a linked list; heap entries are order and position, and an entry whose order is no
// longer the position's is stale.
template <typename Pairs>
class HeapMerge {
public:
    HeapMerge(const Pairs& pairs, const Id* ids, std::size_t count, MergeScratch& scratch)
        : pairs_(pairs), nodes_(scratch.nodes), heap_(scratch.heap) {
        nodes_.resize(count);
        heap_.clear();
        for (std::size_t i = 0; i < count; ++i) {
            const auto at = static_cast<std::uint32_t>(i);
            const auto next = i + 1 < count ? at + 1 : none;
            const auto order = i + 1 < count ? pairs.order(ids[i], ids[i + 1]) : no_merge;
            nodes_[i] = {ids[i], order, at - 1, next};
            if (order != no_merge) heap_.push_back(entry(order, at));
        }
        std::make_heap(heap_.begin(), heap_.end(), std::greater<>());
    }

    void run() {
        for (base::Paced pace; !heap_.empty(); pace.step()) {
            std::pop_heap(heap_.begin(), heap_.end(), std::greater<>());
            const std::uint64_t top = heap_.back();
            heap_.pop_back();
            const auto at = static_cast<std::uint32_t>(top);
            if (nodes_[at].order == static_cast<std::uint32_t>(top >> 32)) join(at);
        }
    }

    // What is left, and where each begins.
    template <typename Place>
    void visit(Place place) const {
        for (std::uint32_t at = 0; at != none; at = nodes_[at].next) place(at, nodes_[at].id);
    }

private:
    static constexpr std::uint32_t none = 0xffffffffu;

    static std::uint64_t entry(std::uint32_t order, std::uint32_t at) {
        return (static_cast<std::uint64_t>(order) << 32) | at;
    }

    void join(std::uint32_t at) {
        MergeScratch::Node& node = nodes_[at];
        MergeScratch::Node& gone = nodes_[node.next];
        node.id = pairs_.merged(node.order, node.id, gone.id);
        gone.order = no_merge;
        node.next = gone.next;
        if (node.next != none) nodes_[node.next].previous = at;
        refresh(at);
        if (node.previous != none) refresh(node.previous);
    }

    void refresh(std::uint32_t at) {
        MergeScratch::Node& node = nodes_[at];
        node.order =
            node.next == none ? no_merge : pairs_.order(node.id, nodes_[node.next].id);
        if (node.order == no_merge) return;
        heap_.push_back(entry(node.order, at));
        std::push_heap(heap_.begin(), heap_.end(), std::greater<>());
    }

    const Pairs& pairs_;
    std::vector<MergeScratch::Node>& nodes_;
    std::vector<std::uint64_t>& heap_;
};

}  // namespace tokenry::encode
