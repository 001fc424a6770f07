// The grammar of expressions: a precedence climber.
// Source: Stata's User's Guide, 13.2.6: order of evaluation ! ^ - / * - + != > < <= >= == & |.
#include <algorithm>

#include "core/stata/stata_syntax.hpp"

namespace metaparity {

namespace {

using Kind = StataNodeKind;
using Type = StataTokenType;

constexpr std::array<std::pair<const char*, int>, 14> kPowers{{{"|", 1},
                                                               {"&", 2},
                                                               {"==", 3},
                                                               {"!=", 3},
                                                               {"~=", 3},
                                                               {">", 3},
                                                               {"<", 3},
                                                               {">=", 3},
                                                               {"<=", 3},
                                                               {"+", 4},
                                                               {"-", 4},
                                                               {"*", 5},
                                                               {"/", 5},
                                                               {"^", 7}}};
constexpr int kNegation = 6;
constexpr int kDeepest = 100;

class Parser {
 public:
  explicit Parser(const StataTokens& tokens) : tokens_(tokens) {}

  std::vector<StataNode> all() {
    if (tokens_.empty()) throw StataSyntaxError("an expression is missing", 198);
    binary(0);
    if (!done()) invalid(tokens_[at_].text);
    return std::move(nodes_);
  }

 private:
  bool done() const { return at_ >= tokens_.size(); }
  bool next_is(Type type, const char* text) const { return !done() && tokens_[at_].is(type, text); }

  [[noreturn]] static void invalid(const std::string& text) {
    throw StataSyntaxError(text + " invalid in an expression", 198);
  }

  int add(Kind kind, const std::string& text, std::vector<int> children = {},
          const std::string& detail = "") {
    nodes_.push_back({kind, text, detail, std::move(children)});
    return static_cast<int>(nodes_.size()) - 1;
  }

  void expect(const char* text) {
    if (!next_is(Type::Punct, text)) {
      throw StataSyntaxError(std::string(text) + " is missing in an expression", 198);
    }
    ++at_;
  }

  int power() const {
    if (done() || tokens_[at_].type != Type::Op) return -1;
    for (const auto& row : kPowers) {
      if (tokens_[at_].text == row.first) return row.second;
    }
    return -1;
  }

  int binary(int least) {
    int left = unary();
    while (power() > least) {
      const int strength = power();
      const std::string& op = tokens_[at_++].text;
      const int right = binary(strength);
      left = add(Kind::Binary, op == "~=" ? "!=" : op, {left, right});
    }
    return left;
  }

  // Negation binds tighter than * and looser than ^; `!` binds tightest.
  int unary() {
    if (depth_ >= kDeepest) throw StataSyntaxError("expression nested too deeply", 130);
    ++depth_;
    const int out = operand();
    --depth_;
    return out;
  }

  int operand() {
    if (next_is(Type::Op, "-") || next_is(Type::Op, "+")) {
      const bool minus = tokens_[at_++].text == "-";
      const int inner = binary(kNegation);
      return minus ? add(Kind::Negate, "", {inner}) : inner;
    }
    if (next_is(Type::Op, "!") || next_is(Type::Op, "~")) {
      ++at_;
      return add(Kind::Not, "", {unary()});
    }
    return primary();
  }

  int primary() {
    if (done()) throw StataSyntaxError("an expression ends too early", 198);
    const StataToken& t = tokens_[at_++];
    if (t.type == Type::Number) return add(Kind::Number, t.text);
    if (t.type == Type::Missing) return add(Kind::Missing, t.text.substr(1));
    if (t.type == Type::String) return add(Kind::String, t.text);
    if (t.type == Type::Name) return name(t.text);
    if (!t.is(Type::Punct, "(")) invalid(t.text);
    const int inner = binary(0);
    expect(")");
    return inner;
  }

  int name(const std::string& word) {
    if (next_is(Type::Punct, "(")) return call(word);
    if (opens_subscript()) {
      if (word == "_b" || word == "_coef" || word == "_se") {
        const std::string inside = brackets();
        return add(Kind::Coefficient, word, {}, inside);
      }
      const std::vector<int> index = subscripts();
      return add(index.size() == 1 ? Kind::Subscript : Kind::Element, word, index);
    }
    if (!done() && tokens_[at_].type == Type::Missing && !tokens_[at_].blank) {
      if (!is_lag(word)) throw StataSyntaxError("factor operators (" + word + ".)", 199, true);
      std::string operand = tokens_[at_++].text.substr(1);
      if (operand.empty() && !done() && tokens_[at_].type == Type::Name)
        operand = tokens_[at_++].text;
      return add(Kind::Name, word + "." + operand);
    }
    return add(Kind::Name, word);
  }

  // L, F and D, with an order behind them or none.
  static bool is_lag(const std::string& word) {
    return std::string("LFDlfd").find(word[0]) != std::string::npos &&
           word.find_first_not_of("0123456789", 1) == std::string::npos;
  }

  // e(b)[1,2] is an element of a saved matrix.
  int call(const std::string& word) {
    std::vector<int> args = arguments();
    if ((word == "e" || word == "r") && args.size() == 1 && opens_subscript()) {
      const std::string saved = nodes_[static_cast<std::size_t>(args[0])].text;
      return add(Kind::Element, word, subscripts(), saved);
    }
    return add(Kind::Call, word, std::move(args));
  }

  bool opens_subscript() const { return next_is(Type::Punct, "[") && !tokens_[at_].blank; }

  // [i] or [i,j]
  std::vector<int> subscripts() {
    ++at_;
    std::vector<int> out{binary(0)};
    if (next_is(Type::Punct, ",")) {
      ++at_;
      out.push_back(binary(0));
    }
    expect("]");
    return out;
  }

  // What stands in the brackets of _b[2.alloc], as it is written.
  std::string brackets() {
    ++at_;
    std::string out;
    while (!done() && tokens_[at_].text != "]") out += tokens_[at_++].text;
    expect("]");
    return out;
  }

  std::vector<int> arguments() {
    ++at_;
    std::vector<int> out;
    if (next_is(Type::Punct, ")")) {
      ++at_;
      return out;
    }
    out.push_back(binary(0));
    while (next_is(Type::Punct, ",")) {
      ++at_;
      out.push_back(binary(0));
    }
    expect(")");
    return out;
  }

  const StataTokens& tokens_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::vector<StataNode> nodes_;
};

}  // namespace

std::vector<StataNode> stata_expression(const StataTokens& tokens) { return Parser(tokens).all(); }

}  // namespace metaparity
