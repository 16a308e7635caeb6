#include "properties/formula/item.hpp"

namespace assay::properties::formula {

Part part_of(const Shape& shape, std::span<const std::int64_t> indices, const std::string& name,
             std::size_t offset) {
  if (indices.size() > shape.size())
    throw ShapeMismatch(offset, "\"" + name + "\" has shape " + oracles::to_string(shape) + ": it takes " +
                                    std::to_string(shape.size()) + " indices, not " +
                                    std::to_string(indices.size()));
  Part part{0, 1, {}};
  for (std::size_t k = 0; k < indices.size(); ++k) {
    if (indices[k] < 1 || static_cast<std::uint64_t>(indices[k]) > shape[k])
      throw IndexOutOfRange(offset, "index " + std::to_string(indices[k]) + " of \"" + name +
                                        "\" is out of range: indices count from 1 to " +
                                        std::to_string(shape[k]));
    part.first = part.first * shape[k] + static_cast<std::size_t>(indices[k] - 1);
  }
  part.shape.assign(shape.begin() + static_cast<std::ptrdiff_t>(indices.size()), shape.end());
  part.size = oracles::element_count(part.shape);
  part.first *= part.size;
  return part;
}

std::optional<std::int64_t> whole_power(std::int64_t x, std::int64_t n) {
  if (n < 0) return std::nullopt;
  if (x == 0 || x == 1) return n == 0 ? 1 : x;
  if (x == -1) return n % 2 == 0 ? 1 : -1;
  std::int64_t power = 1;
  for (; n > 0; --n)
    if (__builtin_mul_overflow(power, x, &power)) return std::nullopt;  // after 63 rounds at most
  return power;
}

}  // namespace assay::properties::formula
