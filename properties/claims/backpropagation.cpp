/// Backpropagation: which graphs it can go back through, and which numbers it updates.
#include <fmt/format.h>

#include <array>

#include "oracles/program.hpp"
#include "oracles/tape.hpp"
#include "properties/claims/words.hpp"

namespace assay::properties::topics {
namespace {

// ---- Cycles ---------------------------------------------------------------------------------------------

constexpr std::size_t nodes = 4;
using Graph = std::array<std::array<bool, nodes>, nodes>;  ///< [from][to], without loops at a node

/// Bit b of `bits` is the b-th of the 12 possible edges.
Graph graph_of(std::int64_t bits) {
  Graph edges{};
  std::size_t bit = 0;
  for (std::size_t from = 0; from < nodes; ++from)
    for (std::size_t to = 0; to < nodes; ++to)
      if (from != to) edges[from][to] = (bits >> bit++) & 1;
  return edges;
}

/// Backpropagation visits a node once all that use it have been visited. Whether it comes round to all.
bool can_go_back(const Graph& edges) {
  std::array<bool, nodes> visited{};
  for (std::size_t round = 0; round < nodes; ++round)
    for (std::size_t node = 0; node < nodes; ++node) {
      bool ready = true;
      for (std::size_t user = 0; user < nodes; ++user) ready = ready && (!edges[node][user] || visited[user]);
      visited[node] = visited[node] || ready;
    }
  return std::ranges::count(visited, true) == static_cast<std::ptrdiff_t>(nodes);
}

/// Whether some node reaches itself.
bool has_directed_cycle(const Graph& edges) {
  Graph reaches = edges;
  for (std::size_t via = 0; via < nodes; ++via)
    for (std::size_t from = 0; from < nodes; ++from)
      for (std::size_t to = 0; to < nodes; ++to)
        reaches[from][to] = reaches[from][to] || (reaches[from][via] && reaches[via][to]);
  for (std::size_t node = 0; node < nodes; ++node)
    if (reaches[node][node]) return true;
  return false;
}

/// Whether two nodes are joined in more than one way, directions aside: more edges than a forest has.
bool has_any_cycle(const Graph& edges) {
  std::array<std::size_t, nodes> group{};
  for (std::size_t node = 0; node < nodes; ++node) group[node] = node;
  for (std::size_t from = 0; from < nodes; ++from)
    for (std::size_t to = 0; to < nodes; ++to) {
      if (!edges[from][to]) continue;
      if (group[from] == group[to]) return true;
      const std::size_t old = group[to];
      for (std::size_t& g : group)
        if (g == old) g = group[from];
    }
  return false;
}

template <bool (*is_obstacle)(const Graph&)>
Derived only_without() {
  std::size_t passable = 0;
  const ProofOutcome outcome =
      exhaust({{"graph", 0, (1 << 12) - 1}}, [&](const std::vector<std::int64_t>& n) {
        const Graph edges = graph_of(n[0]);
        passable += can_go_back(edges);
        return can_go_back(edges) == !is_obstacle(edges);
      });
  return {outcome.proved,
          outcome.proved == Truth::yes
              ? fmt::format("of all 4096 graphs of four nodes it can go back through {}, those "
                            "without a directed cycle",
                            passable)
              : "it also goes back through y = x x + x, where two ways lead from x to y"};
}

Question needs_no_directed_cycle() {
  return {.statement = "Backpropagation works on a computational graph only if it has no directed cycle.",
          .test = Derivation{only_without<has_directed_cycle>},
          .because =
              "A gradient is complete once all users of a number have sent theirs; on a cycle each waits for "
              "the next. Recurrent networks are unrolled first."};
}

Question needs_no_cycle_at_all() {
  return {.statement =
              "Backpropagation works on a computational graph only if no two nodes are joined in two ways.",
          .test = Derivation{only_without<has_any_cycle>}};
}

// ---- What is learned by it ------------------------------------------------------------------------------

/// Whether `name` is an input of the operation that gradients are defined for.
bool has_gradient(std::string_view operation, std::string_view name) {
  for (const oracles::InputSpec& input : oracles::operation_named(operation).inputs)
    if (input.name == name) return input.has_gradient();
  return false;
}

bool is_setting(std::string_view operation, std::string_view name) {
  for (const oracles::AttributeSpec& setting : oracles::operation_named(operation).attributes)
    if (setting.name == name) return true;
  return false;
}

Derived betas_are_learned() {
  const oracles::Operation& adam = oracles::operation_named("adam");
  std::string updated;
  bool among_them = false;
  for (const oracles::OutputSpec& output : adam.outputs) {
    updated += (updated.empty() ? "" : ", ") + std::string(output.name);
    among_them = among_them || output.name == "betas";
  }
  return {oracles::truth(among_them || has_gradient("adam", "betas") || !is_setting("adam", "betas")),
          "the betas are settings; a step of Adam updates " + updated +
              ", and the loss does not depend on the betas"};
}

Question betas_learn() {
  return {.statement = "Adam's beta coefficients are updated by backpropagation.",
          .test = Derivation{betas_are_learned},
          .because = "They are hyper-parameters: constants of the rule that updates the weights."};
}

/// dL/dgamma is the sum of upstream times normalised input: for inputs -1 and 1 and upstream 0 and 1 nearly
/// 1, by the gradient stated by hand and by the tape's.
Derived gamma_has_a_slope() {
  const oracles::PrecisionScope scope(128);
  const auto& batch_norm = oracles::operation_named("batch_norm").ball;
  const Tensor<Ball> absent(oracles::absent), zero({1});
  const oracles::Arguments<Ball> inputs = {
      {Tensor<Ball>({2, 1}, {-1, 1}), Tensor<Ball>({1}, {1}), zero, absent, absent}, {}};
  Tensors<Ball> upstream;
  for (const Tensor<Ball>& output : batch_norm.forward(inputs, {})) upstream.emplace_back(output.shape);
  upstream[0][1] = 1;
  const Ball stated = batch_norm.vjp(inputs, upstream, {})[1][0];
  const Ball taped = batch_norm.tape_vjp(inputs, upstream, {})[1][0];
  return {
      oracles::truth(has_gradient("batch_norm", "weight")) && less(Ball(0), stated) && less(Ball(0), taped),
      fmt::format("for inputs -1 and 1 with upstream gradients 0 and 1 its gradient is {:.6f}",
                  oracles::midpoint_double(stated))};
}

Question gamma_learns() {
  return {.statement =
              "The scale gamma of batch normalisation is updated by backpropagation: the loss has a gradient "
              "for it, which is not always 0.",
          .test = Derivation{gamma_has_a_slope},
          .because = "gamma multiplies the normalised input, so it has a slope like any weight."};
}

Question running_mean_learns() {
  return {.statement = "The running mean of batch normalisation is updated by backpropagation.",
          .test = Derivation{[]() -> Derived {
            return {oracles::truth(has_gradient("batch_norm", "running_mean")),
                    "it is an average of batch means, and no gradient is defined for it"};
          }}};
}

// ---- Graphs before and after a run ----------------------------------------------------------------------

/// y = x x where x is positive, y = -x elsewhere: the tape records what happens.
std::size_t recorded_for(int start) {
  oracles::Tape<Rational> tape;
  const oracles::Var<Rational> x = tape.variable(start);
  const oracles::Var<Rational> y = start > 0 ? x * x * x : -x;
  return y.node + 1;
}

Derived dynamic_graph_is_known_before() {
  const std::size_t before = oracles::Tape<Rational>().cotangents({}, {}).size();
  const std::size_t one = recorded_for(2), other = recorded_for(-2);
  return {oracles::truth(before == one && one == other),
          fmt::format(
              "a tape has {} nodes before the run, and {} or {} after it, for y = x^3 or -x as the sign of x "
              "asks",
              before, one, other)};
}

Derived static_graph_is_known_before() {
  const std::vector<std::string> statements = {"hidden = affine(X, W, b)", "loss = sum(hidden)"},
                                 inputs = {"X", "W", "b"};
  const oracles::Program program = oracles::Program::parse(statements, inputs);
  const std::size_t steps = program.steps().size();
  return {oracles::truth(steps >= statements.size()),
          fmt::format("a program of {} inputs and {} statements has its {} steps before any number is known",
                      inputs.size(), statements.size(), steps)};
}

Question dynamic_graphs_are_optimised() {
  return {.statement =
              "A main benefit of dynamic computational graphs is that the framework can optimise the graph "
              "before it runs.",
          .test = Derivation{dynamic_graph_is_known_before},
          .because = "A dynamic graph comes into being while it runs; that benefit is the static graph's."};
}

Question static_graphs_are_optimised() {
  return {.statement =
              "A static computational graph is known before it runs, so that a framework can optimise it.",
          .test = Derivation{static_graph_is_known_before}};
}

Claim cs230(const std::string& option, Quantifier quantifier, Question question, Question foil) {
  return {.id = "cs230-2021.mc.h." + option,
          .quantifier = quantifier,
          .source = "CS230 midterm, spring 2021, multiple choice (h)(" + option + ")",
          .question = std::move(question),
          .foil = std::move(foil)};
}

}  // namespace

std::vector<Claim> backpropagation() {
  return {
      cs230("ii", Quantifier::structural, needs_no_directed_cycle(), needs_no_cycle_at_all()),
      cs230("iii", Quantifier::definitional, betas_learn(), gamma_learns()),
      cs230("iv", Quantifier::definitional, gamma_learns(), running_mean_learns()),
      {.id = "eecs498-2019.tf.1.8",
       .quantifier = Quantifier::definitional,
       .source = "EECS 498 midterm, fall 2019, true/false 1.8",
       .question = dynamic_graphs_are_optimised(),
       .foil = static_graphs_are_optimised()},
  };
}

}  // namespace assay::properties::topics
