#include "core/tau2/tau2_rules.hpp"

#include <cstring>
#include <stdexcept>

#include "core/errors.hpp"
#include "core/tau2/tau2_moments.hpp"
#include "core/tau2/tau2_roots.hpp"

namespace metaparity {
namespace {

Tau2Found no_tau2(const Tau2Data&) { return {0.0, kNaN, true}; }
Tau2Found given_tau2(const Tau2Data& data) { return {data.spec.tau2}; }

// What the method in whose name it is given would report.
double given_se(const Tau2Data& data, double tau2) {
  const Tau2Rule& rule = data.spec.error_of.rule();
  if (rule.se_at == nullptr || rule.se_at == given_se || data.df() <= 0.0) return kNaN;
  if (rule.needs_positive_v && !(data.vi.minCoeff() > 0.0)) return kNaN;
  return rule.se_at(data, tau2);
}

// name, other names, estimate, standard error at a tau2, needs variances above 0
constexpr Tau2Rule kRules[] = {
    {"EE", "FE CE", no_tau2, nullptr, false}, {"HS", "", hs_tau2, hs_se, true},
    {"HSk", "", hsk_tau2, hsk_se, true},      {"HE", "CO VC", he_tau2, he_se, false},
    {"DL", "", dl_tau2, dl_se, true},         {"DLIT", "", pm_tau2, pm_se, false},
    {"GENQ", "", genq_tau2, genq_se, true},   {"GENQM", "", genqm_tau2, genq_se, true},
    {"SJ", "", sj_tau2, sj_se, false},        {"SJIT", "", pm_tau2, pm_se, false},
    {"PM", "MP", pm_tau2, pm_se, false},      {"PMM", "", pmm_tau2, pm_se, false},
    {"ML", "", ml_tau2, ml_se, false},        {"REML", "", reml_tau2, reml_se, false},
    {"EB", "", pm_tau2, pm_se, false},        {"HM", "", hm_tau2, nullptr, true},
    {"BP", "", bp_tau2, nullptr, true},       {"CA2", "", ca2_tau2, ca2_se, true},
    {"DL2", "", dl2_tau2, dl2_se, true},
};
constexpr Tau2Rule kGiven{"given", "", given_tau2, given_se, false};

// The row of a name that stands in the table; the compiler refuses any other.
constexpr const Tau2Rule* row_of(const char* name) {
  for (const Tau2Rule& rule : kRules) {
    const char *a = rule.name, *b = name;
    while (*a != '\0' && *a == *b) ++a, ++b;
    if (*a == *b) return &rule;
  }
  throw std::logic_error("no such rule");
}

// Calls `use` with each word of a text as its first character and its length, until one is taken.
template <class F>
bool any_word(const char* text, F&& use) {
  while (*text != '\0') {
    const std::size_t length = std::strcspn(text, " ");
    if (use(text, length)) return true;
    text += length + (text[length] == ' ' ? 1 : 0);
  }
  return false;
}

}  // namespace

constexpr Tau2Method Tau2Method::FE{row_of("EE")}, Tau2Method::DL{row_of("DL")},
    Tau2Method::ML{row_of("ML")}, Tau2Method::REML{row_of("REML")}, Tau2Method::Given{&kGiven};

Tau2Method tau2_method(const char* name) {
  for (const Tau2Rule& rule : kRules) {
    if (std::strcmp(rule.name, name) == 0) return Tau2Method(&rule);
  }
  for (const Tau2Rule& rule : kRules) {
    const bool found = any_word(rule.also, [&](const char* also, std::size_t n) {
      return std::strlen(name) == n && std::strncmp(also, name, n) == 0;
    });
    if (found) return Tau2Method(&rule);
  }
  if (std::strcmp(kGiven.name, name) == 0) return Tau2Method::Given;
  throw InvalidInput("method", std::string("is not known: ") + name);
}

std::vector<std::string> tau2_method_names() {
  std::vector<std::string> out;
  for (const Tau2Rule& rule : kRules) {
    out.emplace_back(rule.name);
    any_word(rule.also, [&](const char* also, std::size_t n) {
      out.emplace_back(also, n);
      return false;
    });
  }
  return out;
}

std::vector<Tau2Method> tau2_methods() {
  std::vector<Tau2Method> out;
  for (const Tau2Rule& rule : kRules) out.emplace_back(&rule);
  return out;
}

}  // namespace metaparity
