#include "core/batch/scan_alleles.hpp"

#include <algorithm>
#include <cmath>

namespace metaparity {
namespace {

char complement(char c) {
  switch (c) {
    case 'A':
      return 'T';
    case 'T':
      return 'A';
    case 'C':
      return 'G';
    case 'G':
      return 'C';
    default:
      return '\0';
  }
}

bool is_base(std::string_view x) { return x.size() == 1 && complement(x[0]) != '\0'; }

bool on_other_strand(std::string_view a, std::string_view b) {
  if (a.size() != b.size() || a.empty()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (complement(a[i]) == '\0' || complement(a[i]) != b[b.size() - 1 - i]) return false;
  }
  return true;
}

}  // namespace

std::string allele_name(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

std::string reverse_complement(std::string_view allele) {
  std::string out;
  for (auto c = allele.rbegin(); c != allele.rend(); ++c) {
    if (complement(*c) == '\0') return {};
    out += complement(*c);
  }
  return out;
}

bool is_palindrome(std::string_view effect, std::string_view other) {
  if (is_base(effect)) return other.size() == 1 && other[0] == complement(effect[0]);
  return on_other_strand(effect, other);
}

bool strand_is_told(std::string_view effect, std::string_view other, double eaf,
                    const AlleleRules& rules) {
  if (rules.palindromes == Palindromes::Keep || !is_palindrome(effect, other)) return true;
  if (rules.palindromes == Palindromes::Drop || std::isnan(eaf)) return false;
  return std::min(eaf, 1.0 - eaf) <= rules.maf;
}

Alignment align_alleles(std::string_view effect, std::string_view other, double eaf,
                        std::string_view first_effect, std::string_view first_other,
                        double first_eaf, const AlleleRules& rules) {
  const bool same = effect == first_effect && other == first_other;
  const bool swapped = effect == first_other && other == first_effect;
  if (!same && !swapped) {
    if (on_other_strand(effect, first_effect) && on_other_strand(other, first_other))
      return Alignment::Same;
    if (on_other_strand(effect, first_other) && on_other_strand(other, first_effect))
      return Alignment::Swapped;
    return Alignment::Mismatch;
  }
  const Alignment letters = same ? Alignment::Same : Alignment::Swapped;
  if (rules.palindromes == Palindromes::Keep || !is_palindrome(effect, other)) return letters;
  if (!strand_is_told(effect, other, eaf, rules) ||
      !strand_is_told(first_effect, first_other, first_eaf, rules)) {
    return Alignment::Ambiguous;
  }
  return (eaf < 0.5) == (first_eaf < 0.5) ? Alignment::Same : Alignment::Swapped;
}

}  // namespace metaparity
