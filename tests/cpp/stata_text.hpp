// Texts of Stata's language as the tests of its readers write and compare them.
#pragma once

#include <string>
#include <vector>

#include "catch.h"
#include "core/stata/stata_syntax.hpp"

namespace stata_text {

inline metaparity::StataTokens lex(const std::string& text, const std::string& letters = "") {
  return metaparity::stata_tokens(metaparity::StataText(text, letters));
}

inline std::string texts(const metaparity::StataTokens& tokens) {
  std::string out;
  for (const metaparity::StataToken& t : tokens) out += (out.empty() ? "" : " ") + t.text;
  return out;
}

// The return code of what `f` throws, 0 where it throws nothing.
template <class F>
int rc_of(F&& f) {
  try {
    f();
  } catch (const metaparity::StataSyntaxError& e) {
    return e.rc();
  }
  return 0;
}

}  // namespace stata_text
