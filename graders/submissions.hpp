/// From paths on the command line to work for the pipeline.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "fixtures/assignment.hpp"
#include "graders/grade.hpp"
#include "graders/results.hpp"

namespace assay::graders {

struct TakenIn {
  Work work;
  std::string digest;
  std::vector<HandedIn> files;
  std::vector<std::string> notes;
};

/// Takes in submissions (files, folders, archives; a folder of those is a class), sorted by id.
std::vector<TakenIn> take_in_work(const std::vector<std::filesystem::path>& paths,
                                  const fixtures::Assignment& assignment);

/// A digest of everything of the assignment that decides a grade: assignment.toml, given headers, driver.
std::string assignment_digest(const fixtures::Assignment& assignment);

}  // namespace assay::graders
