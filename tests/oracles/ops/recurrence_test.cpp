#include <gtest/gtest.h>

#include <map>
#include <string>

#include "tests/oracles/ops/gradient_checks.hpp"

namespace assay::oracles::testing {
namespace {

Ball logistic(const Ball& x) {
  return Ball(1) / (Ball(1) + exp(-x));
}
Ball hyperbolic(const Ball& x) {
  const Ball e = exp(2 * x);
  return (e - Ball(1)) / (e + Ball(1));
}

/// The textbook's cell, one number at a time: what is left out is 0.
class Cell {
 public:
  Cell(const Operation& operation, const Arguments<Ball>& arguments) {
    for (std::size_t k = 0; k < operation.inputs.size(); ++k)
      values_[std::string(operation.inputs[k].name)] = arguments.real[k];
  }

  std::size_t rows() const { return values_.at("X").shape[0]; }
  std::size_t units() const { return values_.at("weight_hh").shape[1]; }
  Ball state(const char* name, std::size_t n, std::size_t u) const {
    const Tensor<Ball>& state = values_.at(name);
    return state.size() == 0 ? Ball(0) : state(n, u);
  }

  /// W_ih x + b_ih of unit u of the gate-th gate.
  Ball from_input(std::size_t gate, std::size_t n, std::size_t u) const {
    const std::size_t row = gate * units() + u;
    Ball total = bias("bias_ih", row);
    for (std::size_t d = 0; d < values_.at("X").shape[1]; ++d)
      total += values_.at("weight_ih")(row, d) * values_.at("X")(n, d);
    return total;
  }
  /// W_hh h + b_hh, where each hₖ may be changed first.
  template <class Change>
  Ball from_hidden(std::size_t gate, std::size_t n, std::size_t u, const Change& change) const {
    const std::size_t row = gate * units() + u;
    Ball total = bias("bias_hh", row);
    for (std::size_t k = 0; k < units(); ++k)
      total += values_.at("weight_hh")(row, k) * change(state("h", n, k), k);
    return total;
  }
  Ball from_hidden(std::size_t gate, std::size_t n, std::size_t u) const {
    return from_hidden(gate, n, u, [](const Ball& h, std::size_t) { return h; });
  }
  Ball sum(std::size_t gate, std::size_t n, std::size_t u) const {
    return from_input(gate, n, u) + from_hidden(gate, n, u);
  }

