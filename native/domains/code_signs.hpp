// What words and signs of several characters are to the rules of kinds.
#pragma once
#include "domains/code_leaves.hpp"

namespace tokenry::domains::signs {

enum : Sign {
    name = 0,
    number,
    text,      // strings and characters
    broken,
    newline,   // the end of a condition of the preprocessor
    directive, // of the preprocessor, but for those below
    argument,  // what stands behind a directive
    // Signs of one character are 33 to 126.
    arrow = 128,  // ->
    scope,        // ::
    both,         // &&
    either,       // ||
    shift,        // >>
    split,        // >> that closes twice
    dots,         // ...
    attribute,    // [[
    attributed,   // ]]
    operation,    // other signs of several characters
    // Words.
    type_word,  // int, size_t, auto
    qualifier,  // const, static, inline: words before or behind a type
    tag,        // struct, class, typename
    enumeration,
    type_definition,
    jump,       // goto
    option,     // case
    size_of,
    control,    // if, while, switch: a condition follows
    loop,       // for
    handler,    // catch
    statement,  // else, do, try
    access,     // public
    templates,
    spaces,     // namespace
    import,     // using
    creation,   // new
    operators,  // operator
    specifier,  // __attribute__, decltype, alignas: an expression follows in brackets
    word,       // any other word
    condition,  // #if
    otherwise,  // #else
    end_condition,  // #endif
};

}  // namespace tokenry::domains::signs
