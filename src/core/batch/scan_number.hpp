// Numbers in text files. Up to 19 digits and powers of ten up to 22 are exact in one operation (Clinger 1990, How to read
// floating point numbers accurately, section 5); the C library reads the rest. Oracle: strtod on random decimals.
#pragma once

#include <string_view>

namespace metaparity {

// A decimal number that is finite; hexadecimal, "inf" and "nan" are none. The text has no blanks around it.
bool scan_number(std::string_view text, double& out);

// What programs write for a missing value: nothing, NA, N/A, NaN, null, "." or "-", in any case.
bool scan_missing(std::string_view text);

}  // namespace metaparity
