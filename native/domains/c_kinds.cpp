#include "domains/c_kinds.hpp"

#include "base/interrupts.hpp"
#include "domains/c_angles.hpp"
#include "domains/code_signs.hpp"
#include "domains/open_brackets.hpp"

namespace tokenry::domains {
namespace {

// What stands between the brackets that were opened last.
enum class Scope : std::uint8_t {
    file,        // declarations: a file, a namespace
    members,     // of a structure or a class
    body,        // statements
    enumerators,
    parameters,  // of a function or a template
    arguments,   // of a template
    declarator,  // (*name)
    expression,
};

struct Frame {
    Scope scope = Scope::file;
    bool start = true;       // of a statement or a parameter
    bool typed = false;      // the type of a declaration was there
    bool assigned = false;   // behind = or a bit field's colon
    bool defines = false;    // typedef
    bool uses = false;       // using
    bool spaces = false;     // namespace
    bool bases = false;      // behind the colon of a class
    bool initialises = false;  // behind the colon of a constructor
    bool makes_type = false;   // EXPORT(type)
    bool templated = false;    // behind template <...>
    bool condition = false;  // of if, while, for, switch
    std::uint16_t asked = 0;  // ? without their :
    Sign tag = 0;            // struct, class or enum whose members may follow

    void restart() {
        *this = {.scope = scope, .condition = condition};
    }
};

class Kinds {
public:
    Kinds(LeafRow& leaves, bool cpp) : leaves_(leaves), cpp_(cpp) {
        if (cpp) closer_ = match_angles(leaves);
        frames_.emplace_back();
    }

    void run() {
        for (i_ = 0; i_ < leaves_.size(); ++i_) {
            visit(leaves_[i_].sign);
            paced_.step();
        }
    }

private:
    Sign at(std::size_t i) const { return i < leaves_.size() ? leaves_[i].sign : Sign{';'}; }
    Sign next(std::size_t ahead = 1) const { return at(i_ + ahead); }
    Sign last(std::size_t back = 1) const { return i_ >= back ? leaves_[i_ - back].sign : Sign{';'}; }
    Frame& frame() { return frames_.back(); }
    bool declares() const {
        switch (frames_.back().scope) {
            case Scope::expression:
            case Scope::enumerators:
                return false;
            default:
                return true;
        }
    }

    void visit(Sign sign) {
        Frame& now = frame();
        switch (sign) {
            case signs::name:
                return name();
            case '(':
                return open(round());
            case '[':
                return open({.scope = Scope::expression});
            case '{':
                return open(curly());
            case ')':
            case ']':
                return close();
            case '}':
                return close_curly();
            case '<':
                if (cpp_ && closer_[i_] != 0)
                    open({.scope = last() == signs::templates ? Scope::parameters : Scope::arguments});
                else
                    now.start = false;
                return;
            case '>':
            case signs::split:
                return close_angle(sign);
            case ';':
                return now.restart();
            case ',':
                return comma();
            case '=':
                now.assigned = now.assigned || last() != signs::operators;
                now.start = false;
                return;
            case ':':
                return colon();
            case '?':
                ++now.asked;
                now.start = false;
                return;
            case signs::type_word:
                now.typed = true;
                now.start = false;
                return;
            case signs::type_definition:
                now.defines = true;
                return;
            case signs::tag:
            case signs::enumeration:
                if (now.tag != signs::enumeration) now.tag = sign;
                return;
            case signs::import:
                now.uses = true;
                return;
            case signs::spaces:
                now.spaces = !now.uses;
                return;
            case signs::qualifier:
            case signs::templates:
            case signs::specifier:
            case signs::attribute:
            case signs::attributed:
            case signs::scope:
            case signs::access:
            case signs::newline:
            case signs::argument:
                return;
            case signs::statement:
                now.restart();
                return;
            case signs::condition:
                branches_.condition();
                return;
            case signs::otherwise:
                branches_.otherwise();
                return;
            case signs::end_condition:
                branches_.end_condition();
                return;
            default:
                now.start = false;
        }
    }

