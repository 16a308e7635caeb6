/// Small papers, written to a folder and loaded like any other.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "fixtures/exam.hpp"
#include "graders/exams/key.hpp"

namespace assay::testing {

class ExamPackTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "assay-exam-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder); }

  /// One section "s" of cells, the networks that tests use, and then `text`.
  fixtures::Exam load(const std::string& text, const std::string& head = {}) const {
    std::ofstream(folder / "exam.toml") << "id = \"small\"\ntitle = \"A small paper\"\n" + head + R"(
[networks]
main = "INPUT 3x32x32, CONV3-8, CONV3-16, POOL2, CONV3-32, CONV3-32, POOL2, FC-256, FC-10"
gray = "INPUT 32x32x1 HWC, CONV5-10, POOL2, CONV5-10, POOL2, FC-10"

[[section]]
id = "s"
title = "All"
scheme = { kind = "cells" }

)" + text;
    return fixtures::load_exam(folder);
  }

  /// One item whose id is `id` and whose further lines are `lines`.
  static std::string item(const std::string& id, const std::string& lines) {
    return "[[item]]\nid = \"" + id +
           "\"\nsection = \"s\"\nkind = \"numeric\"\ntext = \"?\"\npoints = \"1\"\n" + lines + "\n";
  }

  graders::exams::DerivedKeys keys_of(const fixtures::Exam& exam) const {
    return graders::exams::derive_keys(exam, 1, 2, {});
  }
  /// The key of the only item, in words, or its problem.
  std::string key_text(const std::string& lines) const {
    const auto keys = keys_of(load(item("a", lines)));
    const auto& key = keys.keys.at(0);
    return key.problem.empty() ? key.text : "problem: " + key.problem;
  }

  std::filesystem::path folder;
};

}  // namespace assay::testing
