// Trees of expressions by the order of the User's Guide (13.2.6); a random tree written out with all its brackets, and
// without those that the order makes needless, is the same tree.
#include <random>

#include "stata_text.hpp"

using namespace metaparity;
using namespace stata_text;

namespace {

using Kind = StataNodeKind;

// The expression in prefix notation, so that the binding of operators shows.
std::string shown(const std::vector<StataNode>& nodes, int at) {
  const StataNode& x = nodes[static_cast<std::size_t>(at)];
  std::string out = x.kind == Kind::Negate ? "neg" : x.kind == Kind::Not ? "not" : x.text;
  if (x.children.empty()) return out + x.detail;
  for (const int child : x.children) out += " " + shown(nodes, child);
  return "(" + out + ")";
}

std::string tree(const std::string& text) {
  const std::vector<StataNode> nodes = stata_expression(lex(text));
  return shown(nodes, static_cast<int>(nodes.size()) - 1);
}

int failure(const std::string& text) {
  return rc_of([&] { tree(text); });
}

Kind root(const std::string& text) { return stata_expression(lex(text)).back().kind; }

// A random tree of left-associative operators: fully bracketed, and with the brackets that the order asks for.
struct Written {
  std::string full, sparse;
  int power;
};

Written random_tree(std::mt19937& rng, int depth) {
  static const std::vector<std::pair<const char*, int>> operators{
      {"|", 1}, {"&", 2}, {"==", 3}, {"<", 3}, {"+", 4}, {"-", 4}, {"*", 5}, {"/", 5}, {"^", 7}};
  if (depth == 0) {
    const std::string leaf(1, static_cast<char>('a' + rng() % 5));
    return {leaf, leaf, 9};
  }
  const auto op = operators[rng() % operators.size()];
  const Written l = random_tree(rng, depth - 1),
                r = random_tree(rng, static_cast<int>(rng() % static_cast<unsigned>(depth)));
  const auto bracket = [](const std::string& x, bool needed) { return needed ? "(" + x + ")" : x; };
  return {
      "(" + l.full + op.first + r.full + ")",
      bracket(l.sparse, l.power < op.second) + op.first + bracket(r.sparse, r.power <= op.second),
      op.second};
}

}  // namespace

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
  CHECK(failure("i.x") == 199);
  CHECK(failure("L.x") == 0);
  CHECK(failure(std::string(3000, '(') + "1") == 130);
  std::string sum = "1";
  for (int i = 0; i < 200000; ++i) sum += "+1";
  CHECK(stata_expression(lex(sum)).size() == 400001);
}

TEST_CASE("expressions: brackets that the order makes needless change nothing") {
  std::mt19937 rng(17);
  for (int rep = 0; rep < 300; ++rep) {
    const Written x = random_tree(rng, 1 + rep % 5);
    CHECK(tree(x.sparse) == tree(x.full));
  }
}

TEST_CASE("expressions: signs and negation") {
  CHECK(tree("+a") == "a");
  CHECK(tree("- -a") == "(neg (neg a))");
  CHECK(tree("-a*b") == "(* (neg a) b)");
  CHECK(tree("a*-b") == "(* a (neg b))");
  CHECK(tree("~a+b") == "(+ (not a) b)");
  CHECK(tree("!-a") == "(not (neg a))");
  CHECK(tree("2^3^2") == "(^ (^ 2 3) 2)");
}

TEST_CASE("expressions: each kind of node, with what it holds") {
  CHECK(root("3") == Kind::Number);
  CHECK(root(".a") == Kind::Missing);
  CHECK(stata_expression(lex(".a")).back().text == "a");
  CHECK(stata_expression(lex(".")).back().text == "");
  CHECK(root("\"3\"") == Kind::String);
  CHECK(root("x") == Kind::Name);
  CHECK(root("x[1]") == Kind::Subscript);
  CHECK(root("x[1,2]") == Kind::Element);
  CHECK(failure("x [1]") == 198);
  CHECK(root("_se[x]") == Kind::Coefficient);
  CHECK(root("f()") == Kind::Call);
  CHECK(stata_expression(lex("f()")).back().children.empty());
  const StataNode saved = stata_expression(lex("r(table)[1,2]")).back();
  CHECK(saved.kind == Kind::Element);
  CHECK(saved.detail == "table");
}

TEST_CASE("expressions: children stand before their parents") {
  const std::vector<StataNode> nodes = stata_expression(lex("max(a+1, b*-c, d[_n]) > 3"));
  for (std::size_t i = 0; i < nodes.size(); ++i)
    for (const int child : nodes[i].children) CHECK(child < static_cast<int>(i));
}

TEST_CASE("expressions: what is left open or out of place") {
  for (const char* bad : {"a+", "*a", "f(", "f(a", "f(a,", "f(,a)", "x[", "x[1", "x[1,", "x[]", ")",
                          "a)", "a = b", "a,b", "a ++ b"})
    CHECK(failure(bad) == 198);
  CHECK(failure("i.x") == 199);
  CHECK(failure(std::string(99, '(') + "1" + std::string(99, ')')) == 0);
  CHECK(failure(std::string(101, '(') + "1" + std::string(101, ')')) == 130);
  CHECK(failure(std::string(5000, '!') + "1") == 130);
  CHECK(failure(std::string(2, '-') + "1") == 198);
}
