#include "domains/smiles.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace tokenry::domains {
namespace {

constexpr std::string_view elements =
    " He Li Be Ne Na Mg Al Si Cl Ar Ca Sc Ti Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Zr Nb Mo Tc Ru Rh Pd Ag Cd In "
    "Sn Sb Te Xe Cs Ba Hf Ta Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og La Ce "
    "Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Ac Th Pa Np Pu Am Cm Bk Cf Es Fm Md No Lr as se te si ";
constexpr std::string_view short_elements = "HBCNOFPSKVYIWUbcnops*";

// What a symbol is to the one behind it.
enum Class : std::uint8_t { start, atoms, bonds, digits, percent, open, close, dot, other, first_bonds };

constexpr std::uint16_t set(std::initializer_list<Class> classes) {
    std::uint16_t found = 0;
    for (const Class each : classes) found = static_cast<std::uint16_t>(found | 1u << each);
    return found;
}

// Which classes may stand behind each; start stands for the end, too.
constexpr std::uint16_t may_follow[] = {
    set({atoms}),
    set({start, atoms, bonds, digits, percent, open, close, dot}),
    set({atoms, digits, percent}),
    set({start, atoms, bonds, digits, percent, open, close, dot}),
    set({digits}),
    set({atoms, first_bonds, dot}),
    set({start, atoms, bonds, digits, percent, open, close, dot}),
    set({atoms}),
    set({}),
    set({atoms}),
};

constexpr std::array<Class, 256> classes = [] {
    std::array<Class, 256> table{};
    for (Class& each : table) each = other;
    const auto put = [&](std::string_view letters, Class of) {
        for (const char c : letters) table[static_cast<std::uint8_t>(c)] = of;
    };
    put("BCNOPSFIbcnops*[", atoms), put("-=#$:/\\~", bonds), put("0123456789", digits);
    put("%", percent), put("(", open), put(")", close), put(".", dot);
    return table;
}();

bool is_digit(std::uint8_t c) { return c >= '0' && c <= '9'; }

// The inside of brackets: isotope, element, chirality, hydrogens, charge, class.
class AtomRest {
public:
    explicit AtomRest(std::string_view text) : text_(text) {}

