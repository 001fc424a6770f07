// The exceptions of the core. The glue turns each into a classed R condition.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace metaparity {

// An argument is wrong as a whole: `arg` names it as the R user knows it.
class InvalidInput : public std::runtime_error {
 public:
  InvalidInput(std::string arg, const std::string& message)
      : std::runtime_error(message), arg_(std::move(arg)) {}
  const std::string& arg() const { return arg_; }

 private:
  std::string arg_;
};

// Some studies are wrong: all of them are named at once, counted from 0.
class InvalidStudies : public std::runtime_error {
 public:
  InvalidStudies(std::string arg, std::vector<int> rows, const std::string& message)
      : std::runtime_error(message), arg_(std::move(arg)), rows_(std::move(rows)) {}
  const std::string& arg() const { return arg_; }
  const std::vector<int>& rows() const { return rows_; }

 private:
  std::string arg_;
  std::vector<int> rows_;
};

class NotConverged : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class SingularDesign : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace metaparity
