#include "split/whole_tokens.hpp"

#include <algorithm>
#include <array>

#include "base/double_array.hpp"
#include "split/look_back.hpp"

namespace tokenry::split {
namespace {

constexpr std::size_t kMost = 1024;  // ends asked of the base at a time
constexpr std::size_t kFew = 16;     // after a token that ended where the base has no end
constexpr Mask kWord = unicode::kLetter | unicode::kMark | unicode::kNumber;

class WholeTokenSplitter final : public Splitter {
public:
    WholeTokenSplitter(std::unique_ptr<Splitter> base, const std::vector<std::string>& tokens)
        : base_(std::move(base)) {
        std::vector<base::DoubleArray::Entry> entries;
        for (const std::string& token : tokens) {
            const auto* text = reinterpret_cast<Pointer>(token.data());
            const Pointer end = text + token.size();
            entries.push_back({token, std::uint32_t(edges_.size())});
            edges_.push_back({at(text, end, kWord), follows(text, end, kWord)});
            begins_[text[0]] = true;
        }
        trie_ = base::DoubleArray(std::move(entries));
    }

    std::size_t split(Pointer text, std::size_t size, std::size_t begin, std::uint32_t* ends,
                      std::size_t capacity) const override {
        std::uint32_t found[kMost];
        std::size_t written = 0, place = begin, many = kMost;
        const auto add = [&](std::size_t stop) {
            if (stop - begin > kLongestPretoken) return false;
            ends[written++] = static_cast<std::uint32_t>(stop - begin);
            place = stop;
            return true;
        };
        while (place < size && written < capacity) {
            const std::size_t from = place;
            const std::size_t count =
                base_->split(text, size, from, found, std::min(many, capacity - written));
            many = std::min(2 * many, kMost);
            for (std::size_t i = 0; i < count && written < capacity;) {
                const std::size_t stop = from + found[i];
                if (stop <= place) {
                    ++i;
                    continue;
                }
                if (place > (i == 0 ? from : from + found[i - 1])) {
                    many = kFew;  // the base goes on from here
                    break;
                }
                const std::size_t whole = token(text, place, size);
                if (!add(whole ? place + whole : stop)) return written;
            }
        }
        return written;
    }

private:
    struct Edges {
        bool left, right;  // whether a word character is there
    };

    // Length of the token at `place`, 0 if none is there.
    std::size_t token(Pointer text, std::size_t place, std::size_t size) const {
        if (!begins_[text[place]]) return 0;
        std::size_t best = 0;
        auto node = base::DoubleArray::kRoot;
        for (std::size_t stop = place; stop < size;) {
            node = trie_.child(node, text[stop++]);
            if (node == base::DoubleArray::kRoot) break;
            const std::int32_t which = trie_.value(node);
            if (which != base::DoubleArray::kNone && apart(edges_[which], text, place, stop, size))
                best = stop - place;
        }
        return best;
    }

    static bool apart(Edges edges, Pointer text, std::size_t place, std::size_t stop,
                      std::size_t size) {
        return !(edges.left && follows(text, text + place, kWord)) &&
               !(edges.right && at(text + stop, text + size, kWord));
    }

    std::unique_ptr<Splitter> base_;
    base::DoubleArray trie_;
    std::vector<Edges> edges_;
    std::array<bool, 256> begins_{};
};

}  // namespace

std::unique_ptr<Splitter> with_whole_tokens(std::unique_ptr<Splitter> base,
                                            const std::vector<std::string>& tokens) {
    return std::make_unique<WholeTokenSplitter>(std::move(base), tokens);
}

}  // namespace tokenry::split
