/// Examples of the documentation, run as they stand: lines "    $ COMMAND", what they print below them, and
/// files.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>

#include "tests/graders/command_line.hpp"

namespace assay::testing {

class DocumentedTest : public CommandLineTest {
 protected:
  void SetUp() override {
    CommandLineTest::SetUp();
    fs::create_directories(folder / "bin");
    fs::create_symlink(program, folder / "bin/assay");
  }

  /// Standard output of a shell command in which `assay` is the program.
  std::string shell(const std::string& command) const {
    const std::string whole = "cd " + folder.string() + " && export NO_COLOR=1 PATH=" + folder.string() +
                              "/bin:$PATH && (" + command + ") >out.txt 2>err.txt";
    const int status = std::system(whole.c_str());
    EXPECT_EQ(status, 0) << command << "\n" << read_file(folder / "err.txt");
    return read_file(folder / "out.txt");
  }

  /// Machines differ in what isolates their boxes.
  static std::string on_any_machine(const std::string& text) {
    return std::regex_replace(text, std::regex("sandbox S[0-4]"), "sandbox S4");
  }

  /// Runs every command of a page and compares; returns how many there were. Blocks after "Append to `FILE`:"
  /// and "Write `FILE`:" are files.
  int follow(const std::string& page) const {
    static const std::regex file(R"((Append to|Write) `([^`]+)`:)");
    std::istringstream lines(read_file(source / page));
    int commands = 0;
    std::string line;
    for (bool more = static_cast<bool>(std::getline(lines, line)); more;) {
      std::smatch match;
      if (line.starts_with("    $ ")) {
        ++commands;
        more = follow_command(line.substr(6), lines, line);
        continue;
      }
      if (std::regex_match(line, match, file)) copy_block(lines, match[2], match[1] == "Write");
      more = static_cast<bool>(std::getline(lines, line));
    }
    return commands;
  }

 private:
  /// Leaves the line behind the output in `line`; false at the end of the page.
  bool follow_command(const std::string& command, std::istream& lines, std::string& line) const {
    std::string shown;
    bool more = false;
    while ((more = static_cast<bool>(std::getline(lines, line)))) {
      if (!line.empty() && (!line.starts_with("    ") || line.starts_with("    $ "))) break;
      shown += line.empty() ? "\n" : line.substr(4) + "\n";
    }
    std::string printed = on_any_machine(shell(command));
    for (std::string* text : {&shown, &printed})
      while (text->ends_with("\n")) text->pop_back();
    EXPECT_EQ(printed, shown) << command;
    return more;
  }

  void copy_block(std::istream& lines, const std::string& path, bool anew) const {
    std::string line, text;
    while (std::getline(lines, line) && !line.starts_with("```")) {
    }
    while (std::getline(lines, line) && line != "```") text += line + "\n";
    std::ofstream(folder / path, anew ? std::ios::trunc : std::ios::app) << text;
  }
};

}  // namespace assay::testing
