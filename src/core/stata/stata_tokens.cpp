// Tokens and marks of macros: one pass over the characters.
#include <algorithm>
#include <cstring>

#include "core/stata/stata_syntax.hpp"

namespace metaparity {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_plain_name(char c) {
  return is_digit(c) || is_lower(c) || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_one_of(char c, const char* set) { return c != 0 && std::strchr(set, c) != nullptr; }

int bytes_of(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xF0) return 4;
  if (first >= 0xE0) return 3;
  return first >= 0xC0 ? 2 : 1;
}

// Where each character begins, and where the text ends.
std::vector<int> character_places(const std::string& text) {
  std::vector<int> out;
  out.reserve(text.size() + 1);
  const int size = static_cast<int>(text.size());
  for (int i = 0; i < size;) {
    out.push_back(i);
    i = std::min(size, i + bytes_of(static_cast<unsigned char>(text[static_cast<std::size_t>(i)])));
  }
  out.push_back(size);
  return out;
}

int name_end(const StataText& text, int at) {
  while (text.in_name(at + 1)) ++at;
  return at;
}

int digits_end(const StataText& text, int at) {
  while (is_digit(text.at(at))) ++at;
  return at;
}

// 12, 12., .5, 1e-3; a name may not begin with a digit, so 12abc is left to fail as a word.
int number_end(const StataText& text, int at) {
  int end = digits_end(text, at);
  if (text.at(end) == '.') end = digits_end(text, end + 1);
  if (is_one_of(text.at(end), "eE")) {
    const int sign = is_one_of(text.at(end + 1), "+-") ? 1 : 0;
    if (is_digit(text.at(end + 1 + sign))) end = digits_end(text, end + 1 + sign);
  }
  return end - 1;
}

StataToken plain_string(const StataText& text, int at) {
  for (int i = at + 1; i <= text.size(); ++i) {
    if (text.at(i) == '"') return {StataTokenType::String, at, i, true, text.part(at + 1, i - 1)};
  }
  return {StataTokenType::Other, at, at, true, text.part(at, at)};
}

StataToken compound_string(const StataText& text, int at) {
  int depth = 0;
  for (int i = at; i < text.size(); ++i) {
    const bool opens = text.at(i) == '`' && text.at(i + 1) == '"';
    const bool closes = text.at(i) == '"' && text.at(i + 1) == '\'';
    depth += (opens ? 1 : 0) - (closes ? 1 : 0);
    if (depth == 0) return {StataTokenType::String, at, i + 1, true, text.part(at + 2, i - 1)};
    if (opens || closes) ++i;
  }
  return {StataTokenType::Other, at, at, true, text.part(at, at)};
}

StataToken token_of(const StataText& text, StataTokenType type, int from, int to) {
  return {type, from, to, true, text.part(from, to)};
}

StataToken operator_token(const StataText& text, int at) {
  const char ch = text.at(at), after = text.at(at + 1);
  if (after == '=' && is_one_of(ch, "=!~><")) return token_of(text, StataTokenType::Op, at, at + 1);
  if (after == ch && is_one_of(ch, "+-")) return token_of(text, StataTokenType::Other, at, at + 1);
  const bool known = is_one_of(ch, "+-!~><=");
  return token_of(text, known ? StataTokenType::Op : StataTokenType::Other, at, at);
}

StataToken token_at(const StataText& text, int at) {
  const char ch = text.at(at), after = text.at(at + 1);
  if (is_one_of(ch, "*/^&|")) return token_of(text, StataTokenType::Op, at, at);
  if (is_one_of(ch, "()[]{},:#?@%$;\\")) return token_of(text, StataTokenType::Punct, at, at);
  if (is_digit(ch) || (ch == '.' && is_digit(after))) {
    return token_of(text, StataTokenType::Number, at, number_end(text, at));
  }
  if (text.in_name(at)) return token_of(text, StataTokenType::Name, at, name_end(text, at));
  if (ch == '`' && after == '"') return compound_string(text, at);
  if (ch == '"') return plain_string(text, at);
  if (ch == '.') {
    const bool letter = is_lower(after) && !text.in_name(at + 2);
    return token_of(text, StataTokenType::Missing, at, letter ? at + 1 : at);
  }
  return operator_token(text, at);
}

// For each ` the quote that closes it, counting the macros inside; 0 where none does.
std::vector<int> closing_quotes(const StataText& text) {
  std::vector<int> out(static_cast<std::size_t>(text.size()) + 1, 0), open;
  for (int i = 1; i <= text.size(); ++i) {
    if (text.at(i) == '`') open.push_back(i);
    if (text.at(i) != '\'' || open.empty()) continue;
    out[static_cast<std::size_t>(open.back())] = i;
    open.pop_back();
  }
  return out;
}

struct Mark {
  StataPiece kind;
  int from, to;  // what the macro's quotes hold
  int end;       // where the macro ends
};

// The macro that begins at `at`; a mark that opens none stands for itself.
Mark mark_at(const StataText& text, int at, int close) {
  const char ch = text.at(at), after = text.at(at + 1);
  if (ch == '\\' && is_one_of(after, "`$")) return {StataPiece::Text, at + 1, at + 1, at + 1};
  if (ch == '`' && after != '"' && close > 0) return {StataPiece::Local, at + 1, close - 1, close};
  if (ch == '$' && after == '{') {
    for (int i = at + 2; i <= text.size(); ++i) {
      if (text.at(i) == '}') return {StataPiece::Global, at + 2, i - 1, i};
    }
  } else if (ch == '$' && text.in_name(at + 1)) {
    const int end = name_end(text, at + 1);
    return {StataPiece::Global, at + 1, end, end};
  }
  return {StataPiece::Text, at, at, at};
}

}  // namespace

