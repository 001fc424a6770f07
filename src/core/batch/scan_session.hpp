// One pass over the files of several studies: records to a table, or to parts of the ids when the table would not fit into
// memory (a Grace hash join: Kitsuregawa, Tanaka & Moto-oka 1983). Inflation: Devlin & Roeder (1999), the median of the
// squared z values of a study over that of chi-squared with one degree of freedom.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/batch/scan_records.hpp"
#include "core/batch/scan_table.hpp"

namespace metaparity {

struct ScanRules {
  int studies = 1;
  int parts = 0;  // 0: one table in memory
  AlleleRules alleles;
  bool keeps = false;  // columns that are handed on
  int threads = 1;
};

struct ScanTotals {
  std::int64_t lines = 0;     // of data, empty ones too
  std::int64_t records = 0;   // lines that can be read
  std::int64_t filtered = 0;  // lines that the filters leave out
  double inflation = 1.0;     // NaN without records, and where the records were parted
};

struct StudyProblem {
  int study = 0;
  ScanProblem what;
};

// All problems are counted; the first thousand of a kind and study are named.
struct ScanLedger {
  explicit ScanLedger(int studies) : counts(static_cast<std::size_t>(studies) * kScanFaults, 0) {}
  void add(int study, const ScanProblem& problem);
  std::vector<std::int64_t> counts;  // study * kScanFaults + fault
  std::vector<StudyProblem> named;
};

// The median over that of chi-squared; NaN without values. Changes the order of z2.
double genomic_inflation(std::vector<double>& z2);
double genomic_inflation(double median);

class ScanSession {
 public:
  explicit ScanSession(const ScanRules& rules);

  // Studies in their order. line: the number of the first line of data.
  void begin(int study, const ScanLayout& layout, std::int64_t line);
  void feed(std::string_view bytes);
  ScanTotals end();
  std::size_t bytes() const;
  std::size_t waiting() const { return waiting_; }  // bytes of parts that have not been fetched
  // Records by part, then the squared z values as doubles.
  std::vector<std::string> fetch_parts();
  // How many of the bytes were whole records; the others are to come again, in front of the next ones.
  std::size_t read_part(int study, std::string_view bytes);
  const ScanTable& table() const { return *table_; }
  void new_table();
  ScanLedger take_problems();

 private:
  void take(const ScanBatch& batch);

  ScanRules rules_;
  ScanLedger ledger_;
  std::unique_ptr<ScanTable> table_;
  std::unique_ptr<ScanStream> stream_;
  std::vector<std::string> parts_;
  std::size_t waiting_ = 0;
  std::vector<double> z2_;
  ScanTotals totals_;
  std::int64_t from_ = 0;
  int study_ = 0;
};

}  // namespace metaparity
