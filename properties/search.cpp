#include "properties/search.hpp"

#include <bit>
#include <chrono>
#include <cmath>
#include <limits>

#include "oracles/numeric/decide.hpp"
#include "properties/generator.hpp"

namespace assay::properties {
namespace {

constexpr long ceiling_bits = 2048;
constexpr long second_bits = 1024;

template <class T>
Truth at(const Predicate::Holds<T>& holds, const Case& instance, const Subject<T>& subject) {
  return holds(Point<T>(instance), subject);
}

Truth on_balls(const Predicate& predicate, const Case& instance, const Subject<Ball>& subject) {
  return oracles::decide([&] { return at(predicate.ball, instance, subject); }, ceiling_bits).answer;
}

Subject<Ball> subject_with(const oracles::Misconception* planted) {
  return planted ? Subject<Ball>(*planted) : Subject<Ball>();
}

/// A format's answer; what it cannot tell does not hold there.
template <class T>
Truth in_floats(const Predicate::Holds<T>& holds, const Case& instance) {
  return oracles::truth(at(holds, instance, Subject<T>()) == Truth::yes);
}

bool impose(const std::vector<const Assumption*>& assumptions, Case& drawn) {
  for (const Assumption* assumption : assumptions)
    if (!assumption->impose(drawn)) return false;
  return true;
}

}  // namespace

bool speaks_of(const Predicate& predicate, Numbers numbers) {
  if (numbers == Numbers::exact) return true;
  return numbers == Numbers::float64 ? predicate.float64 != nullptr : predicate.float32 != nullptr;
}

bool fits(const Case& instance, Numbers numbers) {
  if (numbers != Numbers::float32) return true;
  for (const auto& [name, value] : instance.inputs)
    if (const auto* reals = std::get_if<oracles::Tensor<double>>(&value))
      for (const double number : reals->data)
        if (std::abs(number) > std::numeric_limits<float>::max()) return false;
  return true;
}

Truth evaluate(const Predicate& predicate, const Case& instance, Numbers numbers,
               const oracles::Misconception* planted) {
  if (numbers == Numbers::float64) return in_floats(predicate.float64, instance);
  if (numbers == Numbers::float32) return in_floats(predicate.float32, instance);
  if (predicate.rational && !planted) return at(predicate.rational, instance, Subject<Rational>());
  return on_balls(predicate, instance, subject_with(planted));
}

Truth evaluate_again(const Predicate& predicate, const Case& instance,
                     const oracles::Misconception* planted) {
  if (planted) return on_balls(predicate, instance, subject_with(planted));
  if (predicate.ball) {
    const oracles::PrecisionScope scope(second_bits);
    const Truth answer = at(predicate.ball, instance, Subject<Ball>(Subject<Ball>::Derivation::tape));
    if (answer != Truth::unknown || !predicate.rational) return answer;
  }
  return at(predicate.rational, instance, Subject<Rational>(Subject<Rational>::Derivation::tape));
}

Catch search(const Hunt& hunt) {
  constexpr std::size_t shrink_budget = 2000;
  Catch result;
  const Generator generator(hunt.space.variables, hunt.space.whole_numbers, hunt.seed);
  const auto admits = [&](Case& candidate) {
    return fits(candidate, hunt.numbers) && impose(hunt.imposed, candidate) &&
           (!hunt.space.within || hunt.space.within(candidate));
  };
  const auto hit = [&](const Case& instance) {
    const Truth answer = evaluate(hunt.predicate, instance, hunt.numbers, hunt.planted);
    result.set_aside += answer == Truth::unknown;
    return answer == hunt.wanted;
  };
  const auto shrunk = [&](const Case& caught) {
    const auto still = [&](Case candidate) {
      return admits(candidate) &&
             evaluate(hunt.predicate, candidate, hunt.numbers, hunt.planted) == hunt.wanted;
    };
    Shrunk best = generator.shrink(caught, still, shrink_budget);
    result.shrinks = best.tried;
    impose(hunt.imposed, best.smallest);
    return best.smallest;
  };
  for (const Case& pinned : hunt.pinned) {
    Case candidate = pinned;
    if (!admits(candidate)) continue;
    ++result.cases;
    if (!hit(candidate)) continue;
    result.found = candidate;  // the author's own: as small as the author wants it
    return result;
  }
  constexpr std::size_t draws_for_one = 8;  // where the domain or an assumption refuses draws
  std::size_t drawn = 0;
  const auto start = std::chrono::steady_clock::now();
  const auto is_late = [&] {
    return hunt.seconds > 0 &&
           std::chrono::steady_clock::now() - start > std::chrono::duration<double>(hunt.seconds);
  };
  for (std::size_t index = 0;
       drawn < hunt.cases && index < draws_for_one * hunt.cases && (drawn == 0 || !is_late()); ++index) {
    Case candidate = generator.draw(index);
    if (!admits(candidate)) {
      ++result.given_up;
      continue;
    }
    ++drawn;
    ++result.cases;
    if (!hit(candidate)) continue;
    result.found = shrunk(candidate);
    return result;
  }
  return result;
}

Case first_failure(const Predicate& predicate, const Case& failing, const std::string& scalar,
                   Numbers numbers) {
  Case candidate = failing;
  double& number = std::get<oracles::Tensor<double>>(candidate.inputs.at(scalar))[0];
  const double sign = std::signbit(number) ? -1 : 1;
  // The bit patterns of positive doubles are ordered as their values are.
  auto low = std::uint64_t{0}, high = std::bit_cast<std::uint64_t>(std::abs(number));
  while (high - low > 1) {
    const std::uint64_t middle = low + (high - low) / 2;
    number = sign * std::bit_cast<double>(middle);
    (evaluate(predicate, candidate, numbers) == Truth::no ? high : low) = middle;
  }
  number = sign * std::bit_cast<double>(high);
  return candidate;
}

}  // namespace assay::properties
