/// A capped record of what a stream said: its first 48 KiB and its last 16 KiB.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace assay::graders {

class Capture {
 public:
  void add(std::string_view bytes);
  std::uint64_t total() const { return total_; }
  /// The bytes kept; where some are missing, a line says how many.
  std::string text() const;

 private:
  static constexpr std::size_t head_size = 48 << 10, tail_size = 16 << 10;
  std::string head_, tail_;
  std::uint64_t total_ = 0;
};

}  // namespace assay::graders
