// Tokens and marks of macros by the rules of the User's Guide (11.3, 13.2, 18.3).
#include "stata_text.hpp"

using namespace metaparity;
using namespace stata_text;

namespace {

using Type = StataTokenType;

std::string kinds(const std::string& text) {
  std::string out;
  for (const StataToken& t : lex(text)) {
    for (const auto& row : kStataTokenTypes)
      if (row.second == t.type) out += (out.empty() ? "" : " ") + std::string(row.first);
  }
  return out;
}

std::string pieces(const std::string& text) {
  std::string out;
  for (const auto& p : stata_macro_pieces(StataText(text, "")))
    out += "[" + std::to_string(static_cast<int>(p.first)) + p.second + "]";
  return out;
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
  CHECK(pieces("a`b`c''d ${e} $f-\\`g `h") == "[0a][1b`c'][0d ][2e][0 ][2f][0-][0`][0g ][0`][0h]");
}

TEST_CASE("tokens: each kind by name") {
  CHECK(kinds("y") == "name");
  CHECK(kinds("_n") == "name");
  CHECK(kinds("0 .1 1.5E-3") == "number number number");
  CHECK(kinds("\"\" `\"x\"'") == "string string");
  CHECK(kinds(". .z") == "missing missing");
  CHECK(kinds("+ - * / ^ & | ! ~ > < = == != ~= >= <=") ==
        "op op op op op op op op op op op op op op op op op");
  CHECK(
      kinds("( ) [ ] { } , : # ? @ % $ ; \\") ==
      "punct punct punct punct punct punct punct punct punct punct punct punct punct punct punct");
  CHECK(kinds("++ -- '") == "other other other");
  CHECK(kinds("") == "");
  CHECK(kinds(" \t ") == "");
}

TEST_CASE("tokens: the longest operator that stands there") {
  CHECK(texts(lex("a>=b")) == "a >= b");
  CHECK(texts(lex("a==-1")) == "a == - 1");
  CHECK(texts(lex("a===b")) == "a == = b");
  CHECK(texts(lex("!!a")) == "! ! a");
}

TEST_CASE("tokens: a number takes its exponent where one follows, a point belongs to it") {
  CHECK(texts(lex("1e5x")) == "1e5 x");
  CHECK(texts(lex("1e+x")) == "1 e + x");
  CHECK(texts(lex("1.2.3")) == "1.2 .3");
  CHECK(texts(lex("x.1")) == "x .1");
}

TEST_CASE("tokens: places cover each token once, in order") {
  const std::string text = "gen x = `\"a\"' + .5*(y[_n-1]) if z!=.a";
  int end = 0;
  const StataText source(text, "");
  for (const StataToken& t : stata_tokens(source)) {
    CHECK(t.start > end);
    CHECK(t.end >= t.start);
    if (t.type != Type::String) CHECK(source.part(t.start, t.end) == t.text);
    end = t.end;
  }
  CHECK(end == source.size());
}

TEST_CASE("tokens: compound quotes nest, plain ones do not") {
  CHECK(texts(lex("`\"a `\"b\"' c\"'")) == "a `\"b\"' c");
  CHECK(lex("\"a\"\"b\"").size() == 2);
  CHECK(lex("`\"open").front().type == Type::Other);
}

TEST_CASE("text: parts, trimming, the word at its head") {
  const StataText text(
      "\xC3\xA4"
      "bc",
      "");
  CHECK(text.size() == 3);
  CHECK(text.part(1, 1) == "\xC3\xA4");
  CHECK(text.part(2, 3) == "bc");
  CHECK(text.part(3, 2) == "");
  CHECK(text.at(0) == 0);
  CHECK(text.at(1) == 0);
  CHECK(text.at(2) == 'b');
  CHECK(text.at(4) == 0);
  CHECK_FALSE(text.in_name(1));
  CHECK(StataText("\xC3\xA4", "\xC3\xB6\xC3\xA4").in_name(1));
  CHECK(stata_trimmed(" \t a b\r\n") == "a b");
  CHECK(stata_trimmed(" \n") == "");
  CHECK(stata_head(StataText("summarize x", ""), false) ==
        std::make_pair(std::string("summarize"), std::string("x")));
  CHECK(stata_head(StataText("1x = 2", ""), false).first == "");
  CHECK(stata_head(StataText("1x = 2", ""), true) ==
        std::make_pair(std::string("1x"), std::string("= 2")));
  CHECK(stata_head(StataText("", ""), true).first == "");
}

TEST_CASE("text: bytes that are no characters end with the text") {
  const StataText cut("a\xE2\x82", "");
  CHECK(cut.size() == 2);
  CHECK(cut.part(1, 2) == "a\xE2\x82");
  CHECK(StataText("\xFF\x80", "").size() >= 1);
}

TEST_CASE("macros: globals by name and in braces, expressions, none") {
  CHECK(pieces("") == "");
  CHECK(pieces("plain") == "[0plain]");
  CHECK(pieces("$a.b") == "[2a][0.b]");
  CHECK(pieces("${a b}c") == "[2a b][0c]");
  CHECK(pieces("$ x") == "[0$][0 x]");
  CHECK(pieces("`=1+2'") == "[1=1+2]");
  CHECK(pieces("`'") == "[1]");
  CHECK(pieces("\\$a") == "[0$][0a]");
  CHECK(pieces("${open") == "[0$][0{open]");
}
