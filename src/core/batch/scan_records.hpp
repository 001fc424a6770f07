// Summary statistics of one study in delimited text, as records. Bytes come in pieces of any size; the records, the faults
// and their lines do not depend on where the pieces end nor on threads. Sample-size scheme: Willer, Li & Abecasis (2010),
// Table 1: z sqrt(n) is the estimate y = z / sqrt(n) over its variance 1 / n.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace metaparity {

enum class ScanRole { Id, Effect, Se, P, N, EffectAllele, OtherAllele, Eaf };
constexpr std::size_t kScanRoles = 8;

// Why a line has no part in the analysis.
enum class ScanFault {
  None,
  LongLine,
  OpenQuote,
  FieldCount,
  Id,
  Text,
  Missing,
  Effect,
  Se,
  P,
  N,
  Eaf,
  Allele,
  Repeated,
  Mismatch,
  Ambiguous
};
constexpr std::size_t kScanFaults = 16;
const char* scan_fault_name(ScanFault fault);

// Rows with a value of a column outside [lower, upper], or without one, are left out.
struct ScanFilter {
  int column = 0;
  double lower = 0.0, upper = 0.0;
};

struct ScanLayout {
  char separator = '\t';
  std::size_t fields = 0;                // of the header
  std::array<int, kScanRoles> column{};  // -1: the file has none
  std::vector<int> keep;                 // columns handed on as they are
  std::vector<ScanFilter> filters;
  bool sample_size = false;  // the scheme: z from p and the sign of the effect
  int column_of(ScanRole role) const { return column[static_cast<std::size_t>(role)]; }
};

// Views into the text that is being read. keep: its fields with tabs between them.
struct ScanRecord {
  std::string_view id, effect_allele, other_allele, keep;
  std::uint64_t hash = 0;
  std::int64_t line = 0;
  double y = 0.0, v = 0.0, n = 0.0, eaf = 0.0;
  std::uint32_t row = 0;  // of a table + 1 where it is known already
};

struct ScanProblem {
  std::int64_t line = 0;
  ScanFault fault = ScanFault::None;
};

struct ScanBatch {
  std::vector<ScanRecord> records;
  std::vector<ScanProblem> problems;
  std::deque<std::string> owned;
  std::int64_t lines = 0, filtered = 0;
};

std::uint64_t scan_hash(std::string_view id);

// Whole lines of text, the first of them the line `first` of its file.
ScanBatch read_lines(std::string_view text, const ScanLayout& layout, std::int64_t first);

class ScanStream {
 public:
  using Take = std::function<void(const ScanBatch&)>;
  using Prepare = std::function<void(ScanBatch&)>;

  // line: the number of the first line that is fed. prepare: done to batches on several threads, before any of them is
  // handed on.
  ScanStream(ScanLayout layout, std::int64_t line, int threads, Prepare prepare = nullptr)
      : layout_(std::move(layout)), line_(line), threads_(threads), prepare_(std::move(prepare)) {}
  // Hands on the records of the lines that are complete. Their views live as long as the call of `take`.
  void feed(std::string_view bytes, const Take& take);
  void finish(const Take& take);
  std::int64_t line() const { return line_; }

 private:
  void take_tail(const Take& take);
  void take_lines(std::string_view text, const Take& take);

  ScanLayout layout_;
  std::int64_t line_;
  int threads_;
  Prepare prepare_;
  std::string tail_;
  bool too_long_ = false;  // the line that is being read is too long to be kept
};

}  // namespace metaparity