    // --- brackets ---

    void open(Frame frame) {
        if (frame.scope == Scope::expression) frame.start = false;
        frames_.push_back(frame);
    }
    void close() {
        if (frames_.size() == 1) return;
        closed_ = frames_.back();
        frames_.pop_back();
        if (closed_.condition) frame().restart();
        else frame().start = false;
        if (closed_.makes_type) frame().typed = true;
    }
    void close_angle(Sign sign) {
        for (int count = sign == signs::split ? 2 : 1; count > 0; --count) {
            const Scope scope = frame().scope;
            if (!cpp_ || (scope != Scope::arguments && scope != Scope::parameters)) {
                frame().start = false;
                return;
            }
            const bool head = scope == Scope::parameters;
            frames_.pop_back();
            if (head) frame().start = frame().templated = true;
        }
    }
    void close_curly() {
        if (frames_.size() == 1) return frame().restart();
        const Scope scope = frames_.back().scope;
        frames_.pop_back();
        Frame& now = frame();
        if (scope == Scope::members || scope == Scope::enumerators) {
            now.typed = true;
            now.start = false;
            now.tag = 0;
            now.bases = false;
        } else if (scope == Scope::body || scope == Scope::file) {
            if (declares()) now.restart();
        }
    }

    // What ( opens.
    Frame round() {
        const Frame& now = frame();
        const Sign before = last();
        if (before == signs::loop) return {.scope = Scope::body, .condition = true};
        if (before == signs::control) return {.scope = cpp_ ? Scope::body : Scope::expression, .condition = true};
        if (before == signs::qualifier && last(2) == signs::control) return {.scope = Scope::body, .condition = true};
        if (before == signs::handler) return {.scope = Scope::parameters};
        if (before == signs::specifier || before == signs::size_of) return {.scope = Scope::expression};
        if (cpp_ && before == ']') return {.scope = Scope::parameters};  // of a lambda
        if (!declares() || now.assigned || now.initialises) return {.scope = Scope::expression};
        if (now.scope == Scope::body && !now.typed) return {.scope = Scope::expression};
        if (before == signs::name && !now.typed && is_macro_type()) return {.scope = Scope::parameters, .makes_type = true};
        if (is_declarator()) {
            Frame inner = now;
            inner.scope = now.scope == Scope::members ? Scope::members : Scope::declarator;
            inner.typed = true;
            return inner;
        }
        if (now.scope == Scope::body && cpp_ && !may_be_parameters()) return {.scope = Scope::expression};
        return {.scope = Scope::parameters};
    }
    // Whether a name follows the brackets that begin, as in EXPORT(type) name.
    bool is_macro_type() const {
        int depth = 0;
        for (std::size_t i = i_; i < i_ + 24; ++i) {
            const Sign now = at(i);
            if (now == '(') ++depth;
            if (now == ')' && --depth == 0) return at(i + 1) == signs::name || (at(i + 1) == '*' && at(i + 2) == signs::name);
            if (now == ',' || now == ';' || now == '{') return false;
        }
        return false;
    }
    // Whether (*name) or (name) with brackets behind it begins.
    bool is_declarator() const {
        const Sign inner = next(), before = last();
        if (inner == '*' || inner == '^') return true;
        if (inner == '&' || inner == signs::both) return frames_.back().typed && before != signs::name;
        if (before == signs::type_word || before == '*' || before == signs::qualifier) return inner == signs::name && next(2) == ')';
        return inner == signs::name && next(2) == signs::scope && next(3) == '*';
    }
    // In a function, `T x(a, 1)` makes an object: parameters begin with a type.
    bool may_be_parameters() const {
        const Sign first = next();
        return first == signs::type_word || first == signs::qualifier || first == signs::tag || first == ')' ||
               (first == signs::name && next(2) == signs::name);
    }
    // What { opens.
    Frame curly() {
        Frame& now = frame();
        if (now.tag == signs::enumeration && declares()) return {.scope = Scope::enumerators};
        if (now.tag != 0 && (!now.assigned || now.scope == Scope::expression)) return {.scope = Scope::members};
        if (now.spaces) return {.scope = Scope::file};
        const Sign before = last();
        if (before == signs::text && (now.scope == Scope::file)) return {.scope = Scope::file};  // extern "C"
        if (now.initialises && before == signs::name) return {.scope = Scope::expression};
        const bool ended = before == ')' || before == signs::qualifier || before == signs::statement;
        if (now.scope == Scope::expression || now.assigned || now.scope == Scope::arguments) {
            // A lambda, or statements in brackets.
            const bool lambda = ended ? closed_.scope == Scope::parameters : before == '(' || (cpp_ && before == ']');
            return {.scope = lambda ? Scope::body : Scope::expression};
        }
        if (before == ')' && now.scope == Scope::body && !now.start && closed_.scope == Scope::expression && !closed_.condition)
            return {.scope = cast_ ? Scope::expression : Scope::body};
        if (cpp_ && now.scope == Scope::body && (before == signs::name || before == '>') && now.typed) return {.scope = Scope::expression};
        return {.scope = Scope::body};
    }

