#include "normalize/grapheme.hpp"

#include <array>
#include <vector>

#include "normalize/grapheme_table.hpp"
#include "normalize/utf8.hpp"

namespace tokenry::normalize {
namespace {

enum Kind : std::uint8_t {
    kOther, kCr, kLf, kControl, kExtend, kZwj, kRegional, kPrepend, kSpacing, kL, kV, kT, kLv, kLvt,
};
enum Conjunct : std::uint8_t { kNone, kConsonant, kJoiner, kLinker };

struct Class {
    std::uint8_t bits;
    Kind kind() const { return Kind(bits & 15); }
    bool pictograph() const { return bits & 16; }
    Conjunct conjunct() const { return Conjunct(bits >> 5); }
};

// Two stages: blocks of 256 code points, those of which nothing is known stored once.
class Classes {
public:
    Classes() {
        for (const auto& range : kGraphemeRanges)
            for (auto code = range.first; code <= range.last; ++code) set(code, range.kind);
    }
    Class operator[](std::uint32_t code) const {
        return {kinds_[block_of_[code >> 8] * 256u + (code & 0xFF)]};
    }

private:
    void set(std::uint32_t code, std::uint8_t kind) {
        std::uint16_t& block = block_of_[code >> 8];
        if (block == 0) {
            block = static_cast<std::uint16_t>(kinds_.size() / 256);
            kinds_.resize(kinds_.size() + 256);
        }
        kinds_[block * 256u + (code & 0xFF)] = kind;
    }

    std::array<std::uint16_t, 0x1100> block_of_{};
    std::vector<std::uint8_t> kinds_ = std::vector<std::uint8_t>(256);
};

// What the rules need to remember of the cluster so far.
class Cluster {
public:
    explicit Cluster(Class first) : last_(first) { remember(first); }

    // Rules GB3 to GB13; appends where there is no boundary.
    bool takes(Class next) {
        if (!joins(next)) return false;
        remember(next);
        last_ = next;
        return true;
    }

private:
    bool joins(Class next) const {
        const auto a = last_.kind(), b = next.kind();
        if (a == kCr) return b == kLf;
        if (a == kLf || a == kControl || b == kCr || b == kLf || b == kControl) return false;
        if (a == kL && (b == kL || b == kV || b == kLv || b == kLvt)) return true;
        if ((a == kLv || a == kV) && (b == kV || b == kT)) return true;
        if ((a == kLvt || a == kT) && b == kT) return true;
        if (b == kExtend || b == kZwj || b == kSpacing || a == kPrepend) return true;
        if (linked_ && next.conjunct() == kConsonant) return true;
        if (pictograph_ && a == kZwj && next.pictograph()) return true;
        return a == kRegional && b == kRegional && regionals_ % 2 == 1;
    }

    void remember(Class next) {
        const bool extends = next.kind() == kExtend || next.kind() == kZwj;
        pictograph_ = next.pictograph() || (pictograph_ && extends && last_.kind() != kZwj);
        if (next.kind() == kRegional) ++regionals_;
        switch (next.conjunct()) {
            case kConsonant: consonant_ = true, linked_ = false; break;
            case kLinker: linked_ = consonant_; break;
            case kJoiner: break;
            case kNone: consonant_ = linked_ = false;
        }
    }

    Class last_;
    bool pictograph_ = false, consonant_ = false, linked_ = false;
    std::size_t regionals_ = 0;
};

}  // namespace

std::size_t cluster_width(const std::uint8_t* text, std::size_t size) {
    static const Classes classes;
    auto end = utf8_width(text[0]);
    Cluster cluster(classes[decode(text, end)]);
    while (end < size) {
        const auto width = utf8_width(text[end]);
        if (!cluster.takes(classes[decode(text + end, width)])) break;
        end += width;
    }
    return end;
}

}  // namespace tokenry::normalize
