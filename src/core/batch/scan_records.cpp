#include "core/batch/scan_records.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/batch/scan_number.hpp"
#include "core/batch/scan_text.hpp"
#include "core/linalg/distributions.hpp"
#include "core/threads.hpp"
#include "core/types.hpp"

namespace metaparity {
namespace {

constexpr std::size_t kLongest = std::size_t{1} << 20;  // bytes of a line
constexpr std::size_t kPiece = std::size_t{1} << 15;    // bytes that are worth a thread's while

using Fields = std::vector<std::string_view>;

// "-" is a deletion.
bool is_allele(std::string_view x) {
  if (x.empty() || x.size() > 10000 || (scan_missing(x) && x != "-")) return false;
  return std::all_of(x.begin(), x.end(), [](char c) { return c > ' ' && c < 127; });
}

// Reads one line into a record; what is wrong with it, or None.
class LineReader {
 public:
  LineReader(const ScanLayout& layout, ScanBatch& out) : layout_(layout), out_(out) {}
  void read(std::string_view line, std::int64_t number);

 private:
  ScanFault record(ScanRecord& r);
  ScanFault text(ScanRecord& r);
  ScanFault statistic(ScanRecord& r) const;
  ScanFault standard_error(ScanRecord& r, double effect) const;
  ScanFault sample_size(ScanRecord& r, double effect) const;
  ScanFault z_value(double effect, double& z) const;
  bool passes() const;
  bool has(ScanRole role) const { return layout_.column_of(role) >= 0; }
  std::string_view field(ScanRole role) const {
    return fields_[static_cast<std::size_t>(layout_.column_of(role))];
  }
  ScanFault number(ScanRole role, ScanFault fault, double& out) const {
    if (!has(role) || scan_missing(field(role))) return ScanFault::Missing;
    return scan_number(field(role), out) ? ScanFault::None : fault;
  }
  // A number that a line may lack: NaN then.
  ScanFault optional(ScanRole role, ScanFault fault, double& out) const {
    out = kNaN;
    if (!has(role)) return ScanFault::None;
    const ScanFault found = number(role, fault, out);
    return found == ScanFault::Missing ? ScanFault::None : found;
  }

