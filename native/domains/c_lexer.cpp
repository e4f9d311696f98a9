#include "domains/c_lexer.hpp"

#include "domains/c_words.hpp"
#include "domains/code_signs.hpp"
#include "domains/word_lexer.hpp"

namespace tokenry::domains {
namespace {

bool is_hex(std::uint8_t c) { return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'f'); }

constexpr int most_unclosed = 8;

class CLexer : public WordLexer<CLexer> {
public:
    CLexer(base::Text data, bool cpp) : WordLexer(data), cpp_(cpp) {}

private:
    friend WordLexer;

    void put(std::size_t end, Kind kind, Sign sign) {
        take(end, kind, sign);
        fresh_ = false;
    }

    void step() {
        const std::uint8_t c = text_.now();
        switch (shapes[c]) {
            case Shape::space:
                return blank(c);
            case Shape::letter:
                return name();
            case Shape::digit:
                return number();
            case Shape::sign:
                return sign(c);
            case Shape::high:
                if (text_.letter(text_.at) > 0) return name();
                [[fallthrough]];
            default:
                return broken();
        }
    }
    // Bytes that no program has, as many as there are in a row.
    void broken() {
        std::size_t end = text_.at + 1;
        while (end < text_.size() && (text_.shape(end) == Shape::none || (text_.shape(end) == Shape::high && text_.letter(end) == 0)))
            ++end;
        put(end, Kind::broken, signs::broken);
    }
    void blank(std::uint8_t c) {
        if (c == '\n' || (c == '\r' && text_.now(1) == '\n')) {
            if (condition_) {
                condition_ = false;
                put(text_.at + (c == '\r' ? 2 : 1), Kind::other, signs::newline);
            } else {
                text_.at += c == '\r' ? 2 : 1;
            }
            fresh_ = true;
            tested_ = false;
        } else {
            ++text_.at;
        }
    }

    void name() {
        const std::size_t begin = text_.at, end = text_.name_end(begin);
        const std::string_view word = text_.word(begin, end);
        const std::uint8_t behind = text_[end];
        if (behind == '"' && word.back() == 'R' && cpp_ && unclosed_ < most_unclosed && is_prefix(word.substr(0, word.size() - 1))) return raw(end);
        if ((behind == '"' || behind == '\'') && is_prefix(word)) return quoted(end);
        const Sign sign = tested_ ? Sign{signs::directive} : c_word(word, cpp_);
        put(end, sign == signs::name || tested_ ? Kind::variable : Kind::other, sign);
    }
    static bool is_prefix(std::string_view word) {
        return word.empty() || word == "L" || word == "u8" || word == "u" || word == "U";
    }
    // A string or a character whose first quote is at `quote`; it ends on its line.
    void quoted(std::size_t quote) {
        const std::uint8_t mark = text_[quote];
        for (std::size_t at = quote + 1; at < text_.size(); ++at) {
            const std::uint8_t c = text_[at];
            if (c == mark) {
                put(at + 1, mark == '"' ? Kind::string : Kind::character, signs::text);
                return suffix();
            }
            if (c == '\\')
                at += text_.continuation(at) == 3 ? 2 : 1;
            else if (c == '\n')
                break;
        }
        put(quote + 1, Kind::broken, signs::broken);
    }
    // What C++ may have behind a literal.
    void suffix() {
        if (cpp_ && text_.letter(text_.at) > 0) put(text_.name_end(text_.at), Kind::number, signs::text);
    }
    void raw(std::size_t quote) {
        std::size_t open = quote + 1;
        while (open < text_.size() && text_[open] != '(' && open - quote < 18) ++open;
        const std::string_view mark = text_.word(quote + 1, std::min(open, text_.size()));
        for (std::size_t at = open + 1; at < text_.size(); ++at)
            if (text_[at] == ')' && text_[at + 1 + mark.size()] == '"' && at + 1 + mark.size() < text_.size() &&
                text_.word(at + 1, at + 1 + mark.size()) == mark) {
                put(at + 2 + mark.size(), Kind::string, signs::text);
                return suffix();
            }
        ++unclosed_;
        put(quote + 1, Kind::broken, signs::broken);
    }

