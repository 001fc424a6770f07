// Lines of delimited text: the header, the delimiter, quoted fields (RFC 4180, within one line), text in UTF-8.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace metaparity {

// The fields of one line, without blanks around them and without quotes; `owned` keeps those whose quotes are doubled.
// A separator ' ' stands for runs of blanks and tabs. False where a quote is not closed or followed by more.
bool split_line(std::string_view line, char separator, std::vector<std::string_view>& fields,
                std::deque<std::string>& owned);

struct ScanHeader {
  std::vector<std::string> names;
  char separator = '\t';
  std::size_t bytes = 0;  // up to the first line of data
  std::size_t lines = 0;
};

// The header is the first line that is neither empty nor begins with "##". separator: 0 finds it. Throws InvalidInput.
ScanHeader scan_header(std::string_view text, char separator);

// Text in UTF-8 without control characters.
bool is_clean_text(std::string_view text);

}  // namespace metaparity
