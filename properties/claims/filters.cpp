/// Filters: what their notation means, how many channels one has, and how many there are.
#include <fmt/format.h>

#include "properties/claims/sizes.hpp"

namespace assay::properties::topics {
namespace {

// ---- "A 5x5x5 filter" -----------------------------------------------------------------------------------

/// What "a 5x5x5 convolution filter with stride 1 and padding 2" may mean on an image of 3 channels.
struct Reading {
  const char* id;
  const char* name;
  const char* text;
  std::optional<Shape> (*output)(std::size_t height, std::size_t width);  ///< without the batch
};

std::optional<Shape> without_batch(std::optional<Shape> shape) {
  if (shape) shape->erase(shape->begin());
  return shape;
}

const Reading readings[] = {
    {"deep", "one filter of 5 channels", "5x5x5 is one filter, 5 channels deep",
     [](std::size_t h, std::size_t w) {
       return without_batch(fitting_shape("conv2d", {{1, 3, h, w}, {1, 5, 5, 5}, {1}}, {{"padding", "2"}}));
     }},
    {"five", "five filters of 5x5", "5x5x5 are five filters of 5x5, each over all channels",
     [](std::size_t h, std::size_t w) {
       return without_batch(fitting_shape("conv2d", {{1, 3, h, w}, {5, 3, 5, 5}, {5}}, {{"padding", "2"}}));
     }},
    {"volume", "a 3-D convolution",
     "the filter also moves along the channels, which get the padding too (a 3-D convolution)",
     [](std::size_t h, std::size_t w) {
       auto shape = fitting_shape("conv3d", {{1, 1, 3, h, w}, {1, 1, 5, 5, 5}, {1}}, {{"padding", "2"}});
       if (shape) shape->erase(shape->begin() + 1);  // its single map
       return without_batch(shape);
     }},
};

std::vector<Assumption> as_assumptions() {
  std::vector<Assumption> result;
  for (const Reading& reading : readings) result.push_back({reading.id, reading.text, {}});
  return result;
}

using Expected = std::optional<Shape> (*)(std::size_t height, std::size_t width);

/// At every size from 1 to 48, on each of the readings; `id` names one of them alone.
Derived on_readings(Expected expected, const std::string& id) {
  Derived result{Truth::yes, {}};
  for (const Reading& reading : readings) {
    if (!id.empty() && id != reading.id) continue;
    const ProofOutcome outcome =
        exhaust({{"H", 1, 48}, {"W", 1, 48}}, [&](const std::vector<std::int64_t>& n) {
          const auto height = static_cast<std::size_t>(n[0]), width = static_cast<std::size_t>(n[1]);
          return reading.output(height, width) == expected(height, width);
        });
    result.holds = result.holds && outcome.proved;
    const auto example = reading.output(32, 32);
    result.evidence +=
        fmt::format("{}{}: {}", result.evidence.empty() ? "" : "; ", reading.name,
                    example ? "(3, 32, 32) becomes " + oracles::to_string(*example) : "it does not fit");
  }
  return result;
}

/// What is said has to be so on every reading; each reading alone is an assumption.
Question five_by_five_by_five(const std::string& result, Expected expected) {
  return {.statement = "A 5x5x5 filter with stride 1 and padding 2 on an image of 3 channels " + result + ".",
          .test = Derivation{
              .derive = [expected] { return on_readings(expected, ""); },
              .assumptions = as_assumptions(),
              .derive_under = [expected](const std::string& id) { return on_readings(expected, id); }},
          .because =
              "The notation decides, and papers do not agree on it: better to write a filter bank as "
              "outputs x channels x height x width."};
}

/// The same with the notation spelled out.
Question spelled_out(std::string statement, const std::string& reading, Expected expected) {
  return {.statement = std::move(statement),
          .test = Derivation{[=] { return on_readings(expected, reading); }}};
}

std::optional<Shape> five_maps(std::size_t height, std::size_t width) {
  return Shape{5, height, width};
}
std::optional<Shape> three_maps(std::size_t height, std::size_t width) {
  return Shape{3, height, width};
}
std::optional<Shape> a_cube(std::size_t, std::size_t) {
  return Shape{5, 5, 5};
}
std::optional<Shape> no_fit(std::size_t, std::size_t) {
  return {};
}

Question a_cube_from_a_small_image() {
  return {
      .statement =
          "Five 5x5 filters with stride 1 and padding 2 turn an image of shape (3, 5, 5) into "
          "maps of shape (5, 5, 5).",
      .test = Derivation{[]() -> Derived {
        const auto shape = readings[1].output(5, 5);
        return {oracles::truth(shape == std::optional<Shape>({5, 5, 5})), oracles::to_string(shape.value())};
      }}};
}

// ---- Filters, their channels, and maps ------------------------------------------------------------------

constexpr std::size_t most_maps = 8;

/// The depth that a filter must have for conv2d to take it.
std::size_t channels_of_a_filter(std::size_t inputs, std::size_t outputs, std::size_t groups = 1) {
  for (std::size_t channels = 1; channels <= most_maps; ++channels)
    if (fitting_shape("conv2d", {{1, inputs, 5, 5}, {outputs, channels, 3, 3}, {0}},
                      {{"groups", std::to_string(groups)}}))
      return channels;
  throw std::logic_error("no filter fits");
}

/// The number of filters that yields so many output maps.
std::size_t filters_for(std::size_t inputs, std::size_t outputs) {
  for (std::size_t filters = 1; filters <= most_maps; ++filters)
    if (shape_after("conv2d", {{1, inputs, 5, 5}, {filters, inputs, 3, 3}, {0}})[1] == outputs)
      return filters;
  throw std::logic_error("no number of filters fits");
}

using Counts = bool (*)(std::size_t inputs, std::size_t outputs);

std::string plain_example() {
  return fmt::format("3 maps in and 8 out, which take {} filters of {} channels", filters_for(3, 8),
                     channels_of_a_filter(3, 8));
}

template <Counts counts>
Question on_maps(std::string statement, std::string because = {}, std::string example = plain_example()) {
  constexpr auto most = static_cast<std::int64_t>(most_maps);
  const auto every = [] {
    return exhaust({{"inputs", 1, most}, {"outputs", 1, most}}, [](const std::vector<std::int64_t>& n) {
      return counts(static_cast<std::size_t>(n[0]), static_cast<std::size_t>(n[1]));
    });
  };
  return {.statement = std::move(statement),
          .test = ForAll{.space = {.variables = {},
                                   .whole_numbers = {{"inputs", {1, most_maps}}, {"outputs", {1, most_maps}}},
                                   .text = "convolutions of up to 8 maps into up to 8"},
                         .holds = on_fractions_only([]<class T>(const Point<T>& at, const Subject<T>&) {
                           return oracles::truth(counts(at.extent("inputs"), at.extent("outputs")));
                         }),
                         .pinned = {sizes({{"inputs", 3}, {"outputs", 8}}, example)},
                         .proofs = {{"up to 8 input and 8 output maps", every}},
                         .cases = 200},
          .because = std::move(because)};
}

bool channels_are_inputs(std::size_t inputs, std::size_t outputs) {
  return channels_of_a_filter(inputs, outputs) == inputs;
}
bool channels_are_outputs(std::size_t inputs, std::size_t outputs) {
  return channels_of_a_filter(inputs, outputs) == outputs;
}
bool filters_are_inputs(std::size_t inputs, std::size_t outputs) {
  return filters_for(inputs, outputs) == inputs;
}
bool filters_are_outputs(std::size_t inputs, std::size_t outputs) {
  return filters_for(inputs, outputs) == outputs;
}
/// What is wrong in general and right where a convolution keeps the number of maps.
template <Counts counts>
bool where_equal(std::size_t inputs, std::size_t outputs) {
  return inputs != outputs || counts(inputs, outputs);
}
bool depthwise_channels_are_inputs(std::size_t inputs, std::size_t) {
  return channels_of_a_filter(inputs, inputs, inputs) == inputs;
}

constexpr const char* one_filter_one_map =
    "A filter sums over all input maps, and each filter makes one output map.";

// ---- The paper ------------------------------------------------------------------------------------------

Claim cmu24788(const std::string& item, Question question, Question foil) {
  return {.id = "cmu24788-2025.mc.3." + item,
          .quantifier = Quantifier::structural,
          .source = "CMU 24-788 midterm, spring 2025, multiple choice 3 " + item,
          .question = std::move(question),
          .foil = std::move(foil)};
}

}  // namespace

std::vector<Claim> filters() {
  return {
      cmu24788("c.A", five_by_five_by_five("gives 5 maps of the same size", five_maps),
               spelled_out("Five 5x5 filters over all channels, with stride 1 and padding 2, give 5 maps of "
                           "the same size.",
                           "five", five_maps)),
      cmu24788("c.B", five_by_five_by_five("gives 3 maps of the same size", three_maps),
               spelled_out("A 3-D convolution with one 5x5x5 filter and padding 2 on every axis keeps the "
                           "shape (3, H, W).",
                           "volume", three_maps)),
      cmu24788("c.C", five_by_five_by_five("gives an output of shape (5, 5, 5)", a_cube),
               a_cube_from_a_small_image()),
      cmu24788("c.D", five_by_five_by_five("does not fit", no_fit),
               spelled_out("A filter of 5 channels does not fit an image of 3 channels.", "deep", no_fit)),

      cmu24788("j.A",
               on_maps<channels_are_inputs>(
                   "In a convolution each filter has as many channels as there are input maps.",
                   one_filter_one_map),
               on_maps<depthwise_channels_are_inputs>(
                   "In a depthwise convolution each filter has as many channels as there are input maps.", {},
                   fmt::format("3 maps, each with a filter of its own of {} channel",
                               channels_of_a_filter(3, 3, 3)))),
      cmu24788("j.B",
               on_maps<channels_are_outputs>(
                   "In a convolution each filter has as many channels as there are output maps.",
                   one_filter_one_map),
               on_maps<where_equal<channels_are_outputs>>(
                   "In a convolution that keeps the number of maps, each filter has as many channels as "
                   "there are output maps.")),
      cmu24788(
          "j.C",
          on_maps<filters_are_inputs>("A convolution has as many filters as input maps.", one_filter_one_map),
          on_maps<where_equal<filters_are_inputs>>(
              "A convolution that keeps the number of maps has as many filters as input maps.")),
      cmu24788("j.D",
               on_maps<filters_are_outputs>("A convolution has as many filters as output maps.",
                                            one_filter_one_map),
               on_maps<filters_are_inputs>("A convolution has as many filters as input maps.")),
  };
}

}  // namespace assay::properties::topics
