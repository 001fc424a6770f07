// Compiled as one: what Eigen, Boost and Rcpp cost is paid once for all of these.
#include "core/batch/scan_alleles.cpp"
#include "core/batch/scan_number.cpp"
#include "core/batch/scan_records.cpp"
#include "core/batch/scan_session.cpp"
#include "core/batch/scan_table.cpp"
#include "core/batch/scan_text.cpp"
#include "core/batch/scan_write.cpp"