  const ScanLayout& layout_;
  ScanBatch& out_;
  Fields fields_;
};

void LineReader::read(std::string_view line, std::int64_t number) {
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  const bool too_long = line.size() > kLongest;
  if (!too_long && line.find_first_not_of(" \t") == std::string_view::npos) return;
  ScanRecord r;
  r.line = number;
  ScanFault fault = ScanFault::None;
  if (too_long) {
    fault = ScanFault::LongLine;
  } else if (!split_line(line, layout_.separator, fields_, out_.owned)) {
    fault = ScanFault::OpenQuote;
  } else if (fields_.size() != layout_.fields) {
    fault = ScanFault::FieldCount;
  } else if (!passes()) {
    ++out_.filtered;
    return;
  } else {
    fault = record(r);
  }
  if (fault == ScanFault::None) {
    out_.records.push_back(r);
  } else {
    out_.problems.push_back({number, fault});
  }
}

bool LineReader::passes() const {
  for (const ScanFilter& f : layout_.filters) {
    double x = 0.0;
    if (!scan_number(fields_[static_cast<std::size_t>(f.column)], x) || x < f.lower || x > f.upper)
      return false;
  }
  return true;
}

ScanFault LineReader::record(ScanRecord& r) {
  const ScanFault fault = statistic(r);
  return fault == ScanFault::None ? text(r) : fault;
}

ScanFault LineReader::text(ScanRecord& r) {
  r.id = field(ScanRole::Id);
  if (scan_missing(r.id)) return ScanFault::Id;
  if (!is_clean_text(r.id) || r.id.find('\t') != std::string_view::npos) return ScanFault::Text;
  r.hash = scan_hash(r.id);
  if (has(ScanRole::EffectAllele)) {
    r.effect_allele = field(ScanRole::EffectAllele);
    r.other_allele = field(ScanRole::OtherAllele);
    if (!is_allele(r.effect_allele) || !is_allele(r.other_allele)) return ScanFault::Allele;
  }
  if (layout_.keep.size() == 1) {
    r.keep = fields_[static_cast<std::size_t>(layout_.keep[0])];
  } else if (!layout_.keep.empty()) {
    std::string all;
    for (const int column : layout_.keep) {
      if (column != layout_.keep[0]) all += '\t';
      all += fields_[static_cast<std::size_t>(column)];
    }
    out_.owned.push_back(std::move(all));
    r.keep = out_.owned.back();
  }
  const auto tabs = static_cast<std::size_t>(std::count(r.keep.begin(), r.keep.end(), '\t'));
  if (!layout_.keep.empty() && tabs + 1 != layout_.keep.size()) return ScanFault::Text;
  return is_clean_text(r.keep) ? ScanFault::None : ScanFault::Text;
}

ScanFault LineReader::statistic(ScanRecord& r) const {
  double effect = 0.0;
  ScanFault fault = number(ScanRole::Effect, ScanFault::Effect, effect);
  if (fault != ScanFault::None) return fault;
  fault = optional(ScanRole::N, ScanFault::N, r.n);
  if (fault != ScanFault::None) return fault;
  if (r.n <= 0.0) return ScanFault::N;
  fault = optional(ScanRole::Eaf, ScanFault::Eaf, r.eaf);
  if (fault != ScanFault::None) return fault;
  if (r.eaf < 0.0 || r.eaf > 1.0) return ScanFault::Eaf;
  return layout_.sample_size ? sample_size(r, effect) : standard_error(r, effect);
}

ScanFault LineReader::standard_error(ScanRecord& r, double effect) const {
  double se = 0.0;
  const ScanFault fault = number(ScanRole::Se, ScanFault::Se, se);
  if (fault != ScanFault::None) return fault;
  r.y = effect;
  r.v = se * se;
  return se > 0.0 && r.v > 0.0 && std::isfinite(r.v) ? ScanFault::None : ScanFault::Se;
}

ScanFault LineReader::sample_size(ScanRecord& r, double effect) const {
  if (std::isnan(r.n)) return ScanFault::Missing;
  double z = 0.0;
  const ScanFault fault = z_value(effect, z);
  if (fault != ScanFault::None) return fault;
  r.y = z / std::sqrt(r.n);
  r.v = 1.0 / r.n;
  return std::isfinite(r.y) && r.v > 0.0 && std::isfinite(r.v) ? ScanFault::None : ScanFault::N;
}

ScanFault LineReader::z_value(double effect, double& z) const {
  double x = 0.0;
  if (!has(ScanRole::P)) {
    const ScanFault fault = number(ScanRole::Se, ScanFault::Se, x);
    if (fault != ScanFault::None) return fault;
    z = effect / x;
    return x > 0.0 && std::isfinite(z) ? ScanFault::None : ScanFault::Se;
  }
  const ScanFault fault = number(ScanRole::P, ScanFault::P, x);
  if (fault != ScanFault::None) return fault;
  if (!(x > 0.0 && x <= 1.0)) return ScanFault::P;
  const double size = -normal_quantile(x / 2.0);
  z = effect > 0.0 ? size : effect < 0.0 ? -size : 0.0;
  return std::isfinite(z) ? ScanFault::None : ScanFault::P;
}

}  // namespace

const char* scan_fault_name(ScanFault fault) {
  static constexpr const char* names[kScanFaults] = {"",
                                                     "line longer than 1 MB",
                                                     "quote not closed",
                                                     "not as many fields as the header",
                                                     "no id",
                                                     "text not in UTF-8",
                                                     "missing value",
                                                     "effect is not a number",
                                                     "se is not a number above 0",
                                                     "p is not above 0 and at most 1",
                                                     "n is not a number above 0",
                                                     "eaf is not between 0 and 1",
                                                     "no allele",
                                                     "id on an earlier line",
                                                     "other alleles than before",
                                                     "strand cannot be told"};
  return names[static_cast<std::size_t>(fault)];
}

// Multiplication and shifts over words of eight bytes.
std::uint64_t scan_hash(std::string_view id) {
  constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15u;
  std::uint64_t h = id.size() * kOdd;
  std::size_t at = 0;
  for (; at < id.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, id.data() + at, std::min<std::size_t>(8, id.size() - at));
    h = (h ^ word) * kOdd;
    h ^= h >> 29;
  }
  h *= 0xbf58476d1ce4e5b9u;
  return h ^ (h >> 32);
}

