// The readers of Stata's language on random text.
#include <random>

#include "catch.h"
#include "core/stata/stata_syntax.hpp"

using namespace metaparity;

TEST_CASE("no text breaks the readers") {
  const std::string alphabet = "ab1_.,()[]{}\"'`$\\=<>!~+-*/^&|:#% \t\n\xC3\xA4\xFF";
  std::mt19937 rng(7);
  for (int rep = 0; rep < 20000; ++rep) {
    std::string source;
    for (unsigned i = rng() % 40; i > 0; --i) source += alphabet[rng() % alphabet.size()];
    const StataText text(source, "\xC3\xA4");
    const StataTokens tokens = stata_tokens(text);
    int end = 0;
    for (const StataToken& t : tokens) {
      CHECK(t.start > end);
      end = t.end;
    }
    stata_macro_pieces(text);
    try {
      stata_command(text, tokens);
      stata_expression(tokens);
    } catch (const StataSyntaxError&) {
    }
  }
}
