// Tokens, macros, clauses and trees of Stata's language: by the rules of the User's Guide, and on random text.
#include <random>

#include "catch.h"
#include "core/stata/stata_syntax.hpp"

using namespace metaparity;

namespace {

StataTokens lex(const std::string& text, const std::string& letters = "") {
  return stata_tokens(StataText(text, letters));
}

std::string texts(const StataTokens& tokens) {
  std::string out;
  for (const StataToken& t : tokens) out += (out.empty() ? "" : " ") + t.text;
  return out;
}

// The expression in prefix notation, so that the binding of operators shows.
std::string shown(const std::vector<StataNode>& nodes, int at) {
  const StataNode& x = nodes[static_cast<std::size_t>(at)];
  std::string out = x.kind == StataNodeKind::Negate ? "neg"
                    : x.kind == StataNodeKind::Not  ? "not"
                                                    : x.text;
  if (x.children.empty()) return out + x.detail;
  for (const int child : x.children) out += " " + shown(nodes, child);
  return "(" + out + ")";
}

std::string tree(const std::string& text) {
  const std::vector<StataNode> nodes = stata_expression(lex(text));
  return shown(nodes, static_cast<int>(nodes.size()) - 1);
}

int failure(const std::string& text) {
  try {
    tree(text);
  } catch (const StataSyntaxError& e) {
    return e.rc();
  }
  return 0;
}

}  // namespace

TEST_CASE("numbers, strings, missing values and operators are told apart") {
  CHECK(texts(lex("x1=.5e2*\"a b\"!=.a")) == "x1 = .5e2 * a b != .a");
  CHECK(texts(lex("12abc 5. 1e 1e+3 .ab `\"a \"b\" c\"' \"open")) ==
        "12 abc 5. 1 e 1e+3 . ab a \"b\" c \" open");
  CHECK(lex("a  b")[1].start == 4);
  CHECK(lex("a  b")[1].blank);
  CHECK_FALSE(lex("a+b")[1].blank);
}

TEST_CASE("places are counted in characters, and letters beyond ASCII are those that are given") {
  const std::string word =
      "\xC3\xA4"
      "x";
  CHECK(lex(word, "\xC3\xA4").size() == 1);
  CHECK(lex(word).size() == 2);
  CHECK(lex("\"" + word + "\" y")[1].start == 6);
}

TEST_CASE("macros nest, escape and leave what closes nothing") {
  const auto pieces = stata_macro_pieces(StataText("a`b`c''d ${e} $f-\\`g `h", ""));
  std::string out;
  for (const auto& p : pieces)
    out += "[" + std::to_string(static_cast<int>(p.first)) + p.second + "]";
  CHECK(out == "[0a][1b`c'][0d ][2e][0 ][2f][0-][0`][0g ][0`][0h]");
}

TEST_CASE("operators bind as Stata's manual orders them") {
  CHECK(tree("1+2*3^-2") == "(+ 1 (* 2 (^ 3 (neg 2))))");
  CHECK(tree("-2^2") == "(neg (^ 2 2))");
  CHECK(tree("a-b-c") == "(- (- a b) c)");
  CHECK(tree("!a==b | c & d") == "(| (== (not a) b) (& c d))");
  CHECK(tree("max(a, b[_n-1]) ~= e(V)[1,2]") == "(!= (max a (b (- _n 1))) (e 1 2))");
  CHECK(tree("_b[2.alloc]") == "_b2.alloc");
}

TEST_CASE("what is no expression has Stata's return code") {
  CHECK(failure("") == 198);
  CHECK(failure("1 +") == 198);
  CHECK(failure("(1") == 198);
  CHECK(failure("1 2") == 198);
  CHECK(failure("L.x") == 199);
  CHECK(failure(std::string(3000, '(') + "1") == 130);
  std::string sum = "1";
  for (int i = 0; i < 200000; ++i) sum += "+1";
  CHECK(stata_expression(lex(sum)).size() == 400001);
}

TEST_CASE("a command falls into its clauses in any order") {
  const StataText text("metan a b in 1/9 if x>1 [aw=n], by(g (h)) nograph", "");
  const StataTokens tokens = stata_tokens(text);
  const StataCommand x = stata_command(text, tokens);
  CHECK(x.rest.size() == 2);
  CHECK(x.range.size() == 3);
  CHECK(x.condition.size() == 3);
  CHECK(x.weight_kind == "aweight");
  REQUIRE(x.options.size() == 2);
  CHECK(x.options[0].value == "g (h)");
  CHECK(x.options[1].flag);
  CHECK_THROWS_AS(stata_command(StataText("a, b(", ""), lex("a, b(")), StataSyntaxError);
  CHECK_THROWS_AS(stata_command(StataText("a if", ""), lex("a if")), StataSyntaxError);
}

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