    bool is_atom() {
        numbers();
        const std::size_t begin = at_;
        for (const std::size_t width : {2, 1}) {
            at_ = begin;
            if (element(width) && rest()) return true;
        }
        return false;
    }

private:
    char now() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    bool skip(std::string_view word) {
        if (text_.substr(at_, word.size()) != word) return false;
        at_ += word.size();
        return true;
    }
    std::size_t numbers(std::size_t most = ~std::size_t{0}) {
        const std::size_t begin = at_;
        while (at_ - begin < most && is_digit(static_cast<std::uint8_t>(now()))) ++at_;
        return at_ - begin;
    }
    bool element(std::size_t width) {
        const std::string_view name = text_.substr(at_, width);
        if (name.size() < width) return false;
        at_ += width;
        if (width == 1) return short_elements.find(name) != short_elements.npos;
        const std::size_t found = elements.find(name);
        return found != elements.npos && elements[found - 1] == ' ' && elements[found + 2] == ' ';
    }
    bool rest() {
        if (skip("@")) chirality();
        if (skip("H")) numbers();
        charge();
        if (skip(":") && numbers() == 0) return false;
        return at_ == text_.size();
    }
    void chirality() {
        if (skip("@")) return;
        const std::size_t begin = at_;
        if (skip("TH") || skip("AL")) {
            if (now() != '1' && now() != '2') at_ = begin;
            else ++at_;
        } else if (skip("SP")) {
            if (now() < '1' || now() > '3') at_ = begin;
            else ++at_;
        } else if ((skip("TB") || skip("OH")) && numbers(2) == 0) {
            at_ = begin;
        }
    }
    void charge() {
        const char sign = now();
        if (sign != '+' && sign != '-') return;
        ++at_;
        if (numbers() > 0) return;
        for (int more = 0; more < 6 && now() == sign; ++more) ++at_;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

std::uint64_t packed(std::string_view text) {
    std::uint64_t found = text.size();
    for (const char c : text) found = found << 8 | static_cast<std::uint8_t>(c);
    return found;
}

}  // namespace

SmilesMarks::SmilesMarks(const std::vector<std::string>& symbols, std::int16_t first_symbol,
                         const std::vector<std::string>& atoms_in_brackets, std::int16_t first_atom, std::int16_t other_atom)
    : other_(other_atom) {
    single_.fill(-1), with_l_.fill(-1), with_r_.fill(-1);
    std::int16_t mark = first_symbol;
    for (const std::string& each : symbols) {
        auto& table = each.size() == 1 ? single_ : each[1] == 'l' ? with_l_ : with_r_;
        table[static_cast<std::uint8_t>(each[0])] = mark++;
    }
    mark = first_atom;
    for (const std::string& each : atoms_in_brackets) atoms_.emplace(packed(each), mark++);
}

// -1 where the inside of brackets is no atom.
std::int16_t SmilesMarks::atom(std::string_view inside) const {
    if (inside.size() < 8)
        if (const auto found = atoms_.find(packed(inside)); found != atoms_.end()) return found->second;
    return AtomRest(inside).is_atom() ? other_ : std::int16_t{-1};
}

bool SmilesMarks::read(base::Text data, std::size_t begin, std::size_t end, std::span<std::int16_t> marks,
                       std::span<std::uint8_t> spelt) const {
    const bool writes = !marks.empty();
    if (writes) std::memset(spelt.data() + begin, 0, end - begin);
    std::uint64_t rings[2] = {}, small_rings = 0;
    std::int64_t depth = 0;
    Class before = start;
    std::size_t left = 0;  // digits of a ring behind a percent sign
    const auto fails = [&] {
        if (writes) {
            std::fill(marks.begin() + static_cast<std::ptrdiff_t>(begin), marks.begin() + static_cast<std::ptrdiff_t>(end), std::int16_t{-1});
            std::memset(spelt.data() + begin, 1, end - begin);
        }
        return false;
    };
    for (std::size_t at = begin; at < end;) {
        const std::uint8_t c = data[at];
        Class now = classes[c];
        std::size_t width = 1;
        std::int16_t mark = single_[c];
        if (now == atoms) {
            const std::uint8_t second = at + 1 < end ? data[at + 1] : std::uint8_t{0};
            if (c == '[') {
                while (at + width < end && data[at + width] != ']' && data[at + width] != '[') ++width;
                if (at + width == end || data[at + width] == '[') return fails();
                const std::string_view inside(reinterpret_cast<const char*>(data.data()) + at + 1, width - 1);
                ++width;
                mark = atom(inside);
                if (mark < 0) return fails();
                if (writes && mark == other_) std::memset(spelt.data() + at + 1, 1, inside.size());
            } else if ((second == 'l' && with_l_[c] >= 0) || (second == 'r' && with_r_[c] >= 0)) {
                mark = second == 'l' ? with_l_[c] : with_r_[c];
                width = 2;
            }
        } else if (now == bonds && before == open) {
            now = first_bonds;
        } else if (now == digits) {
            if (left > 0) --left;
            else small_rings ^= std::uint64_t{1} << (c - '0');
        } else if (now == percent) {
            if (at + 2 >= end || !is_digit(data[at + 1]) || !is_digit(data[at + 2])) return fails();
            const int ring = 10 * (data[at + 1] - '0') + data[at + 2] - '0';
            rings[ring / 64] ^= std::uint64_t{1} << ring % 64;
            left = 2;
        } else if (now == open) {
            ++depth;
        } else if (now == close && --depth < 0) {
            return fails();
        }
        if ((may_follow[before] >> now & 1) == 0 || mark < 0) return fails();
        if (writes) marks[at] = mark;
        before = now;
        at += width;
    }
    const bool whole = (may_follow[before] >> start & 1) != 0 && depth == 0 && small_rings == 0 && rings[0] == 0 && rings[1] == 0;
    return whole || fails();
}

}  // namespace tokenry::domains
