/// `not-mutating`: inputs come back as they went in, and a call's answer depends on nothing but its inputs:
/// neither on an earlier call, nor on the order, nor on memory that was never written.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "graders/criteria/call.hpp"
#include "graders/criteria/single.hpp"

namespace assay::graders {
namespace {

/// Bit by bit: NaN equals itself.
bool same(const oracles::Value& a, const oracles::Value& b) {
  return std::visit(
      [&](const auto& left) {
        const auto* const right = std::get_if<std::remove_cvref_t<decltype(left)>>(&b);
        return right && left.shape == right->shape &&
               std::memcmp(left.data.data(), right->data.data(), left.size() * sizeof left.data[0]) == 0;
      },
      a);
}

/// The first value that differs; empty if none does.
std::string difference(const PreparedFunction& function, const Reply& a, const Reply& b) {
  for (std::size_t i = 0; i < function.replies.size(); ++i)
    if (!same(a.values[i], b.values[i])) return function.replies[i];
  return "";
}

oracles::Tensor<double> as_sent(const oracles::Value& value) {
  return std::visit(
      [](const auto& tensor) {
        oracles::Tensor<double> numbers(tensor.shape);
        std::ranges::transform(tensor.data, numbers.data.begin(),
                               [](auto x) { return static_cast<double>(x); });
        return numbers;
      },
      value);
}

/// The first input that did not come back as it went in; empty if none.
std::string changed_input(const PreparedFunction& function, const properties::Case& one, const Reply& reply) {
  for (const std::string& input : function.spec->by_reference)
    if (!same(as_sent(one.inputs.at(input)), value_of(function, reply, input))) return input;
  return "";
}

/// One criterion on one submission.
class Repetition {
 public:
  Repetition(const Subject& subject, const CaseGroup& group)
      : subject_(subject), group_(group), function_(*group.function) {
    result_.total = group.cases.size();
  }

  CriterionResult run() {
    if (!in_order() || !backwards()) return std::move(result_);
    result_.accepted = result_.total;
    result_.verdict = Verdict::accepted;
    result_.message =
        fmt::format("the same answers when called again and in another order, on {} cases", result_.total);
    return std::move(result_);
  }

 private:
  /// Each case twice.
  bool in_order() {
    Session session = subject_.start();
    for (std::size_t i = 0; i < group_.cases.size(); ++i) {
      for (Reply* reply : {&first_.emplace_back(), &again_}) {
        *reply = call(session, function_, group_.cases[i], group_.expected[i]);
        if (!answered(session, i, *reply)) return false;
      }
      if (const auto input = changed_input(function_, group_.cases[i], first_.back()); !input.empty())
        return fail(i, "", fmt::format("{} changes its input {}", function_.spec->name, input));
      if (const auto which = difference(function_, first_.back(), again_); !which.empty())
        return fail(i, which,
                    fmt::format("{} differs when {} is called twice in a row with the same inputs", which,
                                function_.spec->name));
    }
    return true;
  }

  /// In a fresh process from the last case to the first, with calls of other functions between.
  bool backwards() {
    Session session = subject_.start();
    for (std::size_t i = group_.cases.size(); i-- > 0;) {
      call_another(session, i);
      const Reply reply = call(session, function_, group_.cases[i], group_.expected[i]);
      if (!answered(session, i, reply)) return false;
      if (const auto which = difference(function_, first_[i], reply); !which.empty())
        return fail(i, which,
                    fmt::format("{} differs when the cases come in another order and other functions are "
                                "called between: something is kept from one call to the next, or memory is "
                                "read that was never written",
                                which));
    }
    return true;
  }

  /// Whatever it answers; what fails there is other criteria's business.
  void call_another(Session& session, std::size_t number) {
    const auto& groups = subject_.prepared.groups;
    const auto other = std::ranges::find_if(groups, [&](const CaseGroup& candidate) {
      return candidate.function && candidate.function != &function_ && !candidate.cases.empty();
    });
    if (other == groups.end()) return;
    const std::size_t place = number % other->cases.size();
    const Reply reply = call(session, *other->function, other->cases[place], other->expected[place]);
    if (reply.kind != Reply::Kind::values && reply.kind != Reply::Kind::missing_function)
      session = subject_.start();
  }

  bool answered(Session& session, std::size_t number, const Reply& reply) {
    if (reply.kind == Reply::Kind::values) return true;
    stopped(result_, ending_of(session, function_, reply));
    result_.counterexample = example_of(group_, number, "");
    return false;
  }

  bool fail(std::size_t number, const std::string& which, std::string message) {
    result_.verdict = Verdict::wrong;
    result_.accepted = number;
    result_.message = std::move(message);
    result_.counterexample = example_of(group_, number, which);
    if (!which.empty() && std::ranges::find(function_.spec->results, which) != function_.spec->results.end())
      result_.counterexample->shape = group_.expected[number].shape(which);
    return false;
  }

  const Subject& subject_;
  const CaseGroup& group_;
  const PreparedFunction& function_;
  CriterionResult result_;
  std::vector<Reply> first_;
  Reply again_;
};

class NotMutating : public SingleJudge {
  CriterionResult grade_one(const Subject& subject, const CaseGroup& group,
                            const PreparedCriterion&) const override {
    return Repetition(subject, group).run();
  }
};

}  // namespace

std::shared_ptr<const Judge> prepare_not_mutating(const Prepared&, const CaseGroup&,
                                                  const PreparedCriterion&) {
  return std::make_shared<const NotMutating>();
}

}  // namespace assay::graders
