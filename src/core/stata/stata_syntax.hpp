// Stata's language as the text alone tells it: tokens, marks of macros, clauses of a command, trees of expressions.
// Source: Stata's User's Guide, 11.1 (commands), 11.3 (names), 13.2 (expressions), 18.3 (macros).
#pragma once

#include <array>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace metaparity {

// Stata's message and return code; `unsupported` names what is Stata's but not known here.
class StataSyntaxError : public std::runtime_error {
 public:
  StataSyntaxError(const std::string& message, int rc, bool unsupported = false)
      : std::runtime_error(message), rc_(rc), unsupported_(unsupported) {}
  int rc() const { return rc_; }
  bool unsupported() const { return unsupported_; }

 private:
  int rc_;
  bool unsupported_;
};

enum class StataTokenType { Name, Number, String, Missing, Op, Punct, Other };

inline constexpr std::array<std::pair<const char*, StataTokenType>, 7> kStataTokenTypes{
    {{"name", StataTokenType::Name},
     {"number", StataTokenType::Number},
     {"string", StataTokenType::String},
     {"missing", StataTokenType::Missing},
     {"op", StataTokenType::Op},
     {"punct", StataTokenType::Punct},
     {"other", StataTokenType::Other}}};

// Characters `start` to `end`, counted from 1; `text` is without the quotes of strings; `blank`: a
// blank stands before it.
struct StataToken {
  StataTokenType type = StataTokenType::Other;
  int start = 0;
  int end = 0;
  bool blank = true;
  std::string text;
  bool is(StataTokenType kind, const char* what) const { return type == kind && text == what; }
};

using StataTokens = std::vector<StataToken>;

// UTF-8 text by its characters. Names hold ASCII letters, digits, _ and the characters of `letters`.
class StataText {
 public:
  StataText(std::string text, const std::string& letters);
  int size() const { return static_cast<int>(place_.size()) - 1; }
  // The character at a place counted from 1 when it is ASCII; 0 for another, and behind the end.
  char at(int i) const;
  bool in_name(int i) const;
  std::string part(int from, int to) const;

 private:
  std::string text_;
  std::vector<int> place_;
  std::vector<std::string> letters_;
};

StataTokens stata_tokens(const StataText& text);

// The name that a text begins with, "" when it begins with something else, and what is left without
// blanks around it. Names of macros may begin with a digit.
std::pair<std::string, std::string> stata_head(const StataText& text, bool macro);

// Without blanks and ends of lines around it.
std::string stata_trimmed(const std::string& text);

enum class StataPiece { Text, Local, Global };

// What stands between the macros, and the names or expressions in their quotes, in turn.
std::vector<std::pair<StataPiece, std::string>> stata_macro_pieces(const StataText& text);

// Tokens `from` to `to`, the last one excluded.
struct StataSpan {
  int from = 0;
  int to = 0;
  bool given = false;
  int size() const { return to - from; }
};

struct StataOption {
  std::string name;
  std::string value;
  bool flag = true;
};

// [if] [in] [weight] [using] stand in any order behind `rest`, which is what the command is about.
struct StataCommand {
  StataSpan rest, condition, range, weight, file, tail;
  std::string weight_kind;
  std::vector<StataOption> options;
};

StataCommand stata_command(const StataText& text, const StataTokens& tokens);

enum class StataNodeKind {
  Number,
  Missing,
  String,
  Name,
  Negate,
  Not,
  Binary,
  Call,
  Element,
  Subscript,
  Coefficient
};

// `text`: the number, letter, string, name or operator; `detail`: the name in r(name)[i,j], what
// stands in the brackets of _b[name]; children by their place in the list.
struct StataNode {
  StataNodeKind kind = StataNodeKind::Number;
  std::string text;
  std::string detail;
  std::vector<int> children;
};

// The nodes of an expression, each behind its children: the last one is the root.
std::vector<StataNode> stata_expression(const StataTokens& tokens);

}  // namespace metaparity
