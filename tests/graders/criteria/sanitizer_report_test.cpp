#include "graders/criteria/sanitizer_report.hpp"

#include <gtest/gtest.h>

namespace assay::graders {
namespace {

TEST(SanitizerReport, TellsWhatWasDoneAndWhere) {
  const auto fault = first_fault(
      "printed by the program\n"
      "==2==WARNING: reading executable name failed with errno 2, some stack frames may not be symbolized\n"
      "=================================================================\n"
      "==2==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x604000000038 at pc 0x560398c3b7f2 bp "
      "0x7 sp 0x7\n"
      "READ of size 8 at 0x604000000038 thread T0\n"
      "    #0 0x560398c3b7f1  (/proc/self/exe+0x27f1)\n"
      "    #1 0x7f20f6445249  (/lib/x86_64-linux-gnu/libc.so.6+0x27249)\n"
      "    #2 0x560398c3b180  (/proc/self/exe+0x2180)\n"
      "\n"
      "0x604000000038 is located 0 bytes to the right of 40-byte region\n"
      "allocated by thread T0 here:\n"
      "    #0 0x7f20f66b94c8  (/proc/self/exe+0xb94c8)\n");
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->sentence, "reads 8 bytes outside a block of the heap (an array or a vector)");
  EXPECT_EQ(fault->place, "");
  EXPECT_EQ(fault->offsets, (std::vector<std::string>{"0x27f0", "0x217f"}));
}

TEST(SanitizerReport, TakesThePlaceThatAnUndefinedOperationNames) {
  const auto fault = first_fault(
      "/sub/net.cpp:12:5: runtime error: signed integer overflow: 2147483647 + 1 cannot be represented in "
      "type "
      "'int'\n");
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->place, "net.cpp:12");
  EXPECT_EQ(
      fault->sentence,
      "does what C++ leaves undefined: signed integer overflow: 2147483647 + 1 cannot be represented in type "
      "'int'");
}

TEST(SanitizerReport, IsNotThereWhereNothingWasReported) {
  EXPECT_FALSE(first_fault(""));
  EXPECT_FALSE(first_fault("AddressSanitizer is a nice tool\nterminate called\n"));
}

TEST(SanitizerReport, SurvivesWhatIsCutShort) {
  for (const char* text : {"ERROR: AddressSanitizer: ", ": runtime error: ", "x: runtime error: y",
                           "ERROR: AddressSanitizer: SEGV on unknown address 0x0\n    #0 0x1 (/a+0x"})
    EXPECT_TRUE(first_fault(text)) << text;
}

}  // namespace
}  // namespace assay::graders
