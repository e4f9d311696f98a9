#include "domains/code_checks.hpp"

#include <algorithm>
#include <string>

#include "domains/code_signs.hpp"
#include "domains/open_brackets.hpp"

namespace tokenry::domains {
namespace {

// Names in a row that may stand in a program: `static EXPORT type_t CALL f` of C, none of Python.
std::size_t most_names(Language language) {
    switch (language) {
        case Language::python:
            return 1;
        case Language::fortran:
            return 3;
        default:
            return 4;
    }
}

Sign partner(Sign close) { return close == ')' ? '(' : close == ']' ? '[' : '{'; }

class Checks {
public:
    Checks(base::Text data, LeafRow leaves, Language language, const Lexicon& words)
        : data_(data), leaves_(std::move(leaves)), language_(language), words_(words) {}

    Leaves run() {
        brackets();
        rows();
        for (const Leaf& each : leaves_)
            if (each.kind == Kind::broken) unparsed_ += each.end - each.begin;
        if (!wrong_.empty()) put_marks();
        return {std::move(leaves_), unparsed_};
    }

private:
    void brackets() {
        OpenBrackets<std::uint32_t> branches;
        auto& open = branches.open;
        for (std::uint32_t i = 0; i < leaves_.size(); ++i) {
            const Sign sign = leaves_[i].sign;
            switch (sign) {
                case '(':
                case '[':
                case '{':
                    open.push_back(i);
                    break;
                case ')':
                case ']':
                case '}':
                    if (!open.empty() && leaves_[open.back()].sign == partner(sign)) open.pop_back();
                    else close(open, i);
                    break;
                case signs::condition:
                    branches.condition();
                    break;
                case signs::otherwise:
                    branches.otherwise();
                    break;
                case signs::end_condition:
                    branches.end_condition();
                    break;
                default:
                    break;
            }
        }
        for (const std::uint32_t each : open) mark(each, each + 1);
    }
    // The bracket of `close` is another than the last one open: one of them is too many.
    void close(std::vector<std::uint32_t>& open, std::uint32_t close) {
        const Sign wanted = partner(leaves_[close].sign);
        for (std::size_t back = 1; back <= std::min<std::size_t>(open.size(), 8); ++back)
            if (leaves_[open[open.size() - back]].sign == wanted) {
                for (; back > 1; --back, open.pop_back()) mark(open.back(), open.back() + 1);
                open.pop_back();
                return;
            }
        mark(close, close + 1);
    }
    void rows() {
        const std::size_t most = most_names(language_);
        const bool lines = language_ == Language::python || language_ == Language::fortran;
        for (std::uint32_t begin = 0; begin < leaves_.size();) {
            std::uint32_t end = begin;
            while (end < leaves_.size() && leaves_[end].sign == signs::name && !(lines && end > begin && is_new_line(end))) ++end;
            if (end - begin > most) names(begin, end, most);
            begin = std::max(end, begin + 1);
        }
    }
    // Of names in a row, those that are no words.
    void names(std::uint32_t begin, std::uint32_t end, std::size_t most) {
        for (std::uint32_t at = begin; at < end; ++at) {
            const std::uint32_t first = at;
            while (at < end && !is_word(leaves_[at])) ++at;
            if (at - first > most) mark(first, at);
        }
    }
    bool is_word(const Leaf& leaf) {
        const std::string_view word(reinterpret_cast<const char*>(data_.data()) + leaf.begin, leaf.end - leaf.begin);
        if (language_ != Language::fortran) return words_.find(word) != Lexicon::none;
        small_.assign(word);
        for (char& c : small_)
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 32);
        return words_.find(small_) != Lexicon::none;
    }
    bool is_new_line(std::uint32_t i) const {
        const auto* begin = data_.data() + leaves_[i - 1].end;
        return std::find(begin, data_.data() + leaves_[i].begin, '\n') != data_.data() + leaves_[i].begin;
    }
    void mark(std::uint32_t begin, std::uint32_t end) {
        wrong_.push_back(begin);
        for (; begin < end; ++begin)
            if (leaves_[begin].kind != Kind::broken) unparsed_ += leaves_[begin].end - leaves_[begin].begin;
    }
    void put_marks() {
        std::ranges::sort(wrong_);
        LeafRow marked;
        marked.reserve(leaves_.size() + wrong_.size());
        std::size_t at = 0;
        for (std::uint32_t i = 0; i < leaves_.size(); ++i) {
            for (; at < wrong_.size() && wrong_[at] == i; ++at)
                marked.push_back({leaves_[i].begin, leaves_[i].begin, Kind::broken, signs::broken});
            marked.push_back(leaves_[i]);
        }
        leaves_ = std::move(marked);
    }

    base::Text data_;
    LeafRow leaves_;
    Language language_;
    const Lexicon& words_;
    std::vector<std::uint32_t> wrong_;
    std::uint64_t unparsed_ = 0;
    std::string small_;
};

}  // namespace

Leaves checked(base::Text data, LeafRow leaves, Language language, const Lexicon& words) {
    return Checks(data, std::move(leaves), language, words).run();
}

}  // namespace tokenry::domains
