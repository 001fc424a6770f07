// The clauses and options of one command.
#include <algorithm>

#include "core/stata/stata_syntax.hpp"

namespace metaparity {

namespace {

using Type = StataTokenType;

bool opens(const StataToken& t) { return t.is(Type::Punct, "(") || t.is(Type::Punct, "["); }
bool closes(const StataToken& t) { return t.is(Type::Punct, ")") || t.is(Type::Punct, "]"); }

const StataToken& token(const StataTokens& all, int i) { return all[static_cast<std::size_t>(i)]; }

// How deep in round or square brackets each token stands, the brackets themselves at the outer depth.
std::vector<int> bracket_depth(const StataTokens& tokens) {
  std::vector<int> out;
  out.reserve(tokens.size());
  int depth = 0;
  for (const StataToken& t : tokens) {
    if (closes(t)) --depth;
    out.push_back(depth);
    if (opens(t)) ++depth;
  }
  return out;
}

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

bool names_weight(const std::string& word) {
  const bool lower =
      std::all_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  return lower && (ends_with(word, "w") || ends_with(word, "weight"));
}

bool starts_clause(const StataTokens& tokens, int i, int end) {
  const StataToken& t = token(tokens, i);
  if (t.type == Type::Name) return t.text == "if" || t.text == "in" || t.text == "using";
  return t.is(Type::Punct, "[") && t.blank && i + 1 < end &&
         names_weight(token(tokens, i + 1).text);
}

constexpr std::array<std::pair<const char*, const char*>, 10> kWeights{{{"aw", "aweight"},
                                                                        {"aweight", "aweight"},
                                                                        {"fw", "fweight"},
                                                                        {"fweight", "fweight"},
                                                                        {"w", "weight"},
                                                                        {"weight", "weight"},
                                                                        {"iw", "iweight"},
                                                                        {"iweight", "iweight"},
                                                                        {"pw", "pweight"},
                                                                        {"pweight", "pweight"}}};

// [aw=n]: the span becomes that of the expression.
void read_weight(StataCommand& out, const StataTokens& tokens) {
  const StataSpan w = out.weight;
  if (w.size() >= 4 && token(tokens, w.from + 1).text == "=" &&
      token(tokens, w.to - 1).text == "]") {
    for (const auto& row : kWeights) {
      if (token(tokens, w.from).text == row.first) out.weight_kind = row.second;
    }
  }
  if (out.weight_kind.empty()) throw StataSyntaxError("invalid weight", 198);
  out.weight = {w.from + 2, w.to - 1, true};
}

void take_clause(StataCommand& out, const StataTokens& tokens, int start, int end) {
  if (start + 1 >= end) throw StataSyntaxError("invalid syntax", 198);
  const StataSpan span{start + 1, end, true};
  const std::string& word = token(tokens, start).text;
  if (word == "if") {
    out.condition = span;
  } else if (word == "in") {
    out.range = span;
  } else if (word == "using") {
    out.file = span;
  } else {
    out.weight = span;
  }
}

void read_clauses(StataCommand& out, const StataTokens& tokens, const std::vector<int>& depth,
                  int end) {
  std::vector<int> starts;
  for (int i = 1; i < end; ++i) {
    if (depth[static_cast<std::size_t>(i)] == 0 && starts_clause(tokens, i, end))
      starts.push_back(i);
  }
  starts.push_back(std::max(end, 1));
  out.rest = {std::min(1, end), starts.front() > end ? end : starts.front(), true};
  for (std::size_t i = 0; i + 1 < starts.size(); ++i) {
    take_clause(out, tokens, starts[i], starts[i + 1]);
  }
  if (out.weight.given) read_weight(out, tokens);
}

int closing_paren(const StataTokens& tokens, int open) {
  int depth = 0;
  for (int i = open; i < static_cast<int>(tokens.size()); ++i) {
    depth += (token(tokens, i).is(Type::Punct, "(") ? 1 : 0) -
             (token(tokens, i).is(Type::Punct, ")") ? 1 : 0);
    if (depth == 0) return i;
  }
  throw StataSyntaxError("parentheses unbalanced", 132);
}

// name or name(text); the text is kept as written. An option given twice keeps both, in order.
void read_options(StataCommand& out, const StataText& text, const StataTokens& tokens) {
  const int n = static_cast<int>(tokens.size());
  for (int at = out.tail.from; at < n; ++at) {
    const StataToken& t = token(tokens, at);
    if (t.is(Type::Punct, ",")) continue;
    if (t.type != Type::Name) throw StataSyntaxError("option " + t.text + " not allowed", 198);
    StataOption option{t.text, "", true};
    if (at + 1 < n && token(tokens, at + 1).is(Type::Punct, "(")) {
      const int close = closing_paren(tokens, at + 1);
      option.flag = false;
      option.value =
          stata_trimmed(text.part(token(tokens, at + 1).end + 1, token(tokens, close).start - 1));
      at = close;
    }
    out.options.push_back(option);
  }
}

}  // namespace

StataCommand stata_command(const StataText& text, const StataTokens& tokens) {
  StataCommand out;
  const std::vector<int> depth = bracket_depth(tokens);
  const int n = static_cast<int>(tokens.size());
  int comma = 0;
  while (comma < n && !(depth[static_cast<std::size_t>(comma)] == 0 &&
                        token(tokens, comma).is(Type::Punct, ","))) {
    ++comma;
  }
  read_clauses(out, tokens, depth, comma);
  out.tail = {std::min(comma + 1, n), n, comma < n};
  read_options(out, text, tokens);
  return out;
}

}  // namespace metaparity
