/// Shapes: what convolutions do to sizes, and what a network asks of its input.
#include <fmt/format.h>

#include "fixtures/load_network.hpp"
#include "oracles/network/network.hpp"
#include "properties/claims/sizes.hpp"

namespace assay::properties::topics {
namespace {

// ---- Which convolutions keep the size -------------------------------------------------------------------

template <std::size_t kernel, std::size_t stride, std::size_t padding>
Shape convolved(std::size_t height, std::size_t width) {
  return shape_after("conv2d", {{1, 1, height, width}, {1, 1, kernel, kernel}, {1}},
                     {{"stride", std::to_string(stride)}, {"padding", std::to_string(padding)}});
}

template <std::size_t kernel, std::size_t stride, std::size_t padding>
constexpr auto keeps_the_size = []<class T>(const Point<T>& at, const Subject<T>&) -> Truth {
  const std::size_t height = at.extent("H"), width = at.extent("W");
  return oracles::truth(convolved<kernel, stride, padding>(height, width) == Shape{1, 1, height, width});
};

/// With stride 1 the size is H + 2 padding - kernel + 1, whatever H is.
template <std::size_t kernel, std::size_t stride, std::size_t padding>
ProofOutcome is_the_identity() {
  static_assert(stride == 1);
  const auto size = []<class T>(const std::vector<T>& v) {
    return T(v[0] + T(static_cast<int>(2 * padding)) - T(static_cast<int>(kernel)) + T(1));
  };
  const auto same = []<class T>(const std::vector<T>& v) { return v[0]; };
  const auto tried = [](const std::vector<std::int64_t>& n) {
    const auto height = static_cast<std::size_t>(n[0]), width = static_cast<std::size_t>(n[1]);
    return convolved<kernel, stride, padding>(height, width) == Shape{1, 1, height, width};
  };
  return together({{"H + 2 padding - kernel + 1 is H", identity(1, size, same)},
                   {"conv2d has that size", exhaust({{"H", 1, 48}, {"W", 1, 48}}, tried)}});
}

template <std::size_t kernel, std::size_t stride, std::size_t padding>
Question keeps(std::string because) {
  const Shape example = convolved<kernel, stride, padding>(32, 32);
  ForAll test{.space = {.variables = {},
                        .whole_numbers = {{"H", {5, 64}}, {"W", {5, 64}}},
                        .text = "heights and widths from 5 to 64"},
              .holds = on_fractions_only(keeps_the_size<kernel, stride, padding>),
              .pinned = {sizes({{"H", 32}, {"W", 32}},
                               fmt::format("a 32x32 map, which becomes {}x{}", example[2], example[3]))}};
  if constexpr (stride == 1)
    test.proofs = {{"all heights and widths", is_the_identity<kernel, stride, padding>}};
  return {.statement = fmt::format("A {0}x{0} convolution with stride {1} and padding {2} keeps height and "
                                   "width.",
                                   kernel, stride, padding),
          .test = std::move(test),
          .because = std::move(because)};
}

// ---- A VGG network on a small image ---------------------------------------------------------------------

/// VGG-16 for 224 x 224 images, from the input to what `classifier` adds.
std::string vgg(int side, const std::string& classifier) {
  return fmt::format(
      "INPUT 3x{0}x{0}, PADDING 1, CONV3-64, CONV3-64, POOL2, CONV3-128, CONV3-128, POOL2, "
      "CONV3-256, CONV3-256, CONV3-256, POOL2, CONV3-512, CONV3-512, CONV3-512, POOL2, "
      "CONV3-512, CONV3-512, CONV3-512, POOL2{1}",
      side, classifier);
}
constexpr const char* made_for_224 = ", FC-4096 expects 25088, FC-4096, FC-1000";
constexpr const char* averaged = ", GLOBALPOOL, FC-4096 expects 512, FC-4096, FC-1000";

struct Passage {
  std::size_t stops_at = 0;  ///< a layer from 1; 0 where all of it runs
  std::size_t classifier = 0;
  std::string message;
};

Passage passage(const std::string& text) {
  const fixtures::Network network = fixtures::parse_shorthand(text);
  Passage result;
  for (std::size_t l = network.layers.size(); l > 0; --l)
    if (network.layers[l - 1].kind == fixtures::LayerKind::fully_connected) result.classifier = l;
  try {
    const auto table = oracles::network_table(network, {});
    result.message = fmt::format("all {} layers fit", network.layers.size());
  } catch (const oracles::NetworkError& error) {
    result.stops_at = error.layer;
    result.message = error.what();
  }
  return result;
}

Question stops_at_its_first_convolution() {
  return {.statement =
              "A VGG network made for 224x224 images stops at its first 3x3 convolution (stride 1, "
              "padding 1) when it gets a 32x32 image.",
          .test = Derivation{[]() -> Derived {
            const Passage found = passage(vgg(32, made_for_224));
            return {oracles::truth(found.stops_at == 1), "it runs on, until " + found.message};
          }},
          .because = "A 3x3 window with padding 1 and stride 1 fits on a map of any size."};
}

template <bool made_for_its_size>
Question stops_at_its_classifier() {
  return {
      .statement = made_for_its_size
                       ? "A VGG network made for 224x224 images runs on a 32x32 image up to its first "
                         "fully connected layer, and stops there."
                       : "A VGG network that averages its last maps over all positions stops at its first "
                         "fully connected layer when it gets a 32x32 image.",
      .test = Derivation{[]() -> Derived {
        const Passage found = passage(vgg(32, made_for_its_size ? made_for_224 : averaged));
        return {oracles::truth(found.stops_at != 0 && found.stops_at == found.classifier), found.message};
      }},
      .because =
          "Convolutions and poolings take any size; the first fully connected layer has one weight "
          "for each of the 7x7x512 numbers it was made for."};
}

template <bool made_for_its_size>
Question runs_to_the_end() {
  return {.statement = made_for_its_size
                           ? "A VGG network made for 224x224 images runs on a 32x32 image to the end."
                           : "A VGG network that averages its last maps over all positions runs on a 32x32 "
                             "image to the end.",
          .test = Derivation{[]() -> Derived {
            const Passage found = passage(vgg(32, made_for_its_size ? made_for_224 : averaged));
            return {oracles::truth(found.stops_at == 0), found.message};
          }},
          .because = "Only a variant that brings its last maps to a fixed size could run."};
}

template <int factor>
Question first_layer_shrinks_by() {
  return {
      .statement = fmt::format("On a 32x32 image the outputs of VGG's first convolution take {} times less "
                               "memory than on a 224x224 image.",
                               factor),
      .test = Derivation{[]() -> Derived {
        const auto memory = [](int side) {
          return oracles::network_table(fixtures::parse_shorthand(vgg(side, "")), {}).rows[1].memory;
        };
        const oracles::Whole large = memory(224), small = memory(32);
        return {oracles::truth(large == factor * small),
                fmt::format("{} bytes against {}: {} times less", large.get_str(), small.get_str(),
                            oracles::Whole(large / small).get_str())};
      }},
      .because = "Both sides of the map are 7 times shorter."};
}

// ---- The papers -----------------------------------------------------------------------------------------

Claim cs231n(const std::string& option, Quantifier quantifier, std::string published, Question question,
             Question foil) {
  return {.id = "cs231n-2019.mc.2." + option,
          .quantifier = quantifier,
          .published = std::move(published),
          .source = "CS231n midterm, spring 2019, multiple choice 2 " + option,
          .question = std::move(question),
          .foil = std::move(foil)};
}

Claim eecs498(const std::string& option, Question question, Question foil) {
  return {.id = "eecs498-2019.mc.2.5." + option,
          .quantifier = Quantifier::universal,
          .source = "EECS 498 midterm, fall 2019, multiple choice 2.5 " + option,
          .question = std::move(question),
          .foil = std::move(foil)};
}

}  // namespace

std::vector<Claim> shapes() {
  return {
      cs231n("A", Quantifier::universal, "false", stops_at_its_first_convolution(),
             stops_at_its_classifier<true>()),
      cs231n("B", Quantifier::universal, "false", first_layer_shrinks_by<7>(), first_layer_shrinks_by<49>()),
      cs231n("C", Quantifier::structural, "true", stops_at_its_classifier<true>(),
             stops_at_its_classifier<false>()),
      cs231n("D", Quantifier::structural, "false", runs_to_the_end<true>(), runs_to_the_end<false>()),

      eecs498("A", keeps<3, 1, 0>("Without padding each side loses kernel - 1."), keeps<3, 1, 1>("")),
      eecs498("B", keeps<3, 1, 1>("Padding (kernel - 1)/2 makes up for what the window takes."),
              keeps<3, 1, 0>("")),
      eecs498("C", keeps<1, 1, 1>("A 1x1 window takes nothing, and the padding adds 2."), keeps<1, 1, 0>("")),
      eecs498("D", keeps<5, 2, 2>("Stride 2 halves a side, rounded up; only a map of 1x1 stays."),
              keeps<5, 1, 2>("")),
  };
}

}  // namespace assay::properties::topics
