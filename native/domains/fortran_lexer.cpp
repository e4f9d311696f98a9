#include "domains/fortran_lexer.hpp"

#include <string>

#include "domains/code_signs.hpp"
#include "domains/word_lexer.hpp"

namespace tokenry::domains {
namespace {

constexpr std::string_view two[] = {"**", "//", "==", "/=", "<=", ">=", "=>", "::"};

std::string small(std::string_view word) {
    std::string made(word);
    for (char& c : made)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 32);
    return made;
}

class FortranLexer : public WordLexer<FortranLexer> {
public:
    using WordLexer::WordLexer;

private:
    friend WordLexer;

    void put(std::size_t end, Kind kind, Sign sign) {
        take(end, kind, sign);
        fresh_ = false;
        ++said_;
        if (sign != signs::name) before_last_ = last_, last_.clear();
    }
    Sign last() const { return said_ > 0 && !found_.empty() ? found_.back().sign : Sign{';'}; }

    void step() {
        const std::uint8_t c = text_.now();
        switch (shapes[c]) {
            case Shape::space:
                if (c == '\n') line();
                ++text_.at;
                return;
            case Shape::letter:
                return name();
            case Shape::digit:
                return number();
            case Shape::sign:
                return sign(c);
            default:
                if (const std::size_t width = text_.letter(text_.at)) return put(text_.at + width, Kind::broken, signs::broken);
                return put(text_.at + 1, Kind::broken, signs::broken);
        }
    }
    void line() {
        fresh_ = true;
        if (!continued_) statement();
        continued_ = false;
    }
    // A new one begins.
    void statement() {
        said_ = 0;
        first_.clear();
        last_.clear();
        before_last_.clear();
        arrow_ = format_ = procedures_ = false;
    }

    // --- names ---

    void name() {
        const std::size_t begin = text_.at, end = text_.name_end(begin);
        const std::uint8_t behind = text_[end];
        const std::string word = small(text_.word(begin, end));
        if ((behind == '\'' || behind == '"') && word.size() == 1 && std::string_view("bozx").find(word[0]) != std::string_view::npos)
            return string(end, Kind::number);
        if ((behind == '\'' || behind == '"') && word.back() == '_') return string(end, Kind::string);  // of a kind
        if (format_) return put(descriptor_end(end), Kind::other, signs::name);
        const Kind kind = kind_of(word, end);
        put(end, kind, signs::name);
        before_last_ = std::move(last_);
        last_ = word;
        if (first_.empty()) first_ = word;
        if (word == "procedure" && said_ == 2) procedures_ = true;
        if (word == "format" && first_ == word) format_ = true;
    }
    std::size_t descriptor_end(std::size_t at) const {
        while (text_.shape(at) == Shape::digit || text_.shape(at) == Shape::letter || (text_[at] == '.' && text_.shape(at + 1) == Shape::digit)) ++at;
        return at;
    }
    std::uint8_t behind_blanks(std::size_t at, std::size_t more = 0) const {
        while (text_[at] == ' ' || text_[at] == '\t') ++at;
        return text_[at + more];
    }
    Kind kind_of(const std::string& word, std::size_t end) const {
        const Sign before = last();
        if (before == '%') return Kind::field;
        if ((word == "null" && text_[end] == '(') || word == "defined") return Kind::other;
        if (first_.empty() && behind_blanks(end) == ':') {
            std::size_t at = end;
            while (text_[at] == ' ' || text_[at] == '\t') ++at;
            if (text_[at + 1] != ':') return Kind::other;  // a label of a block
        }
        if (first_ == "end" && (last_ == "do" || last_ == "if" || last_ == "select" || last_ == "associate" || last_ == "block")) return Kind::other;
        if ((first_ == "enddo" || first_ == "endif") && said_ == 1) return Kind::other;
        if (before == '(' && said_ >= 2 && is_type_bracket()) return Kind::type;
        if (first_ == "type") {
            if (before == signs::operation && last_is("::") && is_definition_) return Kind::type;
            if (said_ == 1 && behind_blanks(end) != '=' && word != "is") return Kind::type;
        }
        if (first_ == "use" && (last_ == "use" || last_is("::"))) return Kind::space;
        if (first_ == "procedure" || first_ == "generic") {
            if (arrow_) return Kind::field;
            return Kind::variable;
        }
        if (first_ == "final" && said_ > 1) return Kind::field;
        if (first_ == "module" && procedures_ && word != "procedure") return Kind::field;
        return Kind::variable;
    }
    bool last_is(std::string_view sign) const {
        return !found_.empty() && text_.word(found_.back().begin, found_.back().end) == sign;
    }
    // Whether the ( before this name stands behind `type` or `class`.
    bool is_type_bracket() const { return (before_last_ == "type" || before_last_ == "class") && first_ != "select"; }

    // --- numbers and strings ---

