#include "split/numbers.hpp"

#include <algorithm>

#include "split/look_back.hpp"

namespace tokenry::split {
namespace {

constexpr std::size_t kChunk = 1024;  // ends asked of the base at a time
constexpr std::ptrdiff_t kFar = kLongestPretoken;
constexpr Mask kDecimal = unicode::mask({unicode::Nd});
// Before one of these a hyphen is no sign, as in "A-4", "2-1" and "f(x)-1".
constexpr Mask kOperand = unicode::kLetter | unicode::kMark | unicode::kNumber;

// Bytes of the sign (+, - or U+2212) that ends at `stop`, 0 if there is none.
std::size_t sign_before(Pointer text, Pointer stop) {
    if (stop - text >= 1 && (stop[-1] == '-' || stop[-1] == '+')) return 1;
    const bool minus = stop - text >= 3 && stop[-3] == 0xE2 && stop[-2] == 0x88 && stop[-1] == 0x92;
    return minus ? 3 : 0;
}

// What is left to write, and where writing is.
struct Ends {
    std::uint32_t* ends;
    std::size_t capacity, count;
    Pointer start, place;

    bool full() const { return count == capacity; }
    // False where the end is further than an end can say; the call then stops before it.
    bool add(Pointer stop) {
        if (stop - start > static_cast<std::ptrdiff_t>(kLongestPretoken)) return false;
        ends[count++] = static_cast<std::uint32_t>(stop - start);
        place = stop;
        return true;
    }
};

class NumberSplitter final : public Splitter {
public:
    NumberSplitter(std::unique_ptr<Splitter> base, NumberPolicy policy, bool strict)
        : base_(std::move(base)), policy_(policy), strict_(strict) {}

    std::size_t split(Pointer text, std::size_t size, std::size_t begin, std::uint32_t* ends,
                      std::size_t capacity) const override {
        Ends out{ends, capacity, 0, text + begin, text + begin};
        std::uint32_t found[kChunk];
        while (out.place < text + size && !out.full()) {
            const Pointer from = out.place;
            const std::size_t count =
                base_->split(text, size, static_cast<std::size_t>(from - text), found,
                             std::min(kChunk, capacity - out.count));
            for (std::size_t i = 0; i < count && !out.full();) {
                i += copy_plain(from, found + i, count - i, out);
                if (i == count || out.full()) break;
                const Pointer stop = from + found[i++];
                if (stop > out.place && !pretoken(text, text + size, stop, out)) return out.count;
            }
        }
        return out.count;
    }

private:
    // Writes the ends of the first pretokens, as long as a look at one byte shows that they hold no
    // number; returns how many. This is where the time goes: 96% of the pretokens of English.
    std::size_t copy_plain(Pointer from, const std::uint32_t* found, std::size_t count,
                           Ends& out) const {
        if (!strict_ || policy_.signs || from + found[count - 1] - out.start > kFar) return 0;
        const auto shift = static_cast<std::uint32_t>(from - out.start);
        const std::size_t most = std::min(count, out.capacity - out.count);
        std::uint32_t* ends = out.ends + out.count;
        Pointer place = out.place;
        std::size_t i = 0;
        for (; i < most; ++i) {
            const Pointer stop = from + found[i];
            if (stop <= place) break;
            const std::uint8_t first = place[(*place == ' ') & (stop - place > 1)];
            if (first >= 0x80 || unsigned(first - '0') <= 9) break;
            ends[i] = found[i] + shift;
            place = stop;
        }
        out.count += i;
        out.place = place;
        return i;
    }

    // Writes [out.place, stop), which `base` left whole. False when no more can be written.
    bool pretoken(Pointer text, Pointer end, Pointer stop, Ends& out) const {
        while (out.place < stop && !out.full()) {
            const Pointer number = find_number(out.place, stop, end);
            if (number > out.place) {
                if (!before_number(text, end, number, out)) return false;
            } else if (!out.add(group(text, out.place, end))) {
                return false;
            }
        }
        return true;
    }

    // The first number in [from, stop), or `stop`.
    Pointer find_number(Pointer from, Pointer stop, Pointer end) const {
        if (strict_) {
            const Pointer first = from + (*from == ' ' && stop - from > 1);
            return at(first, end, unicode::kNumber) ? first : stop;
        }
        return skip(from, stop, ~unicode::kNumber);
    }

    // Writes the text up to `stop`, and first what is before a sign at its end.
    bool before_number(Pointer text, Pointer end, Pointer stop, Ends& out) const {
        if (policy_.signs && at(stop, end, kDecimal)) {
            const Pointer sign = stop - sign_before(text, stop);
            if (sign > out.place && sign < stop && is_sign(text, sign) && !out.add(sign))
                return false;
            if (out.full()) return true;
        }
        return out.add(stop);
    }

    static bool is_sign(Pointer text, Pointer sign) {
        return !follows(text, sign, kOperand) && sign[-1] != ')' && sign[-1] != ']';
    }

    // End of the group that starts at `place`. Within a number, after another group, it is as long
    // as can be: what remains of one that is cut from the right are whole groups.
    Pointer group(Pointer text, Pointer place, Pointer end) const {
        const Char first = read(place, end);
        if (!(first.mask & kDecimal) || policy_.grouping == Grouping::single)
            return place + first.width;
        const Pointer longest = skip(place, end, kDecimal, policy_.group);
        if (policy_.grouping == Grouping::left || follows(text, place, kDecimal)) return longest;
        if (policy_.grouping == Grouping::place && place > text && place[-1] == '.') return longest;
        std::uint32_t odd = 0;  // digits beyond whole groups
        for (Pointer digit = place; at(digit, end, kDecimal); digit += read(digit, end).width)
            odd = odd + 1 == policy_.group ? 0 : odd + 1;
        return odd == 0 ? longest : skip(place, end, kDecimal, odd);
    }

    std::unique_ptr<Splitter> base_;
    NumberPolicy policy_;
    bool strict_;
};

}  // namespace

std::optional<NumberPolicy> NumberPolicy::parse(std::string_view name) {
    NumberPolicy policy;
    constexpr std::string_view kSigns = "+signs";
    if (name.ends_with(kSigns)) {
        policy.signs = true;
        name.remove_suffix(kSigns.size());
    }
    if (name == "single") return policy;
    if (name.empty() || name.back() < '1' || name.back() > '9') return std::nullopt;
    policy.group = static_cast<std::uint32_t>(name.back() - '0');
    name.remove_suffix(1);
    if (name == "l2r") policy.grouping = Grouping::left;
    else if (name == "r2l") policy.grouping = Grouping::right;
    else if (name == "place") policy.grouping = Grouping::place;
    else return std::nullopt;
    return policy;
}

std::unique_ptr<Splitter> with_numbers(std::unique_ptr<Splitter> base, NumberPolicy policy,
                                       bool strict) {
    return std::make_unique<NumberSplitter>(std::move(base), policy, strict);
}

}  // namespace tokenry::split
