/// Networks whose weights a student writes down. Internal to judge_design.
#pragma once

#include <gmpxx.h>

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace assay::graders::exams {

enum class Activation { none, relu, step };

/// outputs = activation(weights * inputs + bias)
struct WeightLayer {
  std::vector<std::vector<mpq_class>> weights;  ///< one row for each output
  std::vector<mpq_class> bias;
  Activation activation = Activation::none;
};
using WeightLayers = std::vector<WeightLayer>;

/// What is wrong with the text, and where in bytes.
struct WeightsError : std::runtime_error {
  WeightsError(std::size_t where, const std::string& message) : std::runtime_error(message), offset(where) {}
  std::size_t offset;
};

/// At most 64 layers, 256 units in each, 20000 weights. Throws WeightsError.
WeightLayers read_weights(std::string_view toml, std::size_t inputs, std::size_t outputs);

std::size_t weight_count(const WeightLayers& layers);

/// Runs the layers. Precondition: as many inputs as the first layer takes.
std::vector<mpq_class> run(const WeightLayers& layers, std::vector<mpq_class> inputs);

/// The outputs as functions of the inputs where the order of the inputs and the sign of each are given. There
/// every input is a sum of coordinates that are positive: affine forms [constant, coefficients...].
using Form = std::vector<mpq_class>;
struct Forms {
  std::vector<Form> outputs;
  bool resolved = true;  ///< false where an activation is not the same on the whole cone
};
Forms run(const WeightLayers& layers, const std::vector<Form>& inputs);

}  // namespace assay::graders::exams
