/// The lists the misconceptions are made of, one file for each family of the catalogue.
#pragma once

#include <vector>

#include "oracles/misconceptions.hpp"

namespace assay::oracles::mistakes {

std::vector<Misconception> activations();
std::vector<Misconception> attention();
std::vector<Misconception> linear();
std::vector<Misconception> losses();
std::vector<Misconception> metrics();
std::vector<Misconception> normalisation();
std::vector<Misconception> normalised_exponentials();
std::vector<Misconception> optimizers();
std::vector<Misconception> pooling();
std::vector<Misconception> reductions();

}  // namespace assay::oracles::mistakes
