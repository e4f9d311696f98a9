#include "split/glued.hpp"

#include <algorithm>
#include <bitset>
#include <cstring>
#include <utility>

namespace tokenry::split {
namespace {

constexpr std::size_t kMost = 1024;  // ends asked of the base at a time

class GluedSplitter final : public Splitter {
public:
    GluedSplitter(std::unique_ptr<Splitter> base, const std::vector<std::string>& texts)
        : base_(std::move(base)) {
        for (const std::string& text : texts)
            for (std::size_t left = 1; left < text.size(); ++left) {
                joints_.push_back({text, left});
                before_[static_cast<std::uint8_t>(text[left - 1])] = true;
            }
    }

    std::size_t split(const std::uint8_t* text, std::size_t size, std::size_t begin,
                      std::uint32_t* ends, std::size_t capacity) const override {
        std::uint32_t found[kMost];
        std::size_t written = 0, last = begin;
        for (std::size_t place = begin; place < size && written < capacity;) {
            const std::size_t from = place;
            const std::size_t count =
                base_->split(text, size, from, found, std::min(kMost, capacity - written));
            for (std::size_t i = 0; i < count; ++i) {
                place = from + found[i];
                // What is glued for a gigabyte is cut all the same, as any pretoken is.
                if (is_joint(text, place, size) && place - last < kLongestPretoken / 2) continue;
                if (place - begin > kLongestPretoken) return written;
                ends[written++] = static_cast<std::uint32_t>(place - begin);
                last = place;
            }
        }
        return written;
    }

private:
    struct Joint {
        std::string text;
        std::size_t left;  // bytes before it
    };

    bool is_joint(const std::uint8_t* text, std::size_t place, std::size_t size) const {
        return place < size && before_[text[place - 1]] &&
               std::ranges::any_of(joints_, [&](const Joint& joint) {
                   return place >= joint.left && size - place >= joint.text.size() - joint.left &&
                          std::memcmp(text + place - joint.left, joint.text.data(),
                                      joint.text.size()) == 0;
               });
    }

    std::unique_ptr<Splitter> base_;
    std::vector<Joint> joints_;
    std::bitset<256> before_;  // bytes that stand before a place inside a text
};

}  // namespace

std::unique_ptr<Splitter> glued(std::unique_ptr<Splitter> base,
                                const std::vector<std::string>& texts) {
    return std::make_unique<GluedSplitter>(std::move(base), texts);
}

}  // namespace tokenry::split
