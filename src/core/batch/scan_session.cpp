#include "core/batch/scan_session.hpp"

#include <algorithm>

#include "core/errors.hpp"

namespace metaparity {
namespace {

constexpr double kMedianChisq1 = 0.45493642311957283;
constexpr std::int64_t kNamed = 1000;

bool is_whole(const ScanLayout& layout) {
  const int fields = static_cast<int>(layout.fields);
  const auto inside = [&](int column) { return column >= 0 && column < fields; };
  const auto has = [&](ScanRole role) { return layout.column_of(role) >= 0; };
  return has(ScanRole::Id) && has(ScanRole::Effect) &&
         has(ScanRole::EffectAllele) == has(ScanRole::OtherAllele) &&
         std::all_of(layout.column.begin(), layout.column.end(),
                     [&](int c) { return c < fields; }) &&
         std::all_of(layout.keep.begin(), layout.keep.end(), inside) &&
         std::all_of(layout.filters.begin(), layout.filters.end(),
                     [&](const ScanFilter& f) { return inside(f.column); });
}

}  // namespace

void ScanLedger::add(int study, const ScanProblem& problem) {
  const auto at =
      static_cast<std::size_t>(study) * kScanFaults + static_cast<std::size_t>(problem.fault);
  if (++counts[at] <= kNamed) named.push_back({study, problem});
}

double genomic_inflation(std::vector<double>& z2) {
  if (z2.empty()) return kNaN;
  const auto middle = z2.begin() + static_cast<std::ptrdiff_t>(z2.size() / 2);
  std::nth_element(z2.begin(), middle, z2.end());
  double median = *middle;
  if (z2.size() % 2 == 0) median = (median + *std::max_element(z2.begin(), middle)) / 2.0;
  return genomic_inflation(median);
}

double genomic_inflation(double median) { return median / kMedianChisq1; }

ScanSession::ScanSession(const ScanRules& rules)
    : rules_(rules),
      ledger_(rules.studies),
      parts_(rules.parts > 0 ? static_cast<std::size_t>(rules.parts) + 1 : 0) {
  new_table();
}

void ScanSession::new_table() {
  table_ = std::make_unique<ScanTable>(rules_.studies, rules_.alleles, rules_.keeps);
}

void ScanSession::begin(int study, const ScanLayout& layout, std::int64_t line) {
  if (study < 0 || study >= rules_.studies)
    throw InvalidInput("files", "are not as many as announced");
  if (!is_whole(layout)) throw InvalidInput("id", "and `effect` must be columns of the file");
  study_ = study;
  from_ = line;
  totals_ = ScanTotals();
  z2_.clear();
  ScanStream::Prepare prepare;
  if (parts_.empty()) prepare = [this](ScanBatch& batch) { table_->look_up(batch.records); };
  stream_ = std::make_unique<ScanStream>(layout, line, rules_.threads, prepare);
}

void ScanSession::feed(std::string_view bytes) {
  if (!stream_) throw InvalidInput("files", "have not been begun");
  stream_->feed(bytes, [this](const ScanBatch& batch) { take(batch); });
}

ScanTotals ScanSession::end() {
  if (!stream_) throw InvalidInput("files", "have not been begun");
  stream_->finish([this](const ScanBatch& batch) { take(batch); });
  totals_.lines = stream_->line() - from_;
  stream_.reset();
  totals_.inflation = genomic_inflation(z2_);
  std::vector<double>().swap(z2_);
  return totals_;
}

void ScanSession::take(const ScanBatch& batch) {
  for (const ScanProblem& problem : batch.problems) ledger_.add(study_, problem);
  totals_.filtered += batch.filtered;
  totals_.records += static_cast<std::int64_t>(batch.records.size());
  for (const ScanRecord& r : batch.records) {
    const double z2 = r.y / r.v * r.y;
    if (parts_.empty()) {
      z2_.push_back(z2);
      const ScanFault fault = table_->add(study_, r);
      if (fault != ScanFault::None) ledger_.add(study_, {r.line, fault});
    } else {
      std::string& part = parts_[(r.hash >> 32) % (parts_.size() - 1)];
      const std::size_t before = part.size();
      write_record(r, part);
      waiting_ += part.size() - before + sizeof z2;
      parts_.back().append(reinterpret_cast<const char*>(&z2), sizeof z2);
    }
  }
}

std::size_t ScanSession::bytes() const {
  return table_->bytes() + waiting_ + z2_.capacity() * sizeof(double);
}

std::vector<std::string> ScanSession::fetch_parts() {
  std::vector<std::string> out(parts_.size());
  out.swap(parts_);
  waiting_ = 0;
  return out;
}

std::size_t ScanSession::read_part(int study, std::string_view bytes) {
  if (study < 0 || study >= rules_.studies)
    throw InvalidInput("folder", "has a part of an unknown study");
  return read_records(bytes, [&](const ScanRecord& r) {
    const ScanFault fault = table_->add(study, r);
    if (fault != ScanFault::None) ledger_.add(study, {r.line, fault});
  });
}

ScanLedger ScanSession::take_problems() {
  ScanLedger out(rules_.studies);
  std::swap(out, ledger_);
  return out;
}

}  // namespace metaparity
