#include "core/batch/scan_number.hpp"

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace metaparity {
namespace {

constexpr double kPowers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                              1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                              1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
constexpr std::uint64_t kExact = std::uint64_t{1} << 53;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

struct Decimal {
  std::uint64_t digits = 0;
  int exponent = 0;
  int kept = 0;  // digits since the first that is not 0
  bool negative = false, any = false, whole = true;
};

// Reads [+-]digits[.digits][(e|E)[+-]digits]; false where the text is anything else.
bool read_decimal(std::string_view text, Decimal& out) {
  const char *at = text.data(), *end = at + text.size();
  if (at != end && (*at == '-' || *at == '+')) out.negative = *at++ == '-';
  bool fraction = false;
  for (; at != end && (is_digit(*at) || (*at == '.' && !fraction)); ++at) {
    if (*at == '.') {
      fraction = true;
      continue;
    }
    out.any = true;
    if (out.kept < 19) {
      out.digits = 10 * out.digits + static_cast<std::uint64_t>(*at - '0');
      if (out.digits > 0) ++out.kept;
      if (fraction) --out.exponent;
    } else {
      out.whole = false;
    }
  }
  if (!out.any) return false;
  if (at == end) return true;
  if (*at != 'e' && *at != 'E') return false;
  ++at;
  bool down = false;
  if (at != end && (*at == '-' || *at == '+')) down = *at++ == '-';
  if (at == end) return false;
  int power = 0;
  for (; at != end && is_digit(*at); ++at)
    power = power < 100000 ? 10 * power + (*at - '0') : power;
  out.exponent += down ? -power : power;
  return at == end;
}

// strtod() of the C library reads the point of its locale, which may be a comma.
double slow_number(std::string_view text) {
  std::string copy(text);
  char* end = nullptr;
  double out = std::strtod(copy.c_str(), &end);
  if (*end == '\0') return out;
  const auto point = copy.find('.');
  if (point == std::string::npos) return NAN;
  copy[point] = ',';
  out = std::strtod(copy.c_str(), &end);
  return *end == '\0' ? out : NAN;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_word(std::string_view text, const char* word) {
  for (const char c : text) {
    if (*word == '\0' || lower(c) != *word++) return false;
  }
  return *word == '\0';
}

}  // namespace

bool scan_number(std::string_view text, double& out) {
  Decimal x;
  if (!read_decimal(text, x)) return false;
  const int power = x.exponent;
  if (x.whole && x.digits <= kExact && power >= -22 && power <= 22) {
    const double whole = static_cast<double>(x.digits);
    out = power < 0 ? whole / kPowers[-power] : whole * kPowers[power];
    if (x.negative) out = -out;
    return true;
  }
  out = slow_number(text);
  return std::isfinite(out);
}

bool scan_missing(std::string_view text) {
  if (text.empty()) return true;
  if (text.size() > 4 || is_digit(text.back())) return false;
  for (const char* word : {".", "-", "na", "n/a", "nan", "#n/a", "null", "none"}) {
    if (is_word(text, word)) return true;
  }
  return false;
}

}  // namespace metaparity