    void number() {
        if (format_) return put(descriptor_end(text_.at), Kind::other, signs::number);
        std::size_t end = digits_end(text_.at);
        const bool alone = said_ == 0 || last_ == "goto" || (last_ == "to" && before_last_ == "go") || (last_ == "do" && said_ <= 2);
        if (alone && text_[end] != '.' && (said_ > 0 || text_.shape(end) == Shape::space)) return put(end, Kind::label, signs::number);
        if (text_[end] == '.' && !is_operator(end)) end = digits_end(end + 1);
        const int exponent = text_[end] | 32;
        if (exponent == 'e' || exponent == 'd' || exponent == 'q') {
            const std::size_t sign = text_[end + 1] == '+' || text_[end + 1] == '-';
            if (text_.shape(end + 1 + sign) == Shape::digit) end = digits_end(end + 1 + sign);
        }
        if (text_[end] == '_' && text_.letter(end + 1) > 0) end = text_.name_end(end);
        put(end, Kind::number, signs::number);
    }
    std::size_t digits_end(std::size_t at) const {
        while (text_.shape(at) == Shape::digit) ++at;
        return at;
    }
    // Whether .letters. begins.
    bool is_operator(std::size_t at) const {
        std::size_t end = at + 1;
        while ((text_[end] | 32) >= 'a' && (text_[end] | 32) <= 'z') ++end;
        return end > at + 1 && text_[end] == '.';
    }
    void string(std::size_t quote, Kind kind) {
        const std::uint8_t mark = text_[quote];
        for (std::size_t at = quote + 1; at < text_.size(); ++at) {
            const std::uint8_t c = text_[at];
            if (c == mark && text_[at + 1] == mark) {
                ++at;
            } else if (c == mark) {
                return put(at + 1, kind, signs::text);
            } else if (c == '&') {
                at = over_line(at);
            } else if (c == '\n') {
                break;
            }
        }
        put(quote + 1, Kind::broken, signs::broken);
    }
    // The last place of a line that ends with the & at `at`, or `at`.
    std::size_t over_line(std::size_t at) const {
        std::size_t end = at + 1;
        while (text_[end] == ' ' || text_[end] == '\t' || text_[end] == '\r') ++end;
        return text_[end] == '\n' ? end : at;
    }

    // --- signs ---

    void sign(std::uint8_t c) {
        switch (c) {
            case '!':
                return text_.skip_to('\n');
            case '#':
                if (fresh_) return directive();
                break;
            case '\'':
            case '"':
                return string(text_.at, Kind::string);
            case '&':
                continued_ = true;
                found_.push_back(leaf_of(text_.at, text_.at + 1, Kind::other, c));
                ++text_.at;
                return;
            case ';':
                put(text_.at + 1, Kind::other, c);
                return statement();
            case '.':
                if (text_.shape(text_.at + 1) == Shape::digit) return number();
                if (is_operator(text_.at)) return put(text_.name_end(text_.at + 1) + 1, Kind::variable, signs::operation);
                break;
            case '(':
                if (opens_array()) {
                    ++arrays_;
                    return put(text_.at + 2, Kind::other, c);
                }
                break;
            case '/':
                if (arrays_ > 0 && text_.now(1) == ')') {
                    --arrays_;
                    return put(text_.at + 2, Kind::other, ')');
                }
                break;
            default:
                break;
        }
        operation(c);
    }
    bool opens_array() const {
        const std::uint8_t inner = text_.now(2);
        return text_.now(1) == '/' && inner != '=' && inner != '/' && inner != ')';
    }
    void operation(std::uint8_t c) {
        for (const std::string_view each : two)
            if (text_.starts(each)) {
                if (each == "=>") arrow_ = true;
                if (each == "::") is_definition_ = first_ == "type" && !typed_bracket();
                return put(text_.at + 2, Kind::other, signs::operation);
            }
        const bool known = c != '\\' && c != '`' && c != '^' && c != '{' && c != '}' && c != '|' && c != '~';
        put(text_.at + 1, known ? Kind::other : Kind::broken, known ? c : Sign{signs::broken});
    }
    // Whether the statement began with type(name).
    bool typed_bracket() const {
        std::size_t first = found_.size() - said_;
        return said_ > 1 && found_[first + 1].sign == '(';
    }

    void directive() {
        std::size_t begin = text_.at + 1;
        while (text_[begin] == ' ' || text_[begin] == '\t') ++begin;
        const std::size_t end = text_.name_end(begin);
        const std::string_view word = text_.word(begin, end);
        put(end, Kind::other, word == "endif" ? signs::end_condition : word == "else" || word == "elif" ? signs::otherwise : word.starts_with("if") ? signs::condition : signs::directive);
        if (word == "if" || word == "elif" || word == "include" || word.starts_with("ifn") || word.starts_with("ifd")) return;
        const auto blanks = [&] { while (text_.now() == ' ' || text_.now() == '\t') ++text_.at; };
        blanks();
        if (word == "define" && text_.letter(text_.at) > 0) put(text_.name_end(text_.at), Kind::variable, signs::directive), blanks();
        std::size_t last = text_.at;
        while (last < text_.size() && text_[last] != '\n') ++last;
        if (last > text_.at) put(last, Kind::macro, signs::argument);
    }

    std::size_t said_ = 0;  // leaves of this statement
    std::string first_, last_, before_last_;  // words of it; the last ones are empty behind a sign
    bool fresh_ = true, continued_ = false, arrow_ = false, format_ = false, is_definition_ = false;
    bool procedures_ = false;
    int arrays_ = 0;  // (/ without its /)
};

}  // namespace

LeafRow fortran_words_of(base::Text data) { return FortranLexer(data).run(); }

}  // namespace tokenry::domains