ScanBatch read_lines(std::string_view text, const ScanLayout& layout, std::int64_t first) {
  ScanBatch out;
  out.records.reserve(text.size() / 48);
  LineReader reader(layout, out);
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    reader.read(text.substr(0, end), first + out.lines);
    ++out.lines;
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return out;
}

void ScanStream::feed(std::string_view bytes, const Take& take) {
  const std::size_t first = bytes.find('\n');
  if (!tail_.empty() || too_long_ || first == std::string_view::npos) {
    const std::string_view head = bytes.substr(0, first);
    if (!too_long_) tail_.append(head);
    if (tail_.size() > kLongest + 1) {
      too_long_ = true;
      tail_.clear();
    }
    if (first == std::string_view::npos) return;
    take_tail(take);
    bytes.remove_prefix(first + 1);
  }
  const std::size_t last = bytes.rfind('\n');
  if (last != std::string_view::npos) {
    take_lines(bytes.substr(0, last + 1), take);
    bytes.remove_prefix(last + 1);
  }
  if (bytes.size() > kLongest + 1) {
    too_long_ = true;
  } else {
    tail_.assign(bytes);
  }
}

void ScanStream::finish(const Take& take) {
  if (!tail_.empty() || too_long_) take_tail(take);
}

void ScanStream::take_tail(const Take& take) {
  ScanBatch batch;
  if (too_long_) {
    batch.problems.push_back({line_, ScanFault::LongLine});
  } else {
    batch = read_lines(tail_, layout_, line_);
  }
  ++line_;
  too_long_ = false;
  take(batch);
  tail_.clear();
}

// Pieces end where lines end. parallel_for() hands out 64 items at a time.
void ScanStream::take_lines(std::string_view text, const Take& take) {
  const std::size_t most = 64 * static_cast<std::size_t>(std::max(threads_, 1));
  const std::size_t pieces = std::clamp<std::size_t>(text.size() / kPiece, 1, most);
  std::vector<std::string_view> parts;
  for (std::size_t i = 0; i < pieces && !text.empty(); ++i) {
    const std::size_t from = i + 1 == pieces ? text.size() : text.size() / (pieces - i);
    const std::size_t end = from < text.size() ? text.find('\n', from) : std::string_view::npos;
    parts.push_back(text.substr(0, end == std::string_view::npos ? end : end + 1));
    text.remove_prefix(parts.back().size());
  }
  std::vector<std::int64_t> first(parts.size() + 1, line_);
  const Index n = static_cast<Index>(parts.size());
  parallel_for(n, threads_, nullptr, [&](Index i) {
    const auto at = static_cast<std::size_t>(i);
    first[at + 1] = std::count(parts[at].begin(), parts[at].end(), '\n');
  });
  for (std::size_t i = 1; i < first.size(); ++i) first[i] += first[i - 1];
  std::vector<ScanBatch> batches(parts.size());
  parallel_for(n, threads_, nullptr, [&](Index i) {
    const auto at = static_cast<std::size_t>(i);
    batches[at] = read_lines(parts[at], layout_, first[at]);
    if (prepare_) prepare_(batches[at]);
  });
  line_ = first.back();
  for (const ScanBatch& batch : batches) take(batch);
}

}  // namespace metaparity
