#include "core/batch/scan_text.hpp"

#include <algorithm>
#include <cstdint>

#include "core/errors.hpp"

namespace metaparity {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }

std::string_view trimmed(std::string_view x) {
  while (!x.empty() && is_blank(x.front())) x.remove_prefix(1);
  while (!x.empty() && is_blank(x.back())) x.remove_suffix(1);
  return x;
}

// The end of a quoted field that begins at `at`; npos where its quote is not closed.
std::size_t closing_quote(std::string_view line, std::size_t at, bool& doubled) {
  for (std::size_t i = at + 1; i < line.size(); ++i) {
    if (line[i] != '"') continue;
    if (i + 1 == line.size() || line[i + 1] != '"') return i;
    doubled = true;
    ++i;
  }
  return std::string_view::npos;
}

std::string_view without_doubles(std::string_view x, std::deque<std::string>& owned) {
  std::string out;
  for (std::size_t i = 0; i < x.size(); ++i) {
    out += x[i];
    if (x[i] == '"') ++i;
  }
  owned.push_back(std::move(out));
  return owned.back();
}

char find_separator(std::string_view header) {
  bool quoted = false;
  std::string outside;
  for (const char c : header) {
    if (c == '"') quoted = !quoted;
    if (!quoted) outside += c;
  }
  for (const char c : {'\t', ',', ';', '|'}) {
    if (outside.find(c) != std::string::npos) return c;
  }
  return ' ';
}

// The length of the character of UTF-8 that begins at `at`; 0 where there is none.
std::size_t utf8_length(const unsigned char* at, std::size_t left) {
  const unsigned char c = *at;
  const std::size_t n = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
  if (c < 0xc2 || c > 0xf4 || n > left) return 0;
  for (std::size_t i = 1; i < n; ++i) {
    if ((at[i] & 0xc0) != 0x80) return 0;
  }
  const bool overlong = (c == 0xe0 && at[1] < 0xa0) || (c == 0xf0 && at[1] < 0x90);
  const bool beyond = (c == 0xed && at[1] > 0x9f) || (c == 0xf4 && at[1] > 0x8f);
  return overlong || beyond ? 0 : n;
}

}  // namespace

bool split_line(std::string_view line, char separator, std::vector<std::string_view>& fields,
                std::deque<std::string>& owned) {
  fields.clear();
  const bool runs = separator == ' ';
  const auto separates = [&](char c) { return runs ? is_blank(c) : c == separator; };
  const auto skipped = [&](char c) { return c == ' ' || (c == '\t' && separator != '\t'); };
  std::size_t at = 0;
  const std::size_t n = line.size();
  while (true) {
    while (at < n && skipped(line[at])) ++at;
    if (runs && at == n) return true;
    if (at < n && line[at] == '"') {
      bool doubled = false;
      const std::size_t end = closing_quote(line, at, doubled);
      if (end == std::string_view::npos) return false;
      const std::string_view inside = line.substr(at + 1, end - at - 1);
      fields.push_back(doubled ? without_doubles(inside, owned) : inside);
      at = end + 1;
      while (at < n && skipped(line[at]) && !separates(line[at])) ++at;
      if (at < n && !separates(line[at])) return false;
    } else {
      const std::size_t from = at;
      while (at < n && !separates(line[at])) ++at;
      std::size_t to = at;
      while (to > from && is_blank(line[to - 1])) --to;
      fields.push_back(line.substr(from, to - from));
    }
    if (at == n) return true;
    ++at;
  }
}

ScanHeader scan_header(std::string_view text, char separator) {
  const std::size_t whole = text.size();
  if (text.substr(0, 3) == "\xef\xbb\xbf") text.remove_prefix(3);
  ScanHeader out;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    ++out.lines;
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (trimmed(line).empty() || line.substr(0, 2) == "##") continue;
    if (!is_clean_text(line)) {
      throw InvalidInput("files", "must be text in UTF-8, one line a variant, below a header");
    }
    out.separator = separator == 0 ? find_separator(line) : separator;
    out.bytes = whole - text.size();
    std::vector<std::string_view> fields;
    std::deque<std::string> owned;
    if (!split_line(line, out.separator, fields, owned))
      throw InvalidInput("files", "must have a header whose quotes are closed");
    out.names.assign(fields.begin(), fields.end());
    if (!out.names[0].empty() && out.names[0][0] == '#') out.names[0].erase(0, 1);
    return out;
  }
  throw InvalidInput("files", "must have a header");
}

bool is_clean_text(std::string_view text) {
  const auto* at = reinterpret_cast<const unsigned char*>(text.data());
  for (std::size_t i = 0; i < text.size();) {
    if (at[i] < 0x80) {
      if ((at[i] < 0x20 && at[i] != '\t') || at[i] == 0x7f) return false;
      ++i;
      continue;
    }
    const std::size_t n = utf8_length(at + i, text.size() - i);
    if (n == 0) return false;
    i += n;
  }
  return true;
}

}  // namespace metaparity