StataText::StataText(std::string text, const std::string& letters)
    : text_(std::move(text)), place_(character_places(text_)) {
  const std::vector<int> places = character_places(letters);
  for (std::size_t i = 0; i + 1 < places.size(); ++i) {
    letters_.push_back(letters.substr(static_cast<std::size_t>(places[i]),
                                      static_cast<std::size_t>(places[i + 1] - places[i])));
  }
}

char StataText::at(int i) const {
  if (i < 1 || i > size()) return 0;
  const char out = text_[static_cast<std::size_t>(place_[static_cast<std::size_t>(i) - 1])];
  return static_cast<unsigned char>(out) < 0x80 ? out : char{0};
}

bool StataText::in_name(int i) const {
  if (i < 1 || i > size()) return false;
  const char ch = at(i);
  if (ch != 0 || letters_.empty()) return is_plain_name(ch);
  return std::find(letters_.begin(), letters_.end(), part(i, i)) != letters_.end();
}

std::string StataText::part(int from, int to) const {
  if (to < from) return "";
  const int begin = place_[static_cast<std::size_t>(from) - 1];
  return text_.substr(static_cast<std::size_t>(begin),
                      static_cast<std::size_t>(place_[static_cast<std::size_t>(to)] - begin));
}

std::string stata_trimmed(const std::string& text) {
  const std::size_t from = text.find_first_not_of(" \t\r\n");
  if (from == std::string::npos) return "";
  return text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1);
}

std::pair<std::string, std::string> stata_head(const StataText& text, bool macro) {
  const bool begins = text.in_name(1) && (macro || !is_digit(text.at(1)));
  const int end = begins ? name_end(text, 1) : 0;
  return {text.part(1, end), stata_trimmed(text.part(end + 1, text.size()))};
}

StataTokens stata_tokens(const StataText& text) {
  StataTokens out;
  bool blank = true;
  for (int at = 1; at <= text.size(); ++at) {
    const bool skip = is_one_of(text.at(at), " \t");
    if (!skip) {
      out.push_back(token_at(text, at));
      out.back().blank = blank;
      at = out.back().end;
    }
    blank = skip;
  }
  return out;
}

std::vector<std::pair<StataPiece, std::string>> stata_macro_pieces(const StataText& text) {
  std::vector<std::pair<StataPiece, std::string>> out;
  const std::vector<int> closes = closing_quotes(text);
  int from = 1;
  for (int at = 1; at <= text.size(); ++at) {
    if (!is_one_of(text.at(at), "`$\\")) continue;
    const Mark mark = mark_at(text, at, closes[static_cast<std::size_t>(at)]);
    if (at > from) out.emplace_back(StataPiece::Text, text.part(from, at - 1));
    out.emplace_back(mark.kind, text.part(mark.from, mark.to));
    at = mark.end;
    from = at + 1;
  }
  if (from <= text.size()) out.emplace_back(StataPiece::Text, text.part(from, text.size()));
  return out;
}

}  // namespace metaparity
