/// A small paper and classes on it, for the tests of marking. Its keys need no claims, so they are there at
/// once.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "fixtures/exam.hpp"
#include "graders/exams/judge.hpp"
#include "graders/exams/key.hpp"
#include "graders/exams/mark.hpp"

namespace assay::graders::exams::test {

namespace fs = std::filesystem;

inline const std::string sample_exam = R"toml(
id = "sample"
title = "Networks, a sample"
source = "made for the tests"
points = "30"

[networks]
main = "INPUT 3x32x32, CONV3-8 pad 1, POOL2, FC-10"

[[setting]]
id = "line"
[setting.inputs]
w = { shape = [], values = [-4, 4], grid = "1/4" }
x = { shape = [], values = [-4, 4], grid = "1/4" }
y = { shape = [], values = [-4, 4], grid = "1/4" }
[setting.define]
loss = "(w*x - y)^2/2"

[[section]]
id = "tf"
title = "True or false"
points = "6"
scheme = { kind = "signed", correct = "2", wrong = "-1", blank = "0" }

[[section]]
id = "mc"
title = "Multiple choice"
points = "8"
scheme = { kind = "all-or-partial", some_correct = true }

[[section]]
id = "sa"
title = "Short answers"
points = "16"
scheme = { kind = "cells" }
floor = "section"

[[item]]
id = "tf.1"
section = "tf"
kind = "claim"
answer = "true-false"
text = "Two is more than one."
key = { holds = "2 > 1" }

[[item]]
id = "tf.2"
section = "tf"
kind = "claim"
answer = "true-false"
text = "Two is more than three."
key = { holds = "2 > 3" }

[[item]]
id = "tf.3"
section = "tf"
kind = "claim"
answer = "true-false"
text = "One is one."
key = { holds = "1 = 1" }

[[question]]
id = "mc.1"
section = "mc"
text = "Which are even?"
points = "4"

[[item]]
id = "mc.1.A"
question = "mc.1"
kind = "claim"
answer = "option"
text = "2"
key = { holds = "2 = 2*1" }

[[item]]
id = "mc.1.B"
question = "mc.1"
kind = "claim"
answer = "option"
text = "3"
key = { holds = "3 = 2*1" }

[[item]]
id = "mc.1.C"
question = "mc.1"
kind = "claim"
answer = "option"
text = "5"
key = { holds = "5 = 2*2" }

[[item]]
id = "mc.1.D"
question = "mc.1"
kind = "claim"
answer = "option"
text = "4"
key = { holds = "4 = 2*2" }

[[question]]
id = "mc.2"
section = "mc"
text = "Which are odd?"
points = "4"
scheme = { kind = "per-option" }

[[item]]
id = "mc.2.A"
question = "mc.2"
kind = "claim"
answer = "option"
text = "2"
key = { holds = "2 = 2*1 + 1" }

[[item]]
id = "mc.2.B"
question = "mc.2"
kind = "claim"
answer = "option"
text = "3"
key = { holds = "3 = 2*1 + 1" }

[[question]]
id = "sa.1"
section = "sa"
text = "The first layers of the network."
points = "6"
charge_once = ["missing-channels"]

[[item]]
id = "sa.1.shape"
question = "sa.1"
kind = "shape"
answer = "shape"
text = "Shape after the convolution?"
points = "1"
key = { network = "main", layer = "CONV3-8", value = "shape" }

[[item]]
id = "sa.1.parameters"
question = "sa.1"
kind = "params"
answer = "number"
text = "How many parameters has it?"
points = "2"
key = { network = "main", layer = "CONV3-8", value = "parameters" }
mistakes = [{ id = "missing-channels", text = "The three input channels are missing.", answer = "8*3*3 + 8" }]

[[item]]
id = "sa.1.double"
question = "sa.1"
kind = "numeric"
answer = "number"
text = "How many numbers are that in two copies?"
points = "3"
key = { count = "2*before", where = { before = { item = "sa.1.parameters" } } }

[[item]]
id = "sa.2"
section = "sa"
kind = "formula"
answer = "formula"
text = "The derivative of the loss by w."
points = "4"
key = { formula = "diff(loss, w)", setting = "line" }
mistakes = [{ id = "no-inner", text = "The inner derivative is missing.", answer = "w*x - y", credit = "1/2" }]

[[item]]
id = "sa.3"
section = "sa"
kind = "essay"
answer = "text"
text = "Why do we do this?"
points = "4"
key = { rubric = [{ id = "memory", text = "says memory", points = "3" }, { id = "time", text = "says time", points = "2" }, { id = "wrong-reason", text = "gives a wrong reason", points = "-1" }], why = "free text" }

[[item]]
id = "sa.4"
section = "sa"
kind = "numeric"
answer = "number"
text = "A question that was broken."
points = "1"
voided = "it was printed twice"
key = { count = "1" }

[[item]]
id = "sa.5"
section = "sa"
kind = "numeric"
answer = "number"
text = "A figure that is gone."
points = "1"
lost = "the figure"
)toml";

/// A folder that is gone when the test is over.
struct Folder {
  Folder() {
    std::string name = (fs::temp_directory_path() / "assay-mark-XXXXXX").string();
    if (!mkdtemp(name.data())) throw std::runtime_error("no folder for the test");
    path = name;
  }
  ~Folder() { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  fs::path write(const std::string& name, const std::string& text) const {
    std::ofstream(path / name, std::ios::binary) << text;
    return path / name;
  }
  fs::path path;
};

/// The paper, ready to mark.
struct Paper {
  explicit Paper(const std::string& toml = sample_exam)
      : exam(fixtures::load_exam(folder.write("exam.toml", toml))),
        keys(derive_keys(exam, 1, 1, {})),
        judge(exam, keys, 1),
        marker(exam, keys, judge) {}

  using Cells = std::map<std::string, std::string>;
  fixtures::Sheet sheet(const Cells& answers, const std::string& id = "s1") const {
    fixtures::Sheet one;
    one.id = id;
    for (const auto& [where, text] : answers) one.answers[where] = {text, {}};
    return one;
  }
  MarkedSheet mark(const Cells& answers) const { return marker(sheet(answers)); }

  Folder folder;
  fixtures::Exam exam;
  DerivedKeys keys;
  Judge judge;
  Marker marker;
};

inline const ItemMark& item(const MarkedSheet& sheet, const std::string& id) {
  for (const ItemMark& mark : sheet.items)
    if (mark.item == id) return mark;
  throw std::out_of_range(id);
}

inline const QuestionMark& question(const MarkedSheet& sheet, const std::string& id) {
  for (const QuestionMark& mark : sheet.questions)
    if (mark.id == id) return mark;
  throw std::out_of_range(id);
}

/// Everything right, but for what a person must mark.
inline const Paper::Cells all_right{{"tf.1", "T"},
                                    {"tf.2", "F"},
                                    {"tf.3", "true"},
                                    {"mc.1", "A, D"},
                                    {"mc.2", "B"},
                                    {"sa.1.shape", "8x32x32"},
                                    {"sa.1.parameters", "8*3*3*3 + 8"},
                                    {"sa.1.double", "448"},
                                    {"sa.2", "x*(w*x - y)"},
                                    {"sa.3", "To save memory."}};

}  // namespace assay::graders::exams::test