 private:
  Ball bias(const char* name, std::size_t row) const {
    const Tensor<Ball>& bias = values_.at(name);
    return bias.size() == 0 ? Ball(0) : bias[row];
  }
  std::map<std::string, Tensor<Ball>> values_;
};

template <class Check>
void for_each_unit(std::string_view name, const Check& check) {
  const PrecisionScope scope(exact_bits);
  CaseGenerator generator(3);
  const Operation& operation = operation_named(name);
  for (std::size_t i = 0; i < 2 * operation.samples.size(); ++i) {
    const Case c = generator.call(operation, i);
    const auto arguments = as<Ball>(c.arguments);
    const auto outputs = operation.ball.forward(arguments, c.attributes);
    const Cell cell(operation, arguments);
    for (std::size_t n = 0; n < cell.rows(); ++n)
      for (std::size_t u = 0; u < cell.units(); ++u) check(cell, outputs, c.attributes, n, u);
  }
}

TEST(Recurrence, OfElmanIsTheTextbookFormula) {
  for_each_unit("rnn_tanh_cell",
                [](const Cell& cell, const Tensors<Ball>& got, const Attributes&, std::size_t n,
                   std::size_t u) { EXPECT_TRUE(agree(got[0](n, u), hyperbolic(cell.sum(0, n, u)))); });
}

TEST(Recurrence, OfLstmIsTheTextbookFormulaInEveryOrderOfGates) {
  for_each_unit("lstm_cell", [](const Cell& cell, const Tensors<Ball>& got, const Attributes& attributes,
                                std::size_t n, std::size_t u) {
    const auto found = attributes.find("gate_order");
    const std::string order = found == attributes.end() ? "ifgo" : found->second;
    const Ball input = logistic(cell.sum(order.find('i'), n, u));
    const Ball forget = logistic(cell.sum(order.find('f'), n, u));
    const Ball output = logistic(cell.sum(order.find('o'), n, u));
    const Ball next = forget * cell.state("c", n, u) + input * hyperbolic(cell.sum(order.find('g'), n, u));
    EXPECT_TRUE(agree(got[1](n, u), next));
    EXPECT_TRUE(agree(got[0](n, u), Ball(output * hyperbolic(next))));
  });
}

TEST(Recurrence, OfGruIsTheTextbookFormulaInEveryConvention) {
  for_each_unit("gru_cell", [](const Cell& cell, const Tensors<Ball>& got, const Attributes& attributes,
                               std::size_t n, std::size_t u) {
    const auto chosen = [&](const char* name, const char* value) {
      const auto found = attributes.find(name);
      return found != attributes.end() && found->second == value;
    };
    const std::size_t r = chosen("gate_order", "zrn") ? 1 : 0, z = 1 - r;
    const auto reset = [&](std::size_t unit) { return logistic(cell.sum(r, n, unit)); };
    const Ball hidden =
        chosen("reset", "before")
            ? cell.from_hidden(2, n, u, [&](const Ball& h, std::size_t k) { return Ball(h * reset(k)); })
            : Ball(reset(u) * cell.from_hidden(2, n, u));
    const Ball candidate = hyperbolic(cell.from_input(2, n, u) + hidden), old = cell.state("h", n, u);
    const Ball update = logistic(cell.sum(z, n, u));
    const Ball kept = chosen("update", "replace") ? Ball(1 - update) : update;
    EXPECT_TRUE(agree(got[0](n, u), Ball(kept * old + (1 - kept) * candidate)));
  });
}

/// Where the reset gate is 1 everywhere, both placements are one cell.
TEST(Recurrence, OfGruDoesNotDependOnThePlacementOfAnOpenResetGate) {
  const Operation& gru = operation_named("gru_cell");
  const Tensor<double> x({1, 1}, {0.5}), h({1, 1}, {0.25}), w_ih({3, 1}, {0, 1, -0.5});
  const Tensor<double> w_hh({3, 1}, {0, 0.5, 2}), b_ih({3}, {1000, 0, 0}), b_hh({3}, {0, 0.25, 0});
  const Arguments<double> arguments{{x, h, w_ih, w_hh, b_ih, b_hh}, {}};
  EXPECT_EQ(gru.float64.forward(arguments, {{"reset", "before"}})[0][0],
            gru.float64.forward(arguments, {{"reset", "after"}})[0][0]);
}

/// A forget gate that is wide open and an input gate that is shut carry the cell through unchanged.
TEST(Recurrence, OfLstmCanRemember) {
  const Operation& lstm = operation_named("lstm_cell");
  const Tensor<double> x({1, 1}, {3}), h({1, 1}, {-2}), c({1, 1}, {0.75}), zeros({4, 1});
  const Tensor<double> bias({4}, {-1e308, 1e308, 5, 0}), none(absent);
  const auto next = lstm.float64.forward({{x, h, c, zeros, zeros, bias, none}, {}}, {});
  EXPECT_EQ(next[1][0], 0.75);
  const auto back = lstm.float64.vjp({{x, h, c, zeros, zeros, bias, none}, {}},
                                     {Tensor<double>({1, 1}, {0}), Tensor<double>({1, 1}, {1})}, {});
  EXPECT_EQ(back[2][0], 1) << "the gradient of the cell passes through as well";
  EXPECT_EQ(back[6].shape, absent);
}

TEST(Recurrence, RefusesWhatDoesNotFit) {
  const auto complaint = [](std::string_view name, const Shapes& shapes) -> std::string {
    try {
      operation_named(name).output_shapes(shapes, {});
      return {};
    } catch (const ShapeError& error) {
      return error.what();
    }
  };
  const Shape no = absent;
  EXPECT_EQ(complaint("lstm_cell", {{2, 3}, no, no, {8, 3}, {6, 2}, no, no}),
            "lstm_cell: input \"weight_hh\" has shape (6, 2); it needs (4H, H): (8, 2) for H = 2");
  EXPECT_EQ(complaint("gru_cell", {{2, 3}, no, {6, 4}, {6, 2}, no, no}),
            "gru_cell: input \"weight_ih\" has shape (6, 4); it needs (6, 3), because input \"X\" is (2, 3) "
            "and \"weight_hh\" (6, 2)");
  EXPECT_EQ(
      complaint("rnn_tanh_cell", {{2, 3}, {3, 2}, {2, 3}, {2, 2}, no, no}),
      "rnn_tanh_cell: input \"h\" has shape (3, 2); it needs (2, 2), because input \"weight_hh\" is (2, "
      "2)");
  EXPECT_NE(complaint("rnn_tanh_cell", {{2, 3}, no, {2, 3}, {2, 2}, {3}, no}), "");
  EXPECT_NE(complaint("rnn_tanh_cell", {{2, 0}, no, {2, 0}, {2, 2}, no, no}), "");
  EXPECT_NE(complaint("rnn_tanh_cell", {{2, 3}, no, {2, 3}, {1ull << 63, 1ull << 62}, no, no}), "");
}

}  // namespace
}  // namespace assay::oracles::testing
