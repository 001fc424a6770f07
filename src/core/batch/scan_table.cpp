#include "core/batch/scan_table.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include "core/errors.hpp"

namespace metaparity {
namespace {

constexpr double kStudy = 1099511627776.0;  // 2^40
constexpr std::size_t kNone = static_cast<std::size_t>(-1);

double at_or_nan(const std::vector<double>& x, std::size_t i) { return i < x.size() ? x[i] : kNaN; }

// The fixed part of a record in bytes.
struct Packed {
  std::uint64_t hash;
  std::int64_t line;
  double y, v, n, eaf;
  std::uint32_t id, effect_allele, other_allele, keep;
};

}  // namespace

ScanTable::ScanTable(int studies, const AlleleRules& alleles, bool keeps)
    : rules_(alleles), keeps_(keeps), slots_(1024, 0), columns_(static_cast<std::size_t>(studies)) {
  allele("");
}

std::uint32_t ScanTable::allele(std::string_view name) {
  const auto found =
      number_of_.emplace(std::string(name), static_cast<std::uint32_t>(names_.size()));
  if (found.second) names_.emplace_back(name);
  return found.first->second;
}

std::size_t ScanTable::find(const ScanRecord& r, std::size_t likely) const {
  if (r.row > 0) return r.row - 1;
  if (likely < hash_.size() && hash_[likely] == r.hash && ids_.at(likely) == r.id) return likely;
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = r.hash & mask; slots_[at] != 0; at = (at + 1) & mask) {
    const std::size_t row = slots_[at] - 1;
    if (hash_[row] == r.hash && ids_.at(row) == r.id) return row;
  }
  return kNone;
}

void ScanTable::look_up(std::vector<ScanRecord>& records) const {
  std::size_t likely = next_;
  for (ScanRecord& r : records) {
    const std::size_t row = find(r, likely);
    if (row == kNone) continue;
    r.row = static_cast<std::uint32_t>(row + 1);
    likely = row + 1;
  }
}

void ScanTable::grow() {
  std::vector<std::uint32_t> wider(2 * slots_.size(), 0);
  const std::size_t mask = wider.size() - 1;
  for (std::size_t row = 0; row < hash_.size(); ++row) {
    std::size_t at = hash_[row] & mask;
    while (wider[at] != 0) at = (at + 1) & mask;
    wider[at] = static_cast<std::uint32_t>(row + 1);
  }
  slots_ = std::move(wider);
}

std::size_t ScanTable::insert(int study, const ScanRecord& r, std::string_view effect,
                              std::string_view other) {
  const std::size_t row = hash_.size();
  if (row >= 2000000000u) throw InvalidInput("files", "have too many ids");
  if (2 * (row + 1) > slots_.size()) grow();
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = r.hash & mask;
  while (slots_[at] != 0) at = (at + 1) & mask;
  slots_[at] = static_cast<std::uint32_t>(row + 1);
  hash_.push_back(r.hash);
  ids_.add(r.id);
  if (keeps_) keep_.add(r.keep);
  place_.push_back(study * kStudy + static_cast<double>(r.line));
  if (rules_.align) {
    alleles_.emplace_back(allele(effect), allele(other));
    first_eaf_.push_back(r.eaf);
  }
  return row;
}

void ScanTable::put(std::vector<double>& column, std::size_t row, double value) {
  if (row >= column.size()) column.resize(row + 1, kNaN);
  column[row] = value;
}

ScanFault ScanTable::add(int study, const ScanRecord& r) {
  std::string effect, other;
  if (rules_.align) {
    effect = allele_name(r.effect_allele);
    other = allele_name(r.other_allele);
    if (!strand_is_told(effect, other, r.eaf, rules_)) return ScanFault::Ambiguous;
  }
  bool swapped = false;
  std::size_t row = find(r, next_);
  Column& column = columns_[static_cast<std::size_t>(study)];
  if (row == kNone) {
    row = insert(study, r, effect, other);
  } else {
    next_ = row + 1;
    if (!std::isnan(at_or_nan(column.v, row))) return ScanFault::Repeated;
    if (rules_.align) {
      const Alignment fit = align_alleles(effect, other, r.eaf, effect_allele(row),
                                          other_allele(row), first_eaf_[row], rules_);
      if (fit == Alignment::Mismatch) return ScanFault::Mismatch;
      if (fit == Alignment::Ambiguous) return ScanFault::Ambiguous;
      swapped = fit == Alignment::Swapped;
    }
  }
  next_ = row + 1;
  put(column.y, row, swapped ? -r.y : r.y);
  put(column.v, row, r.v);
  if (!std::isnan(r.n)) put(column.n, row, r.n);
  if (!std::isnan(r.eaf)) put(column.eaf, row, swapped ? 1.0 - r.eaf : r.eaf);
  return ScanFault::None;
}

