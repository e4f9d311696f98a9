#include "domains/python_lexer.hpp"

#include "domains/code_signs.hpp"
#include "domains/word_lexer.hpp"

namespace tokenry::domains {
namespace {

constexpr std::string_view three[] = {"**=", "//=", ">>=", "<<=", "..."};
constexpr std::string_view two[] = {"**", "//", ">>", "<<", "<=", ">=", "==", "!=", "<>", "->", ":=",
                                    "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "@="};
constexpr int deepest = 16;  // strings within strings

class PythonLexer : public WordLexer<PythonLexer> {
public:
    using WordLexer::WordLexer;

private:
    friend WordLexer;

    void step() {
        const std::uint8_t c = text_.now();
        switch (shapes[c]) {
            case Shape::space:
                ++text_.at;
                return;
            case Shape::letter:
                return name();
            case Shape::digit:
                return take(number_end(text_.at), Kind::number, signs::number);
            case Shape::sign:
                return sign(c);
            case Shape::high:
                if (text_.starts("\xef\xbb\xbf") && text_.at == 0) {
                    text_.at = 3;
                    return;
                }
                if (text_.letter(text_.at) > 0) return name();
                [[fallthrough]];
            default:
                return take(text_.at + 1, Kind::broken, signs::broken);
        }
    }

    void name() {
        const std::size_t end = text_.name_end(text_.at);
        const std::uint8_t behind = text_[end];
        if ((behind == '"' || behind == '\'') && end - text_.at <= 2) {
            bool prefix = true, formats = false;
            for (std::size_t i = text_.at; i < end; ++i) {
                const int c = text_[i] | 32;
                prefix = prefix && (c == 'r' || c == 'b' || c == 'u' || c == 'f' || c == 't');
                formats = formats || c == 'f' || c == 't';
            }
            if (prefix) return string(end, formats);
        }
        // A word of the grammar, and of no other place.
        const bool future = end - text_.at == 10 && text_.starts("__future__") && !found_.empty() &&
                            text_.word(found_.back().begin, found_.back().end) == "from";
        take(end, future ? Kind::other : Kind::variable, signs::name);
    }
    void string(std::size_t quote, bool formats) {
        if (const std::size_t end = string_end(quote, formats, 0)) take(end, Kind::string, signs::text);
        else take(quote + 1, Kind::broken, signs::broken);
    }
    // Where the string ends whose quotes begin at `at`; 0 where it does not.
    std::size_t string_end(std::size_t at, bool formats, int depth) const {
        const std::uint8_t mark = text_[at];
        const bool triple = text_[at + 1] == mark && text_[at + 2] == mark;
        if (!triple && text_[at + 1] == mark) return at + 2;
        for (at += triple ? 3 : 1; at < text_.size();) {
            const std::uint8_t c = text_[at];
            if (c == '\\') {
                at += text_[at + 1] == '\r' && text_[at + 2] == '\n' ? 3 : 2;
            } else if (c == mark && (!triple || (text_[at + 1] == mark && text_[at + 2] == mark))) {
                return at + (triple ? 3 : 1);
            } else if (c == '\n' && !triple) {
                return 0;
            } else if (c == '{' && formats) {
                at = text_[at + 1] == '{' ? at + 2 : value_end(at + 1, triple, depth);
                if (at == 0) return 0;
            } else {
                ++at;
            }
        }
        return 0;
    }
    // Behind the } of a value within a string, where strings may stand again (PEP 701).
    std::size_t value_end(std::size_t at, bool triple, int depth) const {
        int open = 1;
        for (; at < text_.size(); ++at) {
            const std::uint8_t c = text_[at];
            if (c == '{') ++open;
            if (c == '}' && --open == 0) return at + 1;
            if (c == '\n' && !triple && depth > deepest) return 0;
            if (c == '"' || c == '\'') {
                if (depth == deepest) return 0;
                at = string_end(at, is_format(at), depth + 1);
                if (at == 0) return 0;
                --at;
            }
        }
        return 0;
    }
    bool is_format(std::size_t quote) const {
        for (std::size_t i = quote; i > 0 && i + 2 >= quote && text_.shape(i - 1) == Shape::letter; --i)
            if ((text_[i - 1] | 32) == 'f') return true;
        return false;
    }

    std::size_t number_end(std::size_t at) const {
        const std::uint8_t second = text_[at + 1] | 32;
        if (text_[at] == '0' && (second == 'x' || second == 'o' || second == 'b')) return text_.name_end(at);
        at = digits_end(at);
        if (text_[at] == '.') at = digits_end(at + 1);
        if ((text_[at] | 32) == 'e') {
            const std::size_t sign = text_[at + 1] == '+' || text_[at + 1] == '-';
            if (text_.shape(at + 1 + sign) == Shape::digit) at = digits_end(at + 1 + sign);
        }
        const std::uint8_t last = text_[at] | 32;
        return last == 'j' || last == 'l' ? at + 1 : at;
    }
    std::size_t digits_end(std::size_t at) const {
        while (text_.shape(at) == Shape::digit || (text_[at] == '_' && text_.shape(at + 1) == Shape::digit)) ++at;
        return at;
    }

    void sign(std::uint8_t c) {
        if (c == '#') return text_.skip_to('\n');
        if (c == '"' || c == '\'') return string(text_.at, false);
        if (c == '.' && text_.shape(text_.at + 1) == Shape::digit) return take(number_end(text_.at), Kind::number, signs::number);
        if (c == '\\' && text_.continuation(text_.at) > 0) {
            text_.at += text_.continuation(text_.at);
            return;
        }
        for (const std::string_view each : three)
            if (text_.starts(each)) return take(text_.at + 3, Kind::other, signs::operation);
        for (const std::string_view each : two)
            if (text_.starts(each)) return take(text_.at + 2, Kind::other, signs::operation);
        const bool known = c != '\\' && c != '?' && c != '$' && c != '`' && c != '!';
        take(text_.at + 1, known ? Kind::other : Kind::broken, known ? c : Sign{signs::broken});
    }
};

}  // namespace

LeafRow python_words_of(base::Text data) { return PythonLexer(data).run(); }

}  // namespace tokenry::domains
