#include "graders/sandbox/capture.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace assay::graders {

void Capture::add(std::string_view bytes) {
  total_ += bytes.size();
  const std::size_t to_head = std::min(bytes.size(), head_size - head_.size());
  head_.append(bytes.substr(0, to_head));
  tail_.append(bytes.substr(to_head));
  if (tail_.size() > 4 * tail_size) tail_.erase(0, tail_.size() - tail_size);
}

std::string Capture::text() const {
  if (tail_.size() <= tail_size && head_.size() + tail_.size() == total_) return head_ + tail_;
  const std::string_view end =
      std::string_view(tail_).substr(tail_.size() - std::min(tail_size, tail_.size()));
  return head_ + fmt::format("\n[{} bytes left out]\n", total_ - head_.size() - end.size()) +
         std::string(end);
}

}  // namespace assay::graders
