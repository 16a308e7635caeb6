#include "graders/escape.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace assay::graders {
namespace {

bool only_harmless_bytes(const std::string& text) {
  for (const char c : text) {
    const auto b = static_cast<unsigned char>(c);
    if ((b < 0x20 && b != '\n' && b != '\t') || b == 0x7f) return false;
  }
  return true;
}

TEST(Escape, KeepsHonestText) {
  const std::string honest = "error: \u2018x\u2019 was not declared\n\tint y = 0; // \u65e5\u672c \U0001F600";
  EXPECT_EQ(displayable(honest), honest);
}

TEST(Escape, ShowsControlBytesInsteadOfPassingThem) {
  EXPECT_EQ(displayable("\x1b[31m"), "\\x1b[31m");
  EXPECT_EQ(displayable(std::string("a\0b\r\x7f", 5)), "a\\x00b\\x0d\\x7f");
  EXPECT_EQ(displayable("\xc2\x9b"
                        "31m"),
            "\\u{9b}31m");
}

TEST(Escape, ShowsBidirectionalAndInvisibleCharacters) {
  EXPECT_EQ(displayable("\u202e"
                        "ppc"),
            "\\u{202e}ppc");
  EXPECT_EQ(displayable("a\u200b"
                        "b\ufeff"),
            "a\\u{200b}b\\u{feff}");
  EXPECT_EQ(displayable("\u2066\u2069"), "\\u{2066}\\u{2069}");
  EXPECT_EQ(displayable("\U000E0041"), "\\u{e0041}");
}

TEST(Escape, ShowsInvalidUtf8ByteByByte) {
  EXPECT_EQ(displayable("\xff\xc0\xaf"), "\\xff\\xc0\\xaf");
  EXPECT_EQ(displayable("\xed\xa0\x80"), "\\xed\\xa0\\x80") << "a surrogate";
  EXPECT_EQ(displayable("\xe2\x82"), "\\xe2\\x82") << "a sequence cut short";
  EXPECT_EQ(displayable("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80") << "past U+10FFFF";
}

TEST(Escape, CutsBetweenCharactersAndSaysSo) {
  EXPECT_EQ(displayable("\u00e9\u00e9\u00e9", 5), "\u00e9\u00e9[2 more bytes]");
  EXPECT_EQ(displayable("ab\x1b", 5), "ab[1 more bytes]") << "an escape is not cut in two";
  EXPECT_EQ(displayable("abc", 3), "abc");
}

TEST(Escape, KeepsANameOnOneLine) {
  EXPECT_EQ(displayable_line("a\nb\t.cpp"), "a\\nb\\t.cpp");
}

TEST(Escape, LeavesNoMarkupInHtml) {
  EXPECT_EQ(html("<img src=x onerror='a'>&\"`"), "&lt;img src=x onerror=&#39;a&#39;&gt;&amp;&quot;&#96;");
}

TEST(Escape, StopsFormulasInCsv) {
  for (const char* start : {"=cmd|'/c calc'!A1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "\n=1",
                            "\uff1d"
                            "1"})
    EXPECT_TRUE(csv_cell(start).starts_with("\"'")) << start;
  EXPECT_EQ(csv_cell("\r=1"), "\"\\x0d=1\"") << "a carriage return is shown, so no formula is left";
  EXPECT_EQ(csv_cell("say \"hi\", all"), "\"say \"\"hi\"\", all\"");
}

TEST(Escape, MakesAFenceThatTheTextCannotClose) {
  EXPECT_EQ(markdown_fence("a"), "```text\na\n```\n");
  EXPECT_EQ(markdown_fence("````\n# x\n"), "`````text\n````\n# x\n`````\n");
}

TEST(Escape, KeepsWorkflowCommandsOnOneLine) {
  EXPECT_EQ(workflow_message("a\n::set-output name=x::100%"), "a%0A::set-output name=x::100%25");
}

TEST(Escape, IsHarmlessAndIdempotentOnRandomBytes) {
  std::mt19937 random(1);
  for (int i = 0; i < 2000; ++i) {
    std::string bytes(random() % 64, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    const std::string once = displayable(bytes, 1 << 20);
    EXPECT_TRUE(only_harmless_bytes(once));
    EXPECT_EQ(displayable(once, 1 << 20), once);
    EXPECT_EQ(html(once).find_first_of("<>"), std::string::npos);
  }
}

}  // namespace
}  // namespace assay::graders
