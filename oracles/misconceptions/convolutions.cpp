#include "oracles/misconceptions/convolutions.hpp"

#include "oracles/misconceptions/mistaken.hpp"
#include "oracles/ops/affine.hpp"
#include "oracles/ops/conv2d.hpp"

namespace assay::oracles::mistakes {

namespace {

/// The last of N images, alone.
Tensor<Ball> last_image(const Tensor<Ball>& all) {
  Shape one = all.shape;
  one[0] = 1;
  const auto size = static_cast<std::ptrdiff_t>(all.size() / all.shape[0]);
  return {one, {all.data.end() - size, all.data.end()}};
}

Tensors<Ball> weights_of_last_sample(In a, Up u, Set s) {
  Tensors<Ball> right = right_vjp("conv2d", a, u, s);
  right[1] =
      right_vjp("conv2d", {{last_image(a.real[0]), a.real[1], a.real[2]}, {}}, {last_image(u[0])}, s)[1];
  return right;
}

Tensors<Ball> bias_averaged_over_positions(In a, Up u, Set s) {
  Tensors<Ball> right = right_vjp("conv1d", a, u, s);
  for (Ball& element : right[2].data) element /= static_cast<int>(u[0].shape[2]);
  return right;
}

}  // namespace

std::vector<Misconception> sums_and_biases() {
  using namespace ops;
  return {
      changed_output<Affine>("affine.rectified", "applies a ReLU to the result, where none belongs",
                             []<class T>(Tensor<T>& y, const Arguments<T>&, Set) {
                               for (T& element : y.data) element = relu(element);
                             }),
      wrong_gradient("conv1d.gradient.bias_averaged",
                     "averages the bias gradient over the positions, where it is summed",
                     bias_averaged_over_positions),
      changed_output<Conv2d>("conv2d.bias_at_every_tap", "adds the bias at every tap of the kernel, not once",
                             []<class T>(Tensor<T>& y, const Arguments<T>& a, Set) {
                               const Tensor<T>&w = a.real[1], &b = a.real[2];
                               if (b.size() == 0) return;
                               const std::size_t outputs = w.shape[0], positions = y.shape[2] * y.shape[3];
                               const T more = T(static_cast<int>(w.size() / outputs) - 1);
                               for (std::size_t i = 0; i < y.size(); ++i)
                                 y[i] += more * b[i / positions % outputs];
                             }),
      wrong_gradient("conv2d.gradient.weights_of_last_sample",
                     "takes the weight gradient from the last image of the batch only",
                     weights_of_last_sample),
  };
}

}  // namespace assay::oracles::mistakes