    void comma() {
        Frame& now = frame();
        if (now.scope == Scope::parameters || now.scope == Scope::arguments) return now.restart();
        if (!now.initialises) now.assigned = false;
        now.start = false;
    }
    void colon() {
        Frame& now = frame();
        const Sign before = last();
        if (now.asked > 0) {
            --now.asked;
        } else if (now.tag != 0 && !now.typed && cpp_) {
            now.bases = true;
        } else if (now.scope == Scope::body && (now.start || before == signs::name || before == signs::word)) {
            if (now.condition) now.assigned = true;  // for (x : xs)
            else now.restart();
        } else if (before == signs::access || (last(2) == signs::access && before == signs::name)) {
            now.restart();
        } else if (cpp_ && (before == ')' || before == signs::qualifier) && (now.scope == Scope::file || now.scope == Scope::members)) {
            now.initialises = true;
        } else if (now.scope == Scope::members) {
            now.assigned = true;
        }
    }

    // --- names ---

    void name() {
        Leaf& leaf = leaves_[i_];
        Frame& now = frame();
        const Kind kind = kind_of(now);
        leaf.kind = kind;
        if (cpp_ && (next() == signs::scope || (last() == signs::scope && kind == Kind::space))) return;
        if (kind == Kind::type) {
            now.typed = now.tag == 0 || !keeps_tag();
            if (now.typed) now.tag = 0;
        }
        now.start = false;
        if (now.uses && now.scope != Scope::arguments) now.typed = false;
    }
    // Whether the members of the class that was just named may follow.
    bool keeps_tag() const {
        const Sign behind = behind_list();
        return behind == '{' || behind == ':' || behind == signs::qualifier || behind == signs::scope || frames_.back().bases ||
               (behind == signs::name && cpp_ && (next(2) == '{' || next(2) == ':'));
    }
    // What stands behind this name and the list of a template that follows it.
    Sign behind_list() const { return at(behind()); }
    std::size_t behind() const {
        if (cpp_ && next() == '<' && closer_[i_ + 1] != 0) return closer_[i_ + 1] + 1;
        return i_ + 1;
    }

    // What stands before this name and the names that it is within.
    Sign before_path() const {
        std::size_t back = 1;
        while (last(back) == signs::scope && last(back + 1) == signs::name) back += 2;
        return last(back);
    }

