// Reference: the columns written out.
#include "core/effect/effect_columns.hpp"

#include "core/errors.hpp"
#include "oracles.hpp"

using namespace metaparity;
using namespace oracle;

TEST_CASE("columns: by name, none for what was not given or was dropped") {
  const std::vector<double> a{1, 2, 3}, n{4, 5, 6};
  StudyColumns x;
  CHECK(x.size() == 0);
  x.set("ai", a.data(), 3);
  x.set("n1i", n.data(), 3);
  CHECK(x.size() == 3);
  CHECK(x["n1i"](2) == 6.0);
  CHECK(x.has("ai"));
  CHECK(x["bi"].size() == 0);
  CHECK_FALSE(x.has("bi"));
  StudyColumns copy = x;
  copy.drop("ai");
  CHECK(copy["ai"].size() == 0);
  CHECK(x["ai"](0) == 1.0);
  copy.drop("ai");
  CHECK(copy.size() == 3);
}

TEST_CASE("columns: they are looked at where they lie") {
  std::vector<double> a{1, 2};
  StudyColumns x;
  x.set("ai", a.data(), 2);
  a[1] = 9;
  CHECK(x["ai"](1) == 9.0);
}

TEST_CASE("columns: a value of the first before that of the second") {
  const Vec first = values({1, kNaN, kNaN}), second = values({7, 8, kNaN}), none;
  const Vec both = first_of(first, second);
  CHECK(both(0) == 1.0);
  CHECK(both(1) == 8.0);
  CHECK(std::isnan(both(2)));
  CHECK(first_of(none, second)(0) == 7.0);
  CHECK(std::isnan(first_of(first, none)(1)));
  CHECK(first_of(none, none).size() == 0);
}

TEST_CASE("columns: a part from its total, the part as given first") {
  const std::vector<double> a{4, 5, kNaN}, b{kNaN, 30, 2}, n{24, 99, 10};
  StudyColumns x;
  x.set("ai", a.data(), 3);
  x.set("bi", b.data(), 3);
  const Vec plain = complement_of(x, "bi", "n1i", "ai");
  CHECK(std::isnan(plain(0)));
  x.set("n1i", n.data(), 3);
  const Vec full = complement_of(x, "bi", "n1i", "ai");
  CHECK(full(0) == 20.0);
  CHECK(full(1) == 30.0);
  CHECK(full(2) == 2.0);
  x.drop("bi");
  const Vec part = complement_of(x, "bi", "n1i", "ai");
  CHECK(part(1) == 94.0);
  CHECK(std::isnan(part(2)));
}

TEST_CASE("columns: a part above its total names its rows") {
  const std::vector<double> a{4, 12, 11}, n{24, 10, 10};
  StudyColumns x;
  x.set("ai", a.data(), 3);
  x.set("n1i", n.data(), 3);
  try {
    complement_of(x, "bi", "n1i", "ai");
    FAIL("no exception");
  } catch (const InvalidStudies& e) {
    CHECK((e.rows() == std::vector<int>{1, 2}));
  }
}
