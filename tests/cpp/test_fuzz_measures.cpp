// Every measure by its name under random columns, some of them missing, correlations and shares among them in bounds or not.
#include <map>

#include "core/effect/effect_sizes.hpp"
#include "fuzz.hpp"

using namespace metaparity;
using namespace fuzz;

namespace {

constexpr const char* kMeasures[] = {
    "RR",    "OR",    "RD",   "PETO",  "AS",    "PHI",   "YUQ",    "YUY",    "PBIT",   "OR2D",
    "OR2DN", "OR2DL", "MPRD", "MPRR",  "MPOR",  "MPORC", "MPPETO", "MPORM",  "ZPHI",   "IRR",
    "IRD",   "IRSD",  "PR",   "PLN",   "PLO",   "PRZ",   "PAS",    "PFT",    "IR",     "IRLN",
    "IRS",   "IRFT",  "MD",   "SMD",   "SMDH",  "SMD1",  "SMD1H",  "ROM",    "VR",     "CVR",
    "RPB",   "RBIS",  "D2OR", "D2ORN", "D2ORL", "CLES",  "CLESN",  "MN",     "SMN",    "MNLN",
    "SDLN",  "CVLN",  "MC",   "SMCC",  "SMCR",  "SMCRH", "SMCRP",  "SMCRPH", "CLESCN", "ROMC",
    "VRC",   "CVRC",  "ZPB",  "ZBIS",  "AUC",   "AUCN",  "AUCCN",  "COR",    "UCOR",   "PCOR",
    "SPCOR", "R2",    "ZR2",  "ARAW",  "AHW",   "ABT",   "REH",    "ZCOR",   "ZPCOR",  "ZSPCOR"};
// Integrals and two-dimensional roots: fewer calls, samples below 10,000.
constexpr const char* kSlow[] = {"RTET", "ZTET", "R2F", "ZR2F"};

enum class Kind { Count, Size, Real, Positive, Share, Correlation };

const std::map<std::string, Kind>& kinds() {
  static const std::map<std::string, Kind> out{
      {"ai", Kind::Count},      {"bi", Kind::Count},       {"ci", Kind::Count},
      {"di", Kind::Count},      {"n1i", Kind::Size},       {"n2i", Kind::Size},
      {"x1i", Kind::Count},     {"x2i", Kind::Count},      {"t1i", Kind::Positive},
      {"t2i", Kind::Positive},  {"m1i", Kind::Real},       {"m2i", Kind::Real},
      {"sd1i", Kind::Positive}, {"sd2i", Kind::Positive},  {"xi", Kind::Count},
      {"mi", Kind::Count},      {"ri", Kind::Correlation}, {"ti", Kind::Positive},
      {"fi", Kind::Positive},   {"pi", Kind::Share},       {"sdi", Kind::Positive},
      {"r2i", Kind::Share},     {"ni", Kind::Size},        {"mini", Kind::Real},
      {"maxi", Kind::Real}};
  return out;
}

double value_of(Kind kind, Random& r, Values& values) {
  if (r.below(60) == 0) return kNaN;
  switch (kind) {
    case Kind::Count:
      return values.count();
    case Kind::Size:
      return values.count() + 2.0;
    case Kind::Real:
      return values.real();
    case Kind::Positive:
      return values.positive();
    case Kind::Share:
      return r.below(20) ? r.uniform() : wild(r);
    case Kind::Correlation:
      return r.below(20) ? r.uniform(-1.0, 1.0) : wild(r);
  }
  return 0.0;
}

// Means in `mi` where the measure is one of a single group; counts for the others.
std::map<std::string, Vec> any_columns(Random& r, int k, double most) {
  Values values(r);
  const bool means = r.below(2) == 0;
  std::map<std::string, Vec> out;
  for (const auto& [name, kind] : kinds()) {
    const Kind used = means && name == "mi" ? Kind::Real : kind;
    out[name] = values.fill(k, [&] {
      const double value = value_of(used, r, values);
      return value > most ? most : value;
    });
  }
  return out;
}

EffectSpec any_choice(Random& r) {
  EffectSpec spec;
  spec.add = r.below(3) ? 0.5 : r.uniform(0.0, 2.0);
  spec.to = static_cast<AddTo>(r.below(4));
  spec.drop00 = r.below(2) == 0;
  spec.correct = r.below(2) == 0;
  const int last = static_cast<int>(VarType::Glass);
  spec.vtype = {r.below(2) ? VarType::LS : static_cast<VarType>(r.below(last + 1))};
  return spec;
}

void call_one(Random& r, Judge& judge, const std::string& measure, int k, double most = kInf) {
  const std::map<std::string, Vec> held = any_columns(r, k, most);
  StudyColumns x;
  for (const auto& [name, column] : held) x.set(name, column.data(), column.size());
  const Effects out = effect_sizes(measure, x, any_choice(r));
  judge.holds((measure + " sizes").c_str(), out.yi.size() == k && out.vi.size() == k);
  judge.numbers((measure + " yi").c_str(), out.yi);
  judge.numbers((measure + " vi").c_str(), out.vi);
  for (Index i = 0; i < out.vi.size(); ++i) {
    judge.holds((measure + " a negative variance").c_str(), !(out.vi[i] < 0.0));
  }
}

}  // namespace

TEST_CASE("fuzz: every measure by its name") {
  constexpr int count = static_cast<int>(sizeof(kMeasures) / sizeof(kMeasures[0]));
  run([](Random& r, Judge& judge) {
    call_one(r, judge, kMeasures[r.below(count)], r.between(1, 6));
  });
}

TEST_CASE("fuzz: measures by integrals and roots") {
  run([](Random& r, Judge& judge) {
    if (r.below(20)) return;
    call_one(r, judge, kSlow[r.below(4)], 1, 1e9);
  });
}
