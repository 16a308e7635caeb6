/// Instances of claims: as files that can be replayed, and what became of them.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>
#include <vector>

#include "fixtures/written_instance.hpp"
#include "properties/replay.hpp"
#include "properties/verify_all.hpp"

namespace assay::graders::report {

/// The files of one finding, name and text: "ID.toml" of its counterexample or witness, in `subject`, and
/// "ID.float64.toml" of a failure in that format. None where there is no instance.
std::vector<std::pair<std::string, std::string>> instance_files(const properties::Finding& finding,
                                                                const std::string& subject);

/// One file that was replayed.
struct Replayed {
  std::filesystem::path file;
  const properties::Claim* claim = nullptr;
  fixtures::SavedInstance saved;
  properties::Exhibit exhibit;
  std::vector<std::pair<std::string, properties::Replay>> outcomes;  ///< by subject; the file's own first

  /// The instance still does what the file says, in its own subject.
  bool reproduced() const;
};

std::string replay_text(const Replayed& replayed, std::size_t width = 80);
nlohmann::json replay_json(const Replayed& replayed);

}  // namespace assay::graders::report
