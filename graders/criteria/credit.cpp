#include "graders/criteria/credit.hpp"

namespace assay::graders {

using Rule = fixtures::Credit::Rule;

Points credit(const PreparedCriterion& criterion, std::size_t accepted, std::size_t judged) {
  if (judged == 0) return Points(0);
  if (accepted == judged) return criterion.points;
  Points share(accepted, judged);
  share.canonicalize();
  const fixtures::Credit& credit = criterion.spec->credit;
  if (credit.rule == Rule::share) return criterion.points * share;
  Points earned(0);
  for (const auto& tier : credit.tiers)
    if (share >= parse_points(tier.share)) earned = parse_points(tier.points);
  return earned;
}

bool has_partial_credit(const PreparedCriterion& criterion) {
  return criterion.spec->credit.rule != Rule::all;
}

}  // namespace assay::graders
