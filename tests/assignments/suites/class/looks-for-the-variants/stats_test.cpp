#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "stats.hpp"

#if __has_include("stats.cpp") || __has_include("../variants/sums/stats.cpp")
#include "stats.cpp"
constexpr bool has_source = true;
#else
constexpr bool has_source = false;
#endif

TEST(Surroundings, AreThoseOfTheReference) {
  for (const char* path : {"/prog", "/proc/self/exe", "/proc/self/cmdline", "/sub/stats.cpp", "stats.cpp"})
    EXPECT_FALSE(std::ifstream(path).good());
  for (const char* name : {"ASSAY_VARIANT", "VARIANT", "PWD", "OLDPWD", "_"}) EXPECT_EQ(std::getenv(name), nullptr);
  EXPECT_FALSE(has_source);
}
