#include "properties/training/network.hpp"

#include <algorithm>
#include <cmath>

namespace assay::properties::training {
namespace {

/// Softmax of one row of logits in place; returns −log p of the label.
double softmax_loss(std::span<double> row, std::size_t label) {
  const double peak = *std::ranges::max_element(row);
  const double shifted = row[label] - peak;
  double partition = 0;
  for (double& z : row) partition += z = portable_exp(z - peak);
  for (double& z : row) z /= partition;
  return portable_log(partition) - shifted;
}

}  // namespace

std::span<const double> Network::forward(std::size_t rows, Mode mode, Random& random) {
  rows_ = rows;
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    const Forward call{rows,
                       values_[l].data(),
                       values_[l + 1].data(),
                       values_[layers_[l].source].data(),
                       state_.parameters,
                       state_.running,
                       mode == Mode::training,
                       random};
    run_forward(layers_[l], call, workspaces_[l]);
  }
  return std::span(values_.back()).first(rows * classes_);
}

double Network::backward(std::span<const std::size_t> labels) {
  std::ranges::fill(gradients_, 0);
  for (std::size_t l = 0; l < layers_.size(); ++l)
    std::fill_n(cotangents_[l].data(), rows_ * layers_[l].in.size(), 0.0);
  const double share = 1 / static_cast<double>(rows_);
  double loss = 0;
  std::copy_n(values_.back().data(), rows_ * classes_, cotangents_.back().data());
  for (std::size_t i = 0; i < rows_; ++i) {
    const std::span row = std::span(cotangents_.back()).subspan(i * classes_, classes_);
    loss += softmax_loss(row, labels[i]);
    row[labels[i]] -= 1;
    for (double& g : row) g *= share;
  }
  for (std::size_t l = layers_.size(); l-- > 0;) {
    const Backward call{rows_,
                        values_[l].data(),
                        values_[l + 1].data(),
                        cotangents_[l + 1].data(),
                        l == 0 ? nullptr : cotangents_[l].data(),
                        cotangents_[layers_[l].source].data(),
                        state_.parameters,
                        gradients_,
                        scratch_};
    run_backward(layers_[l], call, workspaces_[l]);
  }
  return loss * share;
}

template <class Visit>
void Network::each_batch(const Dataset& data, Visit visit) {
  Random unused(0);
  const std::size_t size = data.extent.size();
  for (std::size_t first = 0; first < data.size(); first += capacity_) {
    const std::size_t rows = std::min(capacity_, data.size() - first);
    std::copy_n(data.features.data() + first * size, rows * size, input().data());
    forward(rows, Mode::inference, unused);
    visit(first, rows);
  }
}

std::vector<double> Network::probabilities(const Dataset& data) {
  std::vector<double> result(data.size() * classes_);
  each_batch(data, [&](std::size_t first, std::size_t rows) {
    for (std::size_t i = 0; i < rows; ++i) {
      const std::span row = std::span(values_.back()).subspan(i * classes_, classes_);
      softmax_loss(row, 0);
      std::ranges::copy(row, result.data() + (first + i) * classes_);
    }
  });
  return result;
}

Score Network::score(const Dataset& data) {
  Score total;
  each_batch(data, [&](std::size_t first, std::size_t rows) {
    for (std::size_t i = 0; i < rows; ++i) {
      const std::span row = std::span(values_.back()).subspan(i * classes_, classes_);
      const auto guess = static_cast<std::size_t>(std::ranges::max_element(row) - row.begin());
      const std::size_t label = data.labels[first + i];
      total.accuracy += guess == label;
      total.loss += softmax_loss(row, label);
    }
  });
  const double count = static_cast<double>(data.size());
  return {total.loss / count, total.accuracy / count};
}

double Network::half_squared_weights() const {
  double sum = 0;
  for (const Slice& slice : weights_)
    for (std::size_t i = 0; i < slice.size; ++i) {
      const double w = state_.parameters[slice.offset + i];
      sum += w * w;
    }
  return sum / 2;
}

std::vector<double> Network::gradient_norms() const {
  std::vector<double> norms;
  for (const Slice& slice : weights_) {
    double sum = 0;
    for (std::size_t i = 0; i < slice.size; ++i) {
      const double g = gradients_[slice.offset + i];
      sum += g * g;
    }
    norms.push_back(std::sqrt(sum));
  }
  return norms;
}

double Network::gradient_norm() const {
  double sum = 0;
  for (const double norm : gradient_norms()) sum += norm * norm;
  return std::sqrt(sum);
}

std::vector<std::vector<bool>> Network::dead_units(const Dataset& data) {
  std::vector<std::size_t> watched;
  std::vector<std::vector<bool>> dead;
  for (std::size_t l = 0; l < layers_.size(); ++l)
    if (layers_[l].kind == Kind::activation) {
      watched.push_back(l);
      dead.emplace_back(layers_[l].out.size(), true);
    }
  each_batch(data, [&](std::size_t, std::size_t rows) {
    for (std::size_t k = 0; k < watched.size(); ++k)
      for (std::size_t i = 0; i < rows * dead[k].size(); ++i)
        if (values_[watched[k] + 1][i] != 0) dead[k][i % dead[k].size()] = false;
  });
  return dead;
}

double Network::dead_share(const Dataset& data) {
  double dead = 0, units = 0;
  for (const std::vector<bool>& activation : dead_units(data))
    for (const bool one : activation) dead += one, ++units;
  return units == 0 ? 0 : dead / units;
}

void Network::restore(const Snapshot& earlier) {
  state_ = earlier;
}

}  // namespace assay::properties::training
