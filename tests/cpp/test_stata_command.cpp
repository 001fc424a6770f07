// Clauses of commands by the rules of the User's Guide (11.1): every order of the clauses tells the same.
#include <algorithm>

#include "stata_text.hpp"

using namespace metaparity;
using namespace stata_text;

namespace {

struct Read {
  StataText text;
  StataTokens tokens;
  StataCommand command;
  explicit Read(const std::string& source)
      : text(source, ""), tokens(stata_tokens(text)), command(stata_command(text, tokens)) {}
  std::string of(const StataSpan& span) const {
    return texts(StataTokens(tokens.begin() + span.from, tokens.begin() + span.to));
  }
};

int failure(const std::string& source) {
  return rc_of([&] { Read x(source); });
}

}  // namespace

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

TEST_CASE("command: all orders of its clauses") {
  std::vector<std::string> clauses{"if x > 1", "in 1/9", "[fw=n+1]", "using \"a.dta\""};
  std::sort(clauses.begin(), clauses.end());
  int orders = 0;
  do {
    std::string source = "use y z";
    for (const std::string& clause : clauses) source += " " + clause;
    const Read x(source + ", clear");
    CHECK(x.of(x.command.rest) == "y z");
    CHECK(x.of(x.command.condition) == "x > 1");
    CHECK(x.of(x.command.range) == "1 / 9");
    CHECK(x.of(x.command.weight) == "n + 1");
    CHECK(x.command.weight_kind == "fweight");
    CHECK(x.of(x.command.file) == "a.dta");
    CHECK(x.of(x.command.tail) == "clear");
    ++orders;
  } while (std::next_permutation(clauses.begin(), clauses.end()));
  CHECK(orders == 24);
}

TEST_CASE("command: nothing but a word, and nothing at all") {
  const Read word("list");
  CHECK(word.command.rest.size() == 0);
  for (const StataSpan& s : {word.command.condition, word.command.range, word.command.weight,
                             word.command.file, word.command.tail})
    CHECK_FALSE(s.given);
  CHECK(Read("").command.rest.size() == 0);
  CHECK(Read("list,").command.tail.given);
  CHECK(Read("list,").command.options.empty());
}

TEST_CASE("command: words of clauses within brackets, and the comma there, are the brackets' own") {
  const Read x("egen m = f(a, if) if b");
  CHECK(x.of(x.command.rest) == "m = f ( a , if )");
  CHECK(x.of(x.command.condition) == "b");
  CHECK_FALSE(x.command.tail.given);
  const Read y("gen z = x[_n-1] if x[1,2] == 3");
  CHECK(y.of(y.command.rest) == "z = x [ _n - 1 ]");
  CHECK_FALSE(y.command.weight.given);
}

TEST_CASE("command: every word of a weight, and words that are none") {
  const std::vector<std::pair<const char*, const char*>> words{
      {"aw", "aweight"}, {"aweight", "aweight"}, {"fw", "fweight"}, {"fweight", "fweight"},
      {"iw", "iweight"}, {"iweight", "iweight"}, {"pw", "pweight"}, {"pweight", "pweight"},
      {"w", "weight"},   {"weight", "weight"}};
  for (const auto& word : words) {
    const Read x("mean y [" + std::string(word.first) + " = n]");
    CHECK(x.command.weight_kind == word.second);
    CHECK(x.of(x.command.weight) == "n");
  }
  CHECK(failure("mean y [zw=n]") == 198);
  CHECK(failure("mean y [aw=]") == 198);
  CHECK(failure("mean y [aw n]") == 198);
  CHECK(failure("mean y [aw=n") == 198);
  CHECK(failure("mean y [aw=n] z") == 198);
}

TEST_CASE("command: options keep their text, their order and their repeats") {
  const Read x("metan a b, by( g ) label(namevar=x, yearvar = y) nograph by(h) title(\"a, (b\")");
  const auto& o = x.command.options;
  REQUIRE(o.size() == 5);
  CHECK(o[0].name == "by");
  CHECK(o[0].value == "g");
  CHECK(o[1].value == "namevar=x, yearvar = y");
  CHECK(o[2].flag);
  CHECK(o[2].value == "");
  CHECK(o[3].value == "h");
  CHECK(o[4].value == "\"a, (b\"");
  CHECK(Read("a, b()").command.options[0].value == "");
  CHECK_FALSE(Read("a, b()").command.options[0].flag);
  CHECK(Read("a, b (c)").command.options[0].value == "c");
  CHECK(Read("a, b, c").command.options.size() == 2);
}

TEST_CASE("command: what has no reading has Stata's return code") {
  CHECK(failure("a in") == 198);
  CHECK(failure("a if if b") == 198);
  CHECK(failure("a using, b") == 198);
  CHECK(failure("a, 3") == 198);
  CHECK(failure("a, (b)") == 198);
  CHECK(failure("a, b(c") == 132);
  CHECK(failure("a, b((c)") == 132);
  CHECK(failure("a, b)") == 198);
}
