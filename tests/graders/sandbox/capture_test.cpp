#include "graders/sandbox/capture.hpp"

#include <gtest/gtest.h>

#include <string>

namespace assay::graders {
namespace {

/// Decimal numbers, so that every place in the stream can be told from every other.
std::string numbers(std::size_t size) {
  std::string text;
  for (int i = 0; text.size() < size; ++i) text += std::to_string(i) + " ";
  text.resize(size);
  return text;
}

TEST(Capture, KeepsEverythingUpTo64Kib) {
  const std::string text = numbers(64 << 10);
  Capture capture;
  for (std::size_t at = 0; at < text.size(); at += 1000) capture.add(std::string_view(text).substr(at, 1000));
  EXPECT_EQ(capture.text(), text);
}

TEST(Capture, KeepsTheFirst48AndTheLast16KibAndCountsTheRest) {
  for (const std::size_t extra : {std::size_t{1}, std::size_t{50'000}, std::size_t{1'000'000}}) {
    const std::string text = numbers((64 << 10) + extra);
    Capture capture;
    for (std::size_t at = 0; at < text.size(); at += 777) capture.add(std::string_view(text).substr(at, 777));
    const std::string kept = capture.text();
    EXPECT_EQ(capture.total(), text.size());
    EXPECT_TRUE(
        kept.starts_with(text.substr(0, 48 << 10) + "\n[" + std::to_string(extra) + " bytes left out]\n"));
    EXPECT_TRUE(kept.ends_with(text.substr(text.size() - (16 << 10))));
  }
}

}  // namespace
}  // namespace assay::graders
