#include "oracles/own.hpp"

/// L = -1/N sum_n (1 - p_n)^gamma log p_n, with p_n = softmax(z_n)[y_n].
template <class Scalar>
Scalar focal(const Tensor<Scalar>& z, const Labels& y, const Scalar& gamma) {
  const std::size_t rows = z.shape[0], classes = z.shape[1];
  Scalar total = 0;
  for (std::size_t n = 0; n < rows; ++n) {
    Scalar peak = z(n, 0);
    for (std::size_t c = 1; c < classes; ++c) peak = max(peak, z(n, c));
    peak = detach(peak);  // any number may be subtracted: no gradient comes of it
    Scalar partition = 0;
    for (std::size_t c = 0; c < classes; ++c) partition += exp(z(n, c) - peak);
    const Scalar log_p = z(n, static_cast<std::size_t>(y[n])) - peak - log(partition);
    total -= pow(1 - exp(log_p), gamma) * log_p;
  }
  return total / Scalar(rows);
}
