#include "graders/report/network_report.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "fixtures/load_network.hpp"

namespace assay::graders::report {
namespace {

using oracles::Whole;

TEST(MemoryText, RoundsOnceToOneDecimal) {
  EXPECT_EQ(memory_text(0), "0 B");
  EXPECT_EQ(memory_text(1023), "1023 B");
  EXPECT_EQ(memory_text(1024), "1.0 KiB");
  EXPECT_EQ(memory_text(1024 * 1024 - 1), "1.0 MiB");
  EXPECT_EQ(memory_text(1024 + 51), "1.0 KiB");
  EXPECT_EQ(memory_text(1024 + 52), "1.1 KiB");
  EXPECT_EQ(memory_text((Whole(1) << 70) * 3), "3072.0 EiB");
}

std::string text_of(const std::string& network, std::size_t width) {
  const oracles::Account account;
  return network_text(oracles::network_table(fixtures::parse_shorthand(network), account), account, width);
}

TEST(NetworkText, MovesTheFactorsBelowWhereThereIsNoRoom) {
  const std::string network = "INPUT 3x32x32, CONV3-8 pad 1, FC-10";
  const std::string wide = text_of(network, 120), narrow = text_of(network, 60);
  EXPECT_EQ(wide.find("parameters in factors"), std::string::npos);
  EXPECT_NE(wide.find("jump"), std::string::npos);
  EXPECT_NE(narrow.find(
                "\nparameters in factors\n1 CONV3-8  (3x3x3+1)x8 = 224\n2 FC-10    (8x32x32+1)x10 = 81930\n"),
            std::string::npos)
      << narrow;
}

TEST(NetworkText, ListsRunningStatisticsApart) {
  EXPECT_NE(text_of("INPUT 3x4x4, BN", 80).find("stored but not learned: 6 numbers"), std::string::npos);
  EXPECT_EQ(text_of("INPUT 3x4x4, LN", 80).find("stored"), std::string::npos);
}

TEST(NetworkJson, KeepsWhatADoubleHoldsAsNumbers) {
  const oracles::Account account;
  const auto parameters = [&](const std::string& outputs) {
    const auto network = fixtures::parse_shorthand("INPUT 1, FC-" + outputs + " nobias");
    return network_json(oracles::network_table(network, account), account)["layers"][1]["parameters"];
  };
  EXPECT_EQ(parameters("9007199254740992").dump(), "9007199254740992");
  EXPECT_EQ(parameters("9007199254740993").dump(), "\"9007199254740993\"");
}

}  // namespace
}  // namespace assay::graders::report
