// A list of ids in the order of their priority, with cheap moves: blocks of a few hundred ids.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace tokenry::learn {

// rank, insert and erase cost a scan of one block and of the sizes of all: about 100 ns with 16,000
// ids, where moving half of an array would cost ten times that.
class ChunkList {
public:
    using Id = std::uint32_t;

    std::size_t size() const { return size_; }

    std::size_t rank(Id id) const {
        const std::size_t place = place_[block_of_[id]];
        std::size_t before = 0;
        for (std::size_t i = 0; i < place; ++i) before += sizes_[i];
        const Block& block = blocks_[order_[place]];
        return before + static_cast<std::size_t>(std::find(block.begin(), block.end(), id) -
                                                 block.begin());
    }

    // Puts `id` where its rank is `rank`, at most size().
    void insert(std::size_t rank, Id id) {
        if (order_.empty()) open(0);
        std::size_t place = 0;
        while (place + 1 < order_.size() && rank > sizes_[place]) rank -= sizes_[place++];
        Block& block = blocks_[order_[place]];
        block.insert(block.begin() + static_cast<std::ptrdiff_t>(rank), id);
        if (block_of_.size() <= id) block_of_.resize(id + 1);
        block_of_[id] = order_[place];
        ++sizes_[place];
        ++size_;
        if (sizes_[place] == most) halve(place);
    }

    void erase(Id id) {
        const std::size_t place = place_[block_of_[id]];
        Block& block = blocks_[order_[place]];
        block.erase(std::find(block.begin(), block.end(), id));
        --size_;
        if (--sizes_[place] == 0) close(place);
    }

    // Calls use(id) for all from `rank` on, in their order; `use` must not change the list.
    template <class Use>
    void from(std::size_t rank, Use use) const {
        for (std::size_t place = 0; place < order_.size(); ++place) {
            const Block& block = blocks_[order_[place]];
            for (std::size_t i = std::min(rank, block.size()); i < block.size(); ++i) use(block[i]);
            rank -= std::min(rank, block.size());
        }
    }

private:
    using Block = std::vector<Id>;
    static constexpr std::uint32_t most = 256;

    void open(std::size_t place) {
        std::uint32_t handle = static_cast<std::uint32_t>(blocks_.size());
        if (closed_.empty()) {
            blocks_.emplace_back();
            place_.push_back(0);
        } else {
            handle = closed_.back();
            closed_.pop_back();
        }
        order_.insert(order_.begin() + static_cast<std::ptrdiff_t>(place), handle);
        sizes_.insert(sizes_.begin() + static_cast<std::ptrdiff_t>(place), 0);
        renumber(place);
    }

    void close(std::size_t place) {
        closed_.push_back(order_[place]);
        order_.erase(order_.begin() + static_cast<std::ptrdiff_t>(place));
        sizes_.erase(sizes_.begin() + static_cast<std::ptrdiff_t>(place));
        renumber(place);
    }

    void halve(std::size_t place) {
        open(place + 1);
        Block& full = blocks_[order_[place]];
        Block& rest = blocks_[order_[place + 1]];
        rest.assign(full.begin() + most / 2, full.end());
        full.resize(most / 2);
        for (const Id id : rest) block_of_[id] = order_[place + 1];
        sizes_[place] = sizes_[place + 1] = most / 2;
    }

    void renumber(std::size_t from) {
        for (; from < order_.size(); ++from) place_[order_[from]] = static_cast<std::uint32_t>(from);
    }

    std::vector<Block> blocks_;
    std::vector<std::uint32_t> order_, sizes_;  // blocks in order, and how many ids each has
    std::vector<std::uint32_t> place_;          // of a block in order_
    std::vector<std::uint32_t> block_of_;       // of an id
    std::vector<std::uint32_t> closed_;
    std::size_t size_ = 0;
};

}  // namespace tokenry::learn
