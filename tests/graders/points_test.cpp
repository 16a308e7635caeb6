#include "graders/points.hpp"

#include <gtest/gtest.h>

namespace assay::graders {
namespace {

TEST(Points, AreReadExactly) {
  EXPECT_EQ(parse_points("3"), Points(3));
  EXPECT_EQ(parse_points("5/2"), Points(5, 2));
  EXPECT_EQ(parse_points("0.1"), Points(1, 10)) << "not the double nearest to 0.1";
  EXPECT_EQ(parse_points("-1"), Points(-1));
  EXPECT_EQ(parse_points("007.50"), Points(15, 2));
}

TEST(Points, AddUpWithoutRounding) {
  Points sum;
  for (int i = 0; i < 10; ++i) sum += parse_points("0.1");
  EXPECT_EQ(sum, Points(1));
  EXPECT_EQ(exact_text(parse_points("1/3") + parse_points("1/6")), "1/2");
}

TEST(Points, RefuseWhatIsNoExactNumber) {
  for (const char* text : {"", "-", "x", "1/0", "1e3", "1.2.3", "1/", "/2", "1.5/2", "1 ", "nan", "0x3"})
    EXPECT_THROW((void)parse_points(text), std::invalid_argument) << text;
}

}  // namespace
}  // namespace assay::graders
