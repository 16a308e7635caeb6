/// A new assignment, composed of starters: what `assay init` writes.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "fixtures/starter.hpp"

namespace assay::graders {

/// The files of an assignment, by path below its folder: assignment.toml, header, driver, reference, empty
/// start, README, and a class of known-wrong submissions, one for each mistake. `id` is its folder's name;
/// there is at least one starter.
std::map<std::string, std::string> starter_files(const std::string& id,
                                                 const std::vector<const fixtures::Starter*>& chosen,
                                                 const fixtures::Starters& starters);

}  // namespace assay::graders
