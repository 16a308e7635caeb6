#include "graders/results_parts.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

namespace assay::graders {
namespace {

using nlohmann::json;

json losses_json(const std::vector<double>& losses) {
  json values = json::array();
  for (const double loss : losses)
    values.push_back(std::isfinite(loss) ? json(std::stod(fmt::format("{:.6g}", loss))) : json(nullptr));
  return values;
}

}  // namespace

json error_map_json(const ErrorMap& map) {
  return {{"case", map.case_number},       {"result", map.result}, {"shape", map.shape}, {"slice", map.slice},
          {"from", {map.row, map.column}}, {"cells", map.cells},   {"wrong", map.wrong}};
}

json loss_curve_json(const LossCurve& curve) {
  json result{{"case", curve.case_number},
              {"loss", curve.loss},
              {"steps", curve.steps},
              {"got", losses_json(curve.got)},
              {"recomputed", curve.recomputed}};
  if (!curve.exact.empty()) result["exact"] = losses_json(curve.exact);
  if (!curve.target.empty()) result["target"] = curve.target;
  return result;
}

json points_json(const Points& points) {
  return {{"exact", exact_text(points)}, {"decimal", points.get_d()}};
}

json prices_json(const SubmissionResult& result) {
  json prices = json::array();
  for (const Charge& charge : result.charges) {
    json criteria = json::array();
    for (const Charge::Share& share : charge.shares)
      criteria.push_back({{"id", share.criterion},
                          {"lost", points_json(share.lost)},
                          {"charged", points_json(share.charged)}});
    prices.push_back({{"id", charge.id},
                      {"sentence", charge.sentence},
                      {"penalty", points_json(charge.penalty)},
                      {"criteria", criteria}});
  }
  return prices;
}

json unpriced_json(const SubmissionResult& result) {
  json unpriced = json::array();
  for (const Uncharged& one : result.uncharged)
    unpriced.push_back({{"id", one.id}, {"criterion", one.criterion}, {"reason", one.reason}});
  return unpriced;
}

}  // namespace assay::graders
