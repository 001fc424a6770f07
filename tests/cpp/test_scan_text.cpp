// Reference: fields written down by hand; lines built from known fields; random bytes.
#include <deque>
#include <random>
#include <string>
#include <vector>

#include "catch.h"
#include "core/batch/scan_text.hpp"
#include "core/errors.hpp"

using namespace metaparity;

namespace {

using Texts = std::vector<std::string>;

Texts split(std::string_view line, char separator) {
  std::vector<std::string_view> fields;
  std::deque<std::string> owned;
  if (!split_line(line, separator, fields, owned)) return {"<fault>"};
  return {fields.begin(), fields.end()};
}

}  // namespace

TEST_CASE("fields of delimited lines") {
  REQUIRE(split("a,b,c", ',') == (Texts{"a", "b", "c"}));
  REQUIRE(split("", ',') == (Texts{""}));
  REQUIRE(split(",,", ',') == (Texts{"", "", ""}));
  REQUIRE(split(" a , b\t,c ", ',') == (Texts{"a", "b", "c"}));
  REQUIRE(split("a\t\tc\t", '\t') == (Texts{"a", "", "c", ""}));
  REQUIRE(split("\"a,b\",\"c\"\"d\" ,\"\"", ',') == (Texts{"a,b", "c\"d", ""}));
  REQUIRE(split("\"\"\"\"", ',') == (Texts{"\""}));
  REQUIRE(split("a\"b,c", ',') == (Texts{"a\"b", "c"}));
  REQUIRE(split("  a  b\t c ", ' ') == (Texts{"a", "b", "c"}));
  REQUIRE(split("\"a b\" c", ' ') == (Texts{"a b", "c"}));
  REQUIRE(split("", ' ').empty());
  for (const char separator : {',', ' '}) {
    REQUIRE(split("a,\"b", ',') == (Texts{"<fault>"}));
    REQUIRE(split("\"", separator) == (Texts{"<fault>"}));
    REQUIRE(split("\"a\"b", separator) == (Texts{"<fault>"}));
  }
}

TEST_CASE("lines of quoted fields give their fields back") {
  std::mt19937_64 rng(3);
  const std::string letters = "ab,\" \t;";
  for (int round = 0; round < 5000; ++round) {
    Texts fields(1 + rng() % 5);
    std::string line;
    for (std::string& field : fields) {
      if (&field != &fields[0]) line += ',';
      line += '"';
      for (std::uint64_t n = rng() % 6; n > 0; --n) {
        field += letters[rng() % letters.size()];
        line += field.back();
        if (field.back() == '"') line += '"';
      }
      line += '"';
    }
    REQUIRE(split(line, ',') == fields);
  }
}

TEST_CASE("the header: delimiter, byte order mark, comments, quotes") {
  const auto header = [](std::string_view text) { return scan_header(text, 0); };
  ScanHeader h = header(
      "\xef\xbb\xbf"
      "a,b\r\n1,2\r\n");
  REQUIRE(h.names == (Texts{"a", "b"}));
  REQUIRE(h.separator == ',');
  REQUIRE(h.bytes == 8);
  REQUIRE(h.lines == 1);
  h = header("##x\n\n#CHROM\tPOS\tA;B\n1\t2\t3\n");
  REQUIRE(h.names == (Texts{"CHROM", "POS", "A;B"}));
  REQUIRE(h.separator == '\t');
  REQUIRE(h.lines == 3);
  REQUIRE(h.bytes == 20);
  REQUIRE(header("\"a,b\";c").names == (Texts{"a,b", "c"}));
  REQUIRE(header(" a  b \n").separator == ' ');
  REQUIRE(header("a").names == (Texts{"a"}));
  REQUIRE(scan_header("a b,c d\n", ' ').names == (Texts{"a", "b,c", "d"}));
  REQUIRE_THROWS_AS(header(""), InvalidInput);
  REQUIRE_THROWS_AS(header("\n\n##a\n"), InvalidInput);
  REQUIRE_THROWS_AS(header("\"a\n"), InvalidInput);
  REQUIRE_THROWS_AS(header(std::string_view("\xff\xfe"
                                            "a\0b\0\n\0",
                                            9)),
                    InvalidInput);
}

TEST_CASE("text in UTF-8") {
  for (const char* good : {"", "rs1", "\xc3\xa9", "\xe4\xb8\xad", "\xf0\x9f\x98\x80", "a\tb"})
    REQUIRE(is_clean_text(good));
  for (const char* bad : {"\xc3", "\x80", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80",
                          "\xf4\x90\x80\x80", "\xff", "a\x01", "\x7f"})
    REQUIRE_FALSE(is_clean_text(bad));
  REQUIRE_FALSE(is_clean_text(std::string_view("\0", 1)));
}
