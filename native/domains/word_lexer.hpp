// A lexer of programs: a place that walks over a file, and the leaves that it leaves behind.
#pragma once
#include <utility>

#include "base/interrupts.hpp"
#include "base/text.hpp"
#include "domains/code_text.hpp"

namespace tokenry::domains {

// `Lexer` says in step() what stands at the place; each step goes on by a byte or more.
template <class Lexer>
class WordLexer {
public:
    explicit WordLexer(base::Text data) : text_(data) { found_.reserve(data.size() / 5 + 16); }

    LeafRow run() {
        while (!text_.ended()) {
            static_cast<Lexer&>(*this).step();
            paced_.step();
        }
        return std::move(found_);
    }

protected:
    // Takes what stands up to `end` as a leaf.
    void take(std::size_t end, Kind kind, Sign sign) {
        found_.push_back(leaf_of(text_.at, end, kind, sign));
        text_.at = end;
    }

    Cursor text_;
    LeafRow found_;

private:
    base::Paced paced_;
};

}  // namespace tokenry::domains
