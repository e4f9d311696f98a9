#include "encode/later_merges.hpp"

#include <algorithm>
#include <bit>

namespace tokenry::encode {

// Which ids of the beginning a piece may end with, and begin with, when later merges have made it.
class LaterMerges::Ends {
public:
    Ends(const std::vector<Merge>& merges, const std::vector<std::uint32_t>& orders,
         std::size_t pieces, std::uint32_t order)
        : first_(pieces), last_(pieces) {
        find_active(merges, orders, pieces, order);
        std::vector<bool> starts(pieces, true);  // ids that the beginning may have
        for (const Merge& merge : active_) starts[merge.merged] = false;
        for (std::size_t i = 0; i < merges.size() && orders[i] < order; ++i)
            starts[merges[i].merged] = true;
        for (Id id = 0; id < pieces; ++id)
            if (starts[id]) first_[id] = last_[id] = {id};
        while (spread()) {}
    }

    template <typename Use>
    void each_pair(Use use) const {
        for (const Merge& merge : active_)
            for (const Id left : last_[merge.left])
                for (const Id right : first_[merge.right]) use(left, right);
    }

    const std::vector<Merge>& active() const { return active_; }
    const std::vector<std::uint32_t>& orders() const { return orders_; }

private:
    // Those from `order` on, and earlier ones of which a part comes only now.
    void find_active(const std::vector<Merge>& merges, const std::vector<std::uint32_t>& orders,
                     std::size_t pieces, std::uint32_t order) {
        std::vector<bool> made(pieces), taken(merges.size());
        for (bool more = true; more;) {
            more = false;
            for (std::size_t i = 0; i < merges.size(); ++i) {
                const Merge& merge = merges[i];
                if (taken[i] || (orders[i] < order && !made[merge.left] && !made[merge.right])) continue;
                more = taken[i] = made[merge.merged] = true;
                active_.push_back(merge);
                orders_.push_back(orders[i]);
            }
        }
    }
    // In order of the merges one pass is enough where parts come before what is made of them.
    bool spread() {
        bool more = false;
        for (const Merge& merge : active_) {
            more |= unite(first_[merge.merged], first_[merge.left]);
            more |= unite(last_[merge.merged], last_[merge.right]);
        }
        return more;
    }
    static bool unite(std::vector<Id>& into, const std::vector<Id>& from) {
        const std::size_t before = into.size();
        for (const Id id : from)
            if (std::find(into.begin(), into.end(), id) == into.end()) into.push_back(id);
        return into.size() > before;
    }

    std::vector<Merge> active_;
    std::vector<std::uint32_t> orders_;
    std::vector<std::vector<Id>> first_, last_;
};

LaterMerges::LaterMerges(const PairTable& pairs, std::size_t pieces, std::uint32_t order) {
    const std::vector<Merge> merges = pairs.merges();
    std::vector<std::uint32_t> orders;
    for (const Merge& merge : merges) orders.push_back(pairs.order(merge.left, merge.right));
    const Ends ends(merges, orders, pieces, order);
    pairs_ = PairTable(ends.active(), ends.orders());
    std::size_t count = 0;
    ends.each_pair([&](Id, Id) { ++count; });
    joinable_.reserve(count);
    ends.each_pair([&](Id left, Id right) { joinable_.add(left, right); });
    merging_.reserve(ends.active().size());
    for (const Merge& merge : ends.active()) merging_.add(merge.left, merge.right);
}

void LaterMerges::Pairs::reserve(std::size_t count) {
    constexpr std::size_t bits_a_pair = 32;
    const int bits = std::bit_width(std::max<std::size_t>(1024, count * bits_a_pair));
    bits_.assign((std::size_t{1} << bits) / 64, 0);
    shift_ = 64 - bits;
}

// Bit i: ids[i] and ids[i + 1] may merge.
std::uint64_t LaterMerges::merging(const Id* ids, std::size_t count) const {
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < count; ++i)
        bits |= std::uint64_t{merging_.has(ids[i], ids[i + 1])} << i;
    return bits;
}

std::size_t LaterMerges::merge(std::span<Id> ids, std::span<std::uint32_t> counts,
                               Scratch& scratch) const {
    Id* out = ids.data();
    std::size_t done = 0;  // ids that stand before `out`, as they were or merged
    std::size_t pretoken = 0, first = 0, last = counts.empty() ? 0 : counts[0];
    for (std::size_t at = 0; at + 1 < ids.size(); at += 64) {
        std::uint64_t places = merging(&ids[at], std::min<std::size_t>(64, ids.size() - 1 - at));
        for (; places; places &= places - 1) {
            const std::size_t place = at + static_cast<std::size_t>(std::countr_zero(places));
            while (last <= place) {
                first = last;
                last += counts[++pretoken];
            }
            if (place < done || place + 1 == last) continue;
            std::size_t begin = place;
            std::size_t end = place + 2;
            while (begin > std::max(done, first) && joinable_.has(ids[begin - 1], ids[begin])) --begin;
            while (end < last && joinable_.has(ids[end - 1], ids[end])) ++end;
            out = std::copy(&ids[done], &ids[begin], out);
            const std::size_t left = end - begin == 2 ? merge_two(&ids[begin], out)
                                                      : merge_stretch(&ids[begin], end - begin, out, scratch);
            counts[pretoken] -= static_cast<std::uint32_t>(end - begin - left);
            out += left;
            done = end;
        }
    }
    out = std::copy(ids.begin() + static_cast<std::ptrdiff_t>(done), ids.end(), out);
    return static_cast<std::size_t>(out - ids.data());
}

// Writes what merging makes of two ids, without a branch: one pair in five only seems to merge.
std::size_t LaterMerges::merge_two(const Id* ids, Id* out) const {
    const Id left = ids[0];
    const Id right = ids[1];
    const std::uint32_t order = pairs_.order(left, right);
    const bool merges = order != no_merge;
    out[0] = merges ? pairs_.merged(merges ? order : 0, left, right) : left;
    out[1] = right;
    return 2 - merges;
}

std::size_t LaterMerges::merge_stretch(const Id* ids, std::size_t count, Id* out, Scratch& scratch) const {
    if (count > 16) {
        std::copy_n(ids, count, out);
        return encode::merge(pairs_, out, count, scratch.merge);
    }
    std::copy_n(ids, count, scratch.word.ids);
    scratch.word.look_up_all(pairs_, static_cast<unsigned>(count));
    scratch.word.start(static_cast<unsigned>(count));
    while (scratch.word.step(pairs_)) {}
    return scratch.word.write(out);
}

}  // namespace tokenry::encode