    void number() { put(number_end(text_.at), Kind::number, signs::number), suffix(); }
    std::size_t number_end(std::size_t at) const {
        if (text_[at] == '-' || text_[at] == '+') ++at;
        const bool zero = text_[at] == '0';
        const bool hex = zero && (text_[at + 1] | 32) == 'x';
        if (hex || (zero && (text_[at + 1] | 32) == 'b')) at += 2;
        at = digits_end(at, hex);
        if (text_[at] == '.') at = digits_end(at + 1, hex);
        const std::uint8_t exponent = text_[at] | 32;
        if (exponent == 'p' || (exponent == 'e' && !hex)) {
            const std::size_t sign = text_[at + 1] == '+' || text_[at + 1] == '-';
            if (is_hex(text_[at + 1 + sign])) at = digits_end(at + 1 + sign, false);
        }
        while (std::string_view("uUlLwWfFbBdD").find(static_cast<char>(text_[at])) != std::string_view::npos && text_[at]) ++at;
        return cpp_ ? at : text_.name_end(at);
    }
    std::size_t digits_end(std::size_t at, bool hex) const {
        const auto digit = [&](std::size_t i) { return hex ? is_hex(text_[i]) : text_.shape(i) == Shape::digit; };
        while (digit(at) || (text_[at] == '\'' && digit(at + 1))) ++at;
        return at;
    }

    void sign(std::uint8_t c) {
        switch (c) {
            case '"':
            case '\'':
                return quoted(text_.at);
            case '#':
                return fresh_ ? directive() : put(text_.at + 1, Kind::broken, signs::broken);
            case '/':
                if (text_.now(1) == '/') return line_comment();
                if (text_.now(1) == '*') return comment();
                break;
            case '\\':
                if (const std::size_t width = text_.continuation(text_.at)) text_.at += width;
                else put(text_.at + 1, Kind::broken, signs::broken);
                return;
            case '@':
            case '`':
                return broken();
            case '.':
                if (text_.shape(text_.at + 1) == Shape::digit) return number();
                break;
            case '+':
            case '-':
                if (is_unary() && starts_number(text_.at + 1)) return number();
                break;
            case '[':
                if (cpp_ && text_.now(1) == '[' && (is_unary() || found_.back().sign == ')')) return attribute();
                break;
            case ']':
                if (attributes_ > 0 && text_.now(1) == ']') {
                    --attributes_;
                    return put(text_.at + 2, Kind::other, signs::attributed);
                }
                break;
            default:
                break;
        }
        if (!found_.empty() && found_.back().sign == signs::operators && operator_name(c)) return;
        operation(c);
    }
    void attribute() {
        ++attributes_;
        put(text_.at + 2, Kind::other, signs::attribute);
    }
    bool starts_number(std::size_t at) const {
        return text_.shape(at) == Shape::digit || (text_[at] == '.' && text_.shape(at + 1) == Shape::digit);
    }
    // Whether an operand is expected, so that a sign is part of a number.
    bool is_unary() const {
        if (found_.empty()) return true;
        switch (found_.back().sign) {
            case signs::name:
            case signs::number:
            case signs::text:
            case ']':
                return false;
            case signs::directive:
                return !tested_;
            case ')':
                return closes_cast();
            case signs::word:
                return !holds_value(text_.word(found_.back().begin, found_.back().end));
            default:
                return true;
        }
    }
    static bool holds_value(std::string_view word) {
        return word == "NULL" || word == "nullptr" || word == "true" || word == "false" || word == "this" || word == "TRUE" || word == "FALSE";
    }
    // Whether the last words are `(type)` or `(type *)`.
    bool closes_cast() const {
        std::size_t i = found_.size() - 1;
        while (i > 0 && (found_[i - 1].sign == '*' || found_[i - 1].sign == signs::qualifier)) --i;
        const bool pointer = i != found_.size() - 1;
        if (i < 2) return false;
        const Sign last = found_[i - 1].sign;
        if (last == signs::type_word) {
            while (i > 0 && (found_[i - 1].sign == signs::type_word || found_[i - 1].sign == signs::qualifier)) --i;
            return i > 0 && found_[i - 1].sign == '(' && (i < 2 || found_[i - 2].sign != signs::size_of);
        }
        return pointer && last == signs::name && found_[i - 2].sign == '(';
    }
    // `operator()` and `operator[]` are words of their own.
    bool operator_name(std::uint8_t c) {
        if (!((c == '(' && text_.now(1) == ')') || (c == '[' && text_.now(1) == ']'))) return false;
        put(text_.at + 2, Kind::other, signs::operation);
        return true;
    }
    void operation(std::uint8_t c) {
        const std::uint8_t second = text_.now(1);
        if (second < '&' || second > '|' || shapes[second] != Shape::sign) return put(text_.at + 1, Kind::other, c);
        const std::uint8_t third = text_.now(2);
        const auto is = [&](char one, char two, char last = 0) { return c == one && second == two && (last == 0 || third == last); };
        if (is('.', '.', '.')) return put(text_.at + 3, Kind::other, signs::dots);
        if (is('<', '<', '=') || is('>', '>', '=') || (cpp_ && (is('-', '>', '*') || is('<', '=', '>'))))
            return put(text_.at + 3, Kind::other, signs::operation);
        const Sign two = sign_of_two(c, second);
        put(text_.at + (two == c ? 1 : 2), Kind::other, two);
    }
    // Of a sign of two characters; the first one where they are none.
    Sign sign_of_two(std::uint8_t c, std::uint8_t second) const {
        if (second == '=') return std::string_view("<>=!+-*/%&^|").find(static_cast<char>(c)) != std::string_view::npos ? Sign{signs::operation} : c;
        if (c == '-' && second == '>') return signs::arrow;
        if (c == ':') return cpp_ && second == ':' ? Sign{signs::scope} : c;
        if (c == '.') return cpp_ && second == '*' ? Sign{signs::operation} : c;
        if (c != second) return c;
        switch (c) {
            case '+':
            case '-':
            case '<':
                return signs::operation;
            case '>':
                return signs::shift;
            case '&':
                return signs::both;
            case '|':
                return signs::either;
            default:
                return c;
        }
    }

