#include "domains/c_angles.hpp"

#include "domains/code_signs.hpp"

namespace tokenry::domains {
namespace {

constexpr std::size_t farthest = 400;  // leaves of a list
constexpr int deepest = 24;

class Angles {
public:
    explicit Angles(LeafRow& leaves) : leaves_(leaves), closer_(leaves.size(), 0) {}

    std::vector<std::uint32_t> run() {
        for (std::size_t i = 1; i < leaves_.size(); ++i)
            if (leaves_[i].sign == '<' && closer_[i] == 0 && may_open(i)) match(i);
        return std::move(closer_);
    }

private:
    Sign sign(std::size_t i) const { return i < leaves_.size() ? leaves_[i].sign : Sign{';'}; }
    bool may_open(std::size_t i) const {
        const Sign before = sign(i - 1);
        return before == signs::name || before == signs::templates;
    }

    // Follows the brackets behind `open` until it is closed, or something tells that it is "less".
    void match(std::size_t open) {
        std::size_t angles[deepest];
        char brackets[deepest];  // '<' or a bracket that is open within
        int depth = 0, lists = 0;
        const bool head = sign(open - 1) == signs::templates;
        const auto push = [&](char bracket, std::size_t at) {
            brackets[depth] = bracket;
            angles[depth++] = at;
        };
        struct Found {
            std::uint32_t open, close;
        } found[deepest * 4];
        int count = 0;
        push('<', open);
        for (std::size_t i = open + 1; i < leaves_.size() && i - open < farthest; ++i) {
            const Sign now = sign(i);
            const bool plain = brackets[depth - 1] == '<';
            if (now == '(' || now == '[' || now == '{') {
                if (depth == deepest) return;
                push(static_cast<char>(now), i);
            } else if (now == ')' || now == ']' || now == '}') {
                if (plain) return;
                --depth;
            } else if (now == '<' && may_open(i)) {
                if (depth == deepest) return;
                push('<', i);
                ++lists;
            } else if (now == '>' || now == signs::shift) {
                for (int closes = now == '>' ? 1 : 2; closes > 0; --closes) {
                    if (brackets[depth - 1] != '<') break;
                    --depth;
                    if (count < deepest * 4) found[count++] = {static_cast<std::uint32_t>(angles[depth]), static_cast<std::uint32_t>(i)};
                    if (depth == 0) {
                        if (closes == 2 || !may_close(open, i)) return;
                        for (int k = 0; k < count; ++k) set(found[k].open, found[k].close);
                        return;
                    }
                }
            } else if (plain && !may_stand(now, i, head && depth == 1)) {
                return;
            } else if (now == ';' && !plain && brackets[depth - 1] != '{') {
                return;
            }
        }
    }
    void set(std::uint32_t open, std::uint32_t close) {
        closer_[open] = close;
        if (leaves_[close].sign == signs::shift) leaves_[close].sign = signs::split;
    }
    bool may_stand(Sign now, std::size_t i, bool head) const {
        switch (now) {
            case ';':
            case '?':
            case signs::jump:
            case signs::control:
            case signs::loop:
            case signs::option:
            case signs::statement:
            case signs::condition:
            case signs::otherwise:
            case signs::end_condition:
            case signs::directive:
            case signs::broken:
            case '.':
            case signs::arrow:
                return false;
            case '=':
                return head;
            case signs::either:
                return is_value(i - 1);
            case signs::both: {
                const Sign next = sign(i + 1);
                return next == ',' || next == '>' || next == signs::dots || next == ')' || next == '!' || next == '(' ||
                       next == signs::shift || is_value(i - 1) || next == signs::qualifier;
            }
            default:
                return true;
        }
    }
    // `..._v<...> &&` and `...::value &&` are conditions within a list.
    bool is_value(std::size_t i) const { return sign(i) == '>' || sign(i) == ')' || sign(i - 1) == signs::scope; }
    bool may_close(std::size_t open, std::size_t close) const {
        const Sign next = sign(close + 1);
        if (next == signs::number || next == signs::text) return false;
        // a < b > c is seldom; a < 3 > c is none.
        return !(next == signs::name && close == open + 2 && sign(open + 1) == signs::number && sign(open - 1) != signs::name);
    }

    LeafRow& leaves_;
    std::vector<std::uint32_t> closer_;
};

}  // namespace

std::vector<std::uint32_t> match_angles(LeafRow& leaves) { return Angles(leaves).run(); }

}  // namespace tokenry::domains
