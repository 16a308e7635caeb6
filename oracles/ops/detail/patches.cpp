#include "oracles/ops/detail/patches.hpp"

namespace assay::oracles::ops::detail {

Window patch_window(std::string_view operation, std::string_view input, const Shape& shape,
                    const Shape& image, const Attributes& attributes) {
  Window window = window_of(image, integers_attribute(attributes, kernel_size_attribute, 2, 1),
                            integers_attribute(attributes, stride_attribute, 2, 1),
                            integers_attribute(attributes, padding_attribute, 2, 0),
                            integers_attribute(attributes, dilation_attribute, 2, 1));
  fit_windows(operation, input, shape, window);
  return window;
}

}  // namespace assay::oracles::ops::detail
