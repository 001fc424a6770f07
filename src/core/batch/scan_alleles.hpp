// Alleles of a variant in several studies: the same, swapped, on the other strand, or others. Alleles that are each other's
// complement (A/T, C/G) look the same on both strands: their frequencies tell, or nothing does.
#pragma once

#include <string>
#include <string_view>

namespace metaparity {

// What becomes of alleles that are each other's complement.
enum class Palindromes { Eaf, Keep, Drop };

struct AlleleRules {
  bool align = false;
  Palindromes palindromes = Palindromes::Eaf;
  double maf = 0.4;  // the largest frequency of the rarer allele that tells the strand
};

enum class Alignment { Same, Swapped, Mismatch, Ambiguous };

// Capital letters.
std::string allele_name(std::string_view text);

// The other strand, read backwards; empty where the text is no sequence of A, C, G and T.
std::string reverse_complement(std::string_view allele);

bool is_palindrome(std::string_view effect, std::string_view other);

// May a study's record of these alleles be used at all? eaf: NaN where it is not known.
bool strand_is_told(std::string_view effect, std::string_view other, double eaf,
                    const AlleleRules& rules);

// A record against the alleles and the frequency of the study that came first.
Alignment align_alleles(std::string_view effect, std::string_view other, double eaf,
                        std::string_view first_effect, std::string_view first_other,
                        double first_eaf, const AlleleRules& rules);

}  // namespace metaparity