    void comment() {
        for (text_.at += 2; text_.skip_to('*'), !text_.ended(); ++text_.at)
            if (text_.now(1) == '/') {
                text_.at += 2;
                return;
            }
    }
    void line_comment() {
        for (; !text_.ended() && text_.now() != '\n'; ++text_.at)
            if (const std::size_t width = text_.continuation(text_.at)) text_.at += width - 1;
    }

    // --- the preprocessor ---

    void directive() {
        std::size_t begin = text_.at + 1;
        while (text_[begin] == ' ' || text_[begin] == '\t') ++begin;
        const std::size_t end = text_.name_end(begin);
        const std::string_view word = text_.word(begin, end);
        if (word.empty()) return put(text_.at + 1, Kind::broken, signs::broken);
        put(end, Kind::other, kind_of(word));
        if (word == "define") return definition();
        if (word == "include") return included();
        tested_ = word.starts_with("if") || word.starts_with("elif");
        if (word == "if" || word == "elif") condition_ = true;
        else if (found_.back().sign == signs::directive) argument();
    }
    static Sign kind_of(std::string_view word) {
        if (word == "if" || word == "ifdef" || word == "ifndef") return signs::condition;
        if (word == "elif" || word == "else" || word == "elifdef" || word == "elifndef") return signs::otherwise;
        if (word == "endif") return signs::end_condition;
        return signs::directive;
    }
    void blanks() {
        for (;;) {
            const std::uint8_t c = text_.now();
            if (c == ' ' || c == '\t' || c == '\f' || c == '\v') ++text_.at;
            else if (const std::size_t width = text_.continuation(text_.at)) text_.at += width;
            else return;
        }
    }
    void definition() {
        blanks();
        if (text_.letter(text_.at) == 0) return;
        put(text_.name_end(text_.at), Kind::variable, signs::directive);
        if (text_.now() == '(') parameters();
        argument();
    }
    // Those of a macro, which end on its line.
    void parameters() {
        for (std::size_t depth = 0; !text_.ended() && !text_.line_end(text_.at);) {
            const std::uint8_t c = text_.now();
            if (c == '(') ++depth;
            if (shapes[c] == Shape::letter) {
                put(text_.name_end(text_.at), Kind::variable, signs::directive);
            } else {
                step();
            }
            if (c == ')' && --depth == 0) return;
        }
    }
    void included() {
        blanks();
        if (text_.now() != '<') return;
        std::size_t end = text_.at + 1;
        while (end < text_.size() && text_[end] != '>' && !text_.line_end(end)) ++end;
        if (text_[end] == '>') put(end + 1, Kind::string, signs::text);
    }
    // The rest of a line, up to a comment.
    void argument() {
        for (;;) {
            blanks();
            if (text_.ended() || text_.line_end(text_.at)) return;
            if (text_.now() == '/' && text_.now(1) == '*') {
                comment();
                continue;
            }
            if (text_.now() == '/' && text_.now(1) == '/') return line_comment();
            std::size_t end = text_.at;
            for (; end < text_.size() && text_[end] != '\n' && !(text_[end] == '/' && text_[end + 1] == '*'); ++end)
                if (const std::size_t width = text_.continuation(end)) end += width - 1;
            put(std::min(end, text_.size()), Kind::macro, signs::argument);
        }
    }

    bool cpp_;
    bool fresh_ = true;       // nothing stands before on this line
    bool condition_ = false;  // whose end of line is a word
    bool tested_ = false;     // of #if or #ifdef
    int attributes_ = 0;
    int unclosed_ = 0;  // raw strings, each of which was sought to the end of the file
};

}  // namespace

LeafRow c_words_of(base::Text data, bool cpp) { return CLexer(data, cpp).run(); }

}  // namespace tokenry::domains