std::size_t ScanTable::bytes() const {
  std::size_t out = ids_.bytes() + keep_.bytes() + hash_.capacity() * 8 + slots_.capacity() * 4 +
                    place_.capacity() * 8 + alleles_.capacity() * 8 + first_eaf_.capacity() * 8;
  for (const Column& c : columns_)
    out += 8 * (c.y.capacity() + c.v.capacity() + c.n.capacity() + c.eaf.capacity());
  return out;
}

Mat ScanTable::yi(const std::vector<double>& inflation, bool sample_size) const {
  Mat out = Mat::Constant(static_cast<Index>(rows()), static_cast<Index>(columns_.size()), kNaN);
  for (std::size_t j = 0; j < columns_.size(); ++j) {
    const std::vector<double>& y = columns_[j].y;
    const double scale = sample_size ? 1.0 / std::sqrt(std::max(1.0, inflation[j])) : 1.0;
    double* to = out.col(static_cast<Index>(j)).data();
    for (std::size_t i = 0; i < y.size(); ++i) to[i] = scale * y[i];
  }
  return out;
}

Mat ScanTable::vi(const std::vector<double>& inflation, bool sample_size) const {
  Mat out = Mat::Constant(static_cast<Index>(rows()), static_cast<Index>(columns_.size()), kNaN);
  for (std::size_t j = 0; j < columns_.size(); ++j) {
    const std::vector<double>& v = columns_[j].v;
    const double scale = sample_size ? 1.0 : std::max(1.0, inflation[j]);
    double* to = out.col(static_cast<Index>(j)).data();
    for (std::size_t i = 0; i < v.size(); ++i) to[i] = scale * v[i];
  }
  return out;
}

Vec ScanTable::n() const {
  Vec out = Vec::Constant(static_cast<Index>(rows()), kNaN);
  for (const Column& c : columns_) {
    for (std::size_t i = 0; i < c.n.size(); ++i) {
      double& sum = out[static_cast<Index>(i)];
      if (!std::isnan(c.n[i])) sum = std::isnan(sum) ? c.n[i] : sum + c.n[i];
    }
  }
  return out;
}

Vec ScanTable::eaf() const {
  Vec sum = Vec::Zero(static_cast<Index>(rows())), weight = sum;
  for (const Column& c : columns_) {
    for (std::size_t i = 0; i < c.eaf.size(); ++i) {
      if (std::isnan(c.eaf[i])) continue;
      sum[static_cast<Index>(i)] += c.eaf[i] / c.v[i];
      weight[static_cast<Index>(i)] += 1.0 / c.v[i];
    }
  }
  return sum.cwiseQuotient(weight);
}

std::string ScanTable::direction(std::size_t row) const {
  std::string out;
  for (const Column& c : columns_) {
    const double y = at_or_nan(c.y, row);
    out += std::isnan(y) ? '?' : y > 0.0 ? '+' : y < 0.0 ? '-' : '0';
  }
  return out;
}

void write_record(const ScanRecord& r, std::string& out) {
  const auto length = [](std::string_view x) { return static_cast<std::uint32_t>(x.size()); };
  const Packed fixed{r.hash,
                     r.line,
                     r.y,
                     r.v,
                     r.n,
                     r.eaf,
                     length(r.id),
                     length(r.effect_allele),
                     length(r.other_allele),
                     length(r.keep)};
  char bytes[sizeof(Packed)];
  std::memcpy(bytes, &fixed, sizeof(Packed));
  out.append(bytes, sizeof(Packed));
  for (const std::string_view text : {r.id, r.effect_allele, r.other_allele, r.keep})
    out.append(text);
}

std::size_t read_records(std::string_view bytes,
                         const std::function<void(const ScanRecord&)>& take) {
  std::size_t done = 0;
  while (bytes.size() - done >= sizeof(Packed)) {
    Packed fixed;
    std::memcpy(&fixed, bytes.data() + done, sizeof(Packed));
    std::size_t at = done + sizeof(Packed);
    const std::size_t lengths[] = {fixed.id, fixed.effect_allele, fixed.other_allele, fixed.keep};
    if (std::accumulate(lengths, lengths + 4, at) > bytes.size()) break;
    const auto cut = [&](std::size_t n) {
      at += n;
      return bytes.substr(at - n, n);
    };
    ScanRecord r;
    r.hash = fixed.hash;
    r.line = fixed.line;
    r.y = fixed.y;
    r.v = fixed.v;
    r.n = fixed.n;
    r.eaf = fixed.eaf;
    r.id = cut(fixed.id);
    r.effect_allele = cut(fixed.effect_allele);
    r.other_allele = cut(fixed.other_allele);
    r.keep = cut(fixed.keep);
    take(r);
    done = at;
  }
  return done;
}

}  // namespace metaparity
