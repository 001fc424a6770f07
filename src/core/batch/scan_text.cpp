#include "core/batch/scan_text.hpp"

#include <algorithm>
#include <cstdint>

#include "core/errors.hpp"

namespace metaparity {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }

std::string_view trimmed_right(std::string_view x) {
  while (!x.empty() && is_blank(x.back())) x.remove_suffix(1);
  return x;
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

// A field that begins with a quote at the front of `text`: what is behind it, or null where its quote is not closed.
const char* quoted_field(std::string_view text, std::vector<std::string_view>& fields,
                         std::deque<std::string>& owned) {
  bool doubled = false;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] != '"') continue;
    if (i + 1 < text.size() && text[i + 1] == '"') {
      doubled = true;
      ++i;
      continue;
    }
    const std::string_view inside = text.substr(1, i - 1);
    fields.push_back(doubled ? without_doubles(inside, owned) : inside);
    return text.data() + i + 1;
  }
  return nullptr;
}

bool split_blanks(std::string_view line, std::vector<std::string_view>& fields,
                  std::deque<std::string>& owned) {
  const char *at = line.data(), *end = at + line.size();
  while (true) {
    while (at != end && is_blank(*at)) ++at;
    if (at == end) return true;
    const char* from = at;
    if (*at == '"') {
      at = quoted_field({at, static_cast<std::size_t>(end - at)}, fields, owned);
      if (at == nullptr || (at != end && !is_blank(*at))) return false;
    } else {
      while (at != end && !is_blank(*at)) ++at;
      fields.emplace_back(from, static_cast<std::size_t>(at - from));
    }
  }
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
  if (separator == ' ') return split_blanks(line, fields, owned);
  while (true) {
    const char *from = line.data(), *end = from + line.size();
    while (from != end && is_blank(*from) && *from != separator) ++from;
    const char* to = from;
    if (from != end && *from == '"') {
      to = quoted_field({from, static_cast<std::size_t>(end - from)}, fields, owned);
      while (to != nullptr && to != end && is_blank(*to) && *to != separator) ++to;
      if (to == nullptr || (to != end && *to != separator)) return false;
    } else {
      while (to != end && *to != separator) ++to;
      fields.push_back(trimmed_right({from, static_cast<std::size_t>(to - from)}));
    }
    if (to == end) return true;
    line.remove_prefix(static_cast<std::size_t>(to + 1 - line.data()));
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
    if (trimmed_right(line).empty() || line.substr(0, 2) == "##") continue;
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
