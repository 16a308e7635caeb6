#include "graders/repetition.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "graders/criteria/call.hpp"
#include "graders/sandbox/interrupt.hpp"

namespace assay::graders {
namespace {

using Cause = Nondeterminism::Cause;

/// Processes that may die in one pass; each takes a new box.
constexpr std::size_t most_deaths = 3;

/// One call of a pass.
struct Place {
  const CaseGroup* group;
  std::size_t number;
};

/// The calls of all criteria that have a function, in the assignment's order.
std::vector<Place> places_of(const Prepared& prepared) {
  std::vector<Place> places;
  for (const CaseGroup& group : prepared.groups)
    if (group.function)
      for (std::size_t i = 0; i < group.expected.size(); ++i) places.push_back({&group, i});
  return places;
}

template <class T>
void append(std::string& bytes, const T* from, std::size_t count) {
  bytes.append(reinterpret_cast<const char*>(from), count * sizeof(T));
}

std::size_t digest(const Reply& reply) {
  std::string bytes;
  for (const oracles::Value& value : reply.values)
    std::visit(
        [&](const auto& tensor) {
          append(bytes, tensor.shape.data(), tensor.shape.size());
          append(bytes, tensor.data.data(), tensor.size());
        },
        value);
  return std::hash<std::string_view>{}(bytes);
}

/// What came back for each place; nothing where it cannot be compared.
using Answers = std::vector<std::optional<std::size_t>>;

/// True where the way in which a program ended is its own doing, and not a matter of time or room.
bool is_its_own(Verdict verdict) {
  return verdict == Verdict::crashed || verdict == Verdict::forbidden_call ||
         verdict == Verdict::protocol_error || verdict == Verdict::missing_function;
}

Answers answers_of(const Subject& subject, const std::vector<Place>& places) {
  Answers answers(places.size());
  std::optional<Session> session;
  std::size_t deaths = 0;
  for (std::size_t i = 0; i < places.size() && !interrupted(); ++i) {
    const std::size_t at = subject.backwards ? places.size() - 1 - i : i;
    const auto& [group, number] = places[at];
    if (!session) session.emplace(subject.start());
    const Reply reply = call(*session, *group->function, group->cases[number], group->expected[number]);
    if (reply.kind == Reply::Kind::values) {
      answers[at] = digest(reply);
    } else {
      const Verdict end = ending_of(*session, *group->function, reply).verdict;
      if (is_its_own(end)) answers[at] = static_cast<std::size_t>(end);
      if (end == Verdict::missing_function) continue;
      if (!is_its_own(end) || ++deaths > most_deaths) break;
      session.reset();
    }
    if (session && !session->is_young()) break;
  }
  return answers;
}

/// The first place at which both answered, and differently.
std::optional<std::size_t> difference(const Answers& a, const Answers& b) {
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i] && b[i] && *a[i] != *b[i]) return i;
  return std::nullopt;
}

std::string sentence(Cause cause, const std::string& function) {
  switch (cause) {
    case Cause::run:
      return fmt::format(
          "{} answers differently in each run: a random number, the time or an address decides", function);
    case Cause::memory:
      return fmt::format(
          "{} answers differently when unused memory holds other values: memory is read that was never "
          "written",
          function);
    case Cause::order:
      break;
  }
  return fmt::format(
      "{} answers differently when calls come in another order: something is kept from one call to the next",
      function);
}

}  // namespace

const char* word(Cause cause) {
  return cause == Cause::run ? "run" : cause == Cause::memory ? "memory" : "order";
}

const std::vector<std::string>& disturbed_memory() {
  // The cache of small blocks would give memory back as it was. The last one moves the stack.
  static const std::vector<std::string> variables{
      "GLIBC_TUNABLES=glibc.malloc.tcache_count=0:glibc.malloc.perturb=191", "ASSAY_FILL_STACK=64",
      "ASSAY_PADDING=" + std::string(1999, 'x')};
  return variables;
}

std::optional<Nondeterminism> find_nondeterminism(const Subject& subject) {
  const auto places = places_of(subject.prepared);
  const auto run = [&](bool disturbed, bool backwards) {
    Subject changed = subject;
    if (disturbed) changed.environment = disturbed_memory();
    changed.backwards = backwards;
    return answers_of(changed, places);
  };
  const Answers plain = run(false, false);
  const auto differs = difference(plain, run(true, true));
  if (!differs) return std::nullopt;
  Cause cause = Cause::order;
  auto at = difference(plain, run(false, false));
  if (at) {
    cause = Cause::run;
  } else if ((at = difference(plain, run(true, false)))) {
    cause = Cause::memory;
  }
  const std::string& function = places[at.value_or(*differs)].group->function->spec->name;
  return Nondeterminism{cause, sentence(cause, function), std::nullopt};
}

SubmissionResult which_counts(const Subject& subject, Nondeterminism found, SubmissionResult first,
                              const std::function<SubmissionResult(const Subject&)>& grade) {
  Subject again = subject;
  again.folder_name += "-second";
  again.environment = disturbed_memory();
  again.backwards = found.cause == Cause::order;
  SubmissionResult second = grade(again);
  const bool lower = first.score && second.score && *second.score < *first.score;
  const bool swap = lower && subject.prepared.assignment.lower_counts;
  SubmissionResult result = std::move(swap ? second : first);
  found.other = swap ? first.score : second.score;
  if (found.other != result.score)
    found.sentence += subject.prepared.assignment.lower_counts ? "; graded twice, the lower score counts"
                                                               : "; graded twice, the first score counts";
  result.nondeterminism = std::move(found);
  return result;
}

}  // namespace assay::graders
