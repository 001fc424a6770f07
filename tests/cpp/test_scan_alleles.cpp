// Reference: cases written down by hand, and all pairs of bases: what a flip of strand or a swap does is undone.
#include <cmath>
#include <string>

#include "catch.h"
#include "core/batch/scan_alleles.hpp"
#include "core/types.hpp"

using namespace metaparity;

namespace {

AlleleRules rules_of(Palindromes what) {
  AlleleRules out;
  out.align = true;
  out.palindromes = what;
  return out;
}

}  // namespace

TEST_CASE("names and strands") {
  REQUIRE(allele_name("aCgT-<x>") == "ACGT-<X>");
  REQUIRE(reverse_complement("AACG") == "CGTT");
  REQUIRE(reverse_complement("AN").empty());
  REQUIRE(is_palindrome("A", "T"));
  REQUIRE(is_palindrome("G", "C"));
  REQUIRE(is_palindrome("AC", "GT"));
  REQUIRE_FALSE(is_palindrome("A", "G"));
  REQUIRE_FALSE(is_palindrome("A", "AT"));
  REQUIRE_FALSE(is_palindrome("D", "I"));
}

TEST_CASE("every pair of bases that is no palindrome is told apart on both strands") {
  const AlleleRules rules = rules_of(Palindromes::Eaf);
  const std::string bases = "ACGT";
  for (const char a : bases) {
    for (const char b : bases) {
      const std::string x(1, a), y(1, b);
      if (a == b || is_palindrome(x, y)) continue;
      const std::string cx = reverse_complement(x), cy = reverse_complement(y);
      const auto against = [&](const std::string& e, const std::string& o) {
        return align_alleles(e, o, kNaN, x, y, kNaN, rules);
      };
      REQUIRE(against(x, y) == Alignment::Same);
      REQUIRE(against(y, x) == Alignment::Swapped);
      REQUIRE(against(cx, cy) == Alignment::Same);
      REQUIRE(against(cy, cx) == Alignment::Swapped);
      for (const char c : bases) {
        if (c == b || std::string(1, c) == cx) continue;
        const Alignment other = against(x, std::string(1, c));
        REQUIRE((c == a || other == Alignment::Mismatch));
      }
    }
  }
}

TEST_CASE("longer alleles and other names") {
  const AlleleRules rules = rules_of(Palindromes::Eaf);
  REQUIRE(align_alleles("A", "AT", kNaN, "A", "AT", kNaN, rules) == Alignment::Same);
  REQUIRE(align_alleles("T", "AT", kNaN, "A", "AT", kNaN, rules) == Alignment::Same);
  REQUIRE(align_alleles("AT", "T", kNaN, "A", "AT", kNaN, rules) == Alignment::Swapped);
  REQUIRE(align_alleles("I", "D", kNaN, "D", "I", kNaN, rules) == Alignment::Swapped);
  REQUIRE(align_alleles("A", "ATT", kNaN, "A", "AT", kNaN, rules) == Alignment::Mismatch);
}

TEST_CASE("the strand of palindromes is told by frequencies, by the letters, or not at all") {
  const AlleleRules eaf = rules_of(Palindromes::Eaf);
  REQUIRE(strand_is_told("A", "G", kNaN, eaf));
  REQUIRE(strand_is_told("A", "T", 0.3, eaf));
  REQUIRE(strand_is_told("A", "T", 0.4, eaf));
  REQUIRE_FALSE(strand_is_told("A", "T", 0.45, eaf));
  REQUIRE_FALSE(strand_is_told("A", "T", kNaN, eaf));
  REQUIRE_FALSE(strand_is_told("A", "T", 0.1, rules_of(Palindromes::Drop)));
  REQUIRE(strand_is_told("A", "T", kNaN, rules_of(Palindromes::Keep)));
  // The first study has A with frequency 0.2. A at 0.25 is the same; A at 0.8 is read on the other strand: it is T there.
  REQUIRE(align_alleles("A", "T", 0.25, "A", "T", 0.2, eaf) == Alignment::Same);
  REQUIRE(align_alleles("A", "T", 0.8, "A", "T", 0.2, eaf) == Alignment::Swapped);
  REQUIRE(align_alleles("T", "A", 0.8, "A", "T", 0.2, eaf) == Alignment::Swapped);
  REQUIRE(align_alleles("T", "A", 0.2, "A", "T", 0.2, eaf) == Alignment::Same);
  REQUIRE(align_alleles("T", "A", kNaN, "A", "T", 0.2, eaf) == Alignment::Ambiguous);
  REQUIRE(align_alleles("T", "A", 0.2, "A", "T", 0.2, rules_of(Palindromes::Keep)) ==
          Alignment::Swapped);
}
