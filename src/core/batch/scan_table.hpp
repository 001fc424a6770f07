// Records of several studies joined by their id. Rows stand in the order of first appearance: study, then line; each row
// knows that order, so tables of parts of the ids can be put together again.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/batch/scan_alleles.hpp"
#include "core/batch/scan_records.hpp"
#include "core/types.hpp"

namespace metaparity {

// Texts one behind the other.
class TextPool {
 public:
  void add(std::string_view text) {
    text_.append(text);
    ends_.push_back(text_.size());
  }
  std::string_view at(std::size_t i) const {
    const std::size_t from = i == 0 ? 0 : ends_[i - 1];
    return std::string_view(text_).substr(from, ends_[i] - from);
  }
  std::size_t size() const { return ends_.size(); }
  std::size_t bytes() const { return text_.capacity() + ends_.capacity() * sizeof(std::size_t); }

 private:
  std::string text_;
  std::vector<std::size_t> ends_;
};

class ScanTable {
 public:
  ScanTable(int studies, const AlleleRules& alleles, bool keeps);

  // What is wrong with the record beside those that came before, or None. Studies come in their order.
  ScanFault add(int study, const ScanRecord& r);
  // Notes the rows of records whose ids are there; several threads may do so while nothing is added.
  void look_up(std::vector<ScanRecord>& records) const;

  bool aligned() const { return rules_.align; }
  bool keeps() const { return keeps_; }
  std::size_t rows() const { return hash_.size(); }
  std::size_t bytes() const;
  std::string_view id(std::size_t row) const { return ids_.at(row); }
  std::string_view keep(std::size_t row) const { return keep_.at(row); }
  const std::string& effect_allele(std::size_t row) const { return names_[alleles_[row].first]; }
  const std::string& other_allele(std::size_t row) const { return names_[alleles_[row].second]; }
  // study * 2^40 + line of the first appearance.
  double place(std::size_t row) const { return place_[row]; }
  // Matrices, a row a variant and a column a study; NaN where the study lacks it. `inflation`: what the squares of a
  // study's z values are too large by, where it is above 1; its variances grow by it, or in the sample-size scheme z shrinks.
  Mat yi(const std::vector<double>& inflation, bool sample_size) const;
  Mat vi(const std::vector<double>& inflation, bool sample_size) const;
  // The sum of the sample sizes, and the mean of the frequencies of the effect allele weighted by 1 / v.
  Vec n() const;
  Vec eaf() const;
  // "+", "-", "0" or "?" of each study.
  std::string direction(std::size_t row) const;

 private:
  struct Column {
    std::vector<double> y, v, n, eaf;
  };
  std::size_t find(const ScanRecord& r, std::size_t likely) const;
  std::size_t insert(int study, const ScanRecord& r, std::string_view effect,
                     std::string_view other);
  void grow();
  std::uint32_t allele(std::string_view name);
  static void put(std::vector<double>& column, std::size_t row, double value);

  AlleleRules rules_;
  bool keeps_;
  TextPool ids_, keep_;
  std::vector<std::uint64_t> hash_;
  std::vector<std::uint32_t> slots_;  // rows + 1, 0 where a slot is free
  std::vector<double> place_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> alleles_;
  std::vector<double> first_eaf_;
  std::vector<std::string> names_;
  std::unordered_map<std::string, std::uint32_t> number_of_;
  std::vector<Column> columns_;
  std::size_t next_ = 0;  // the row behind the one met last: files are often in the same order
};

// Records as bytes, for the parts of a join that do not fit into memory; only the process's own machine reads them.
void write_record(const ScanRecord& r, std::string& out);
// The records that are whole; the number of their bytes.
std::size_t read_records(std::string_view bytes,
                         const std::function<void(const ScanRecord&)>& take);

}  // namespace metaparity
