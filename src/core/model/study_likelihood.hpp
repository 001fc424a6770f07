#pragma once

#include "core/types.hpp"

namespace metaparity {

// The counts of one 2x2 table: events a of n1, c of n2.
struct TableCounts {
  double a, c, n1, n2;
};

// Densities of y at each value of the true effect `at`; rows are studies.
Eigen::MatrixXd normal_likelihood(const VecRef& yi, const VecRef& vi, const VecRef& at);

// Probability of each table given its margins at each log odds ratio `at`.
Eigen::MatrixXd table_likelihood(const std::vector<TableCounts>& tables, const VecRef& at);

// Each row divided by its area by the trapezoidal rule, with `step` between the columns.
void scale_to_unit_area(Eigen::MatrixXd& likelihood, double step);

}  // namespace metaparity