    Kind kind_of(const Frame& now) {
        const Sign before = last(), after = next();
        if (before == '.' || before == signs::arrow) return is_return_type() ? Kind::type : Kind::field;
        if (before == signs::templates) return Kind::field;
        if (before == signs::jump) return Kind::label;
        if (cpp_ && after == signs::scope) return Kind::space;
        if (now.spaces) return Kind::space;
        if (before == signs::tag || before == signs::enumeration) return Kind::type;
        if (now.tag != 0 && !now.typed && (now.bases || before == signs::attributed || before == signs::qualifier || (before == ')' && now.scope != Scope::body) || last() == signs::scope || before == signs::dots)) return Kind::type;
        if (after == ':' && now.scope == Scope::body && now.start && next(2) != ':' && !now.condition && before != signs::option && before != signs::scope) return Kind::label;
        if (now.scope == Scope::enumerators) return Kind::variable;
        if (before == signs::creation || before == signs::operators) return Kind::type;
        if (now.initialises && (now.scope == Scope::file || now.scope == Scope::members)) {
            const Sign end = behind_list();
            if ((end == '(' || end == '{') && (before == ':' || before == ',')) return Kind::field;
            return Kind::variable;
        }
        if (now.uses) return using_kind(now);
        if (now.scope == Scope::arguments) return argument_kind();
        if (now.assigned || now.scope == Scope::expression) {
            if (now.scope == Scope::parameters && is_type_argument()) return Kind::type;
            return in_expression();
        }
        if (!now.typed) return is_type(now) ? Kind::type : object(now);
        return declared(now);
    }
    Kind object(const Frame& now) const {
        return cpp_ && now.scope == Scope::body && behind_list() == '{' && !now.start ? Kind::type : Kind::variable;
    }
    Kind declared(const Frame& now) const {
        if (now.defines) return Kind::type;
        return now.scope == Scope::members && !now.templated && last() != signs::scope ? Kind::field : Kind::variable;
    }
    // Behind `->` at the end of a function's head.
    bool is_return_type() const {
        if (!cpp_ || last() != signs::arrow || last(2) == signs::name || last(2) == ']') return false;
        if (last(2) == signs::qualifier) return true;
        return last(2) == ')' && closed_.scope == Scope::parameters;
    }
    Kind using_kind(const Frame& now) const {
        if (next() == '=') return Kind::type;
        if (now.assigned) return Kind::type;
        return Kind::variable;
    }
    // Within the list of a template.
    Kind argument_kind() const {
        const Sign end = behind_list(), before = before_path();
        if (end == signs::operation || end == signs::either || end == '+' || end == '-' || end == '/' || end == '|' || end == '?') return Kind::variable;
        if (before == '!' || before == signs::operation || before == signs::either || before == '+' || before == '-' || before == '/') return Kind::variable;
        if (end == signs::both && at(behind() + 1) != ',' && at(behind() + 1) != '>' && at(behind() + 1) != signs::dots) return Kind::variable;
        if (before == signs::both) return Kind::variable;
        return Kind::type;
    }
    // What is said for a parameter of a template that may be left out.
    bool is_type_argument() const {
        const Sign end = behind_list();
        return cpp_ && (end == '>' || end == ',' || end == signs::split) && (last() == '=' || last() == signs::scope) &&
               frames_.size() > 1 && is_template_head();
    }
    bool is_template_head() const {
        for (std::size_t i = i_; i > 0 && i + 200 > i_; --i)
            if (at(i) == '<' && closer_[i] >= i_) return at(i - 1) == signs::templates;
        return false;
    }
    // Casts and sizes.
    Kind in_expression() {
        cast_ = false;
        const Sign before = last(), after = behind_list();
        std::size_t open = 1;
        while (last(open) == signs::qualifier || last(open) == signs::scope || (open > 1 && last(open) == signs::name && last(open - 1) == signs::scope)) ++open;
        if (cpp_ && after == '{' && before != ')') return Kind::type;
        if (last(open) != '(') return after == signs::name && before != signs::name && !cpp_ && before != ')' ? Kind::type : Kind::variable;
        std::size_t end = behind();
        while (at(end) == '*' || at(end) == signs::qualifier || (cpp_ && at(end) == '&')) ++end;
        const bool pointer = end != behind();
        if (at(end) == '(' && at(end + 1) == '*' && at(end + 2) == ')') return Kind::type;
        if (at(end) != ')') return Kind::variable;
        const Sign head = last(open + 1);
        const bool call = head == signs::name || head == ')' || head == ']' || head == '>';
        if (pointer) return Kind::type;
        if (call || head == signs::creation || head == signs::size_of || head == signs::control || head == signs::specifier || head == signs::loop) return Kind::variable;
        if (!is_operand(end + 1)) return Kind::variable;
        cast_ = at(end + 1) == '{';
        return Kind::type;
    }
    bool is_operand(std::size_t i) const {
        switch (at(i)) {
            case signs::name:
            case signs::number:
            case signs::text:
            case signs::size_of:
            case signs::creation:
            case '{':
            case '~':
            case '!':
                return true;
            case signs::word:
                return true;
            default:
                return false;
        }
    }
    // Whether a declaration begins with this name.
    bool is_type(const Frame& now) const {
        std::size_t end = behind();
        const Sign after = at(end);
        const bool typeless = now.scope == Scope::parameters;
        switch (after) {
            case signs::name:
            case signs::qualifier:
            case signs::type_word:
            case signs::tag:
            case signs::operators:
            case signs::specifier:
            case signs::dots:
                return true;
            case ',':
            case ')':
                return typeless && (now.makes_type || !is_old_style(end));
            case '>':
            case signs::split:
                return typeless;
            case '[':
                return typeless && now.start;
            case '(':
                return at(end + 1) == '*' && now.scope != Scope::body && is_function_pointer(end + 1);
            case '*':
            case '&':
            case signs::both:
                if (now.scope != Scope::body) return true;
                return now.start && is_pointer(end, after != '*' || now.condition);
            default:
                return false;
        }
    }
    bool is_pointer(std::size_t end, bool strict) const {
        while (at(end) == '*' || at(end) == '&' || at(end) == signs::both || at(end) == signs::qualifier) ++end;
        if (at(end) == '[') return cpp_;  // auto& [a, b]
        if (at(end) != signs::name) return false;
        switch (at(end + 1)) {
            case '=':
            case ':':
                return true;
            case ';':
            case ',':
            case '[':
            case '(':
            case ')':
            case '{':
                return !strict;
            default:
                return false;
        }
    }
    bool is_function_pointer(std::size_t end) const {
        while (at(end) == '*' || at(end) == signs::qualifier) ++end;
        if (at(end) == signs::name) ++end;
        return at(end) == ')' && at(end + 1) == '(';
    }
    // Names alone in brackets with declarations behind them (before C23).
    bool is_old_style(std::size_t end) const {
        if (cpp_) return false;
        for (std::size_t i = end; i < end + 100; ++i) {
            const Sign now = at(i);
            if (now == ')') {
                const Sign behind = at(i + 1);
                return behind == signs::name || behind == signs::type_word || behind == signs::tag || behind == signs::qualifier;
            }
            if (now != ',' && now != signs::name) return false;
        }
        return false;
    }

    LeafRow& leaves_;
    bool cpp_;
    std::vector<std::uint32_t> closer_;  // of lists of templates
    OpenBrackets<Frame> branches_;
    std::vector<Frame>& frames_ = branches_.open;
    Frame closed_;  // by the last ) or ]
    bool cast_ = false;
    std::size_t i_ = 0;
    base::Paced paced_;
};

void take_apart(LeafRow& leaves) {
    std::size_t count = 0;
    for (const Leaf& each : leaves) count += each.sign == signs::split;
    if (count == 0) return;
    LeafRow apart;
    apart.reserve(leaves.size() + count);
    for (const Leaf& each : leaves) {
        apart.push_back(each);
        if (each.sign != signs::split) continue;
        apart.back().end = each.begin + 1;
        apart.push_back({each.begin + 1, each.end, each.kind, each.sign});
    }
    leaves = std::move(apart);
}

}  // namespace

void set_c_kinds(LeafRow& leaves, bool cpp) {
    Kinds(leaves, cpp).run();
    if (cpp) take_apart(leaves);
}

}  // namespace tokenry::domains
