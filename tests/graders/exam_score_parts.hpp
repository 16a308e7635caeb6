/// Judged parts and rules of questions, made by hand.
#pragma once

#include <string>

#include "graders/exams/score.hpp"

namespace assay::graders::exams {

using Kind = fixtures::Scheme::Kind;
using fixtures::Scheme;

inline Judgement judged(Outcome outcome, const Points& credit = 0, const std::string& mistake = "") {
  Judgement judgement;
  judgement.outcome = outcome;
  judgement.credit = outcome == Outcome::right || outcome == Outcome::followed ? Points(1) : credit;
  judgement.mistake = mistake;
  return judgement;
}

inline Part part(Outcome outcome, const Points& worth = 1, const std::string& mistake = "",
                 const Points& credit = 0) {
  Part result;
  result.label = "x";
  result.judgement = judged(outcome, credit, mistake);
  result.worth = worth;
  return result;
}

inline QuestionRules rules(Scheme scheme, const Points& worth = 0) {
  QuestionRules result;
  result.rules = read_rules(scheme);
  result.worth = worth;
  return result;
}

inline Scheme of_kind(Kind kind) {
  Scheme scheme;
  scheme.kind = kind;
  return scheme;
}

}  // namespace assay::graders::exams
