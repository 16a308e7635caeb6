/// Runs the program as a person does, in a folder of its own.
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace assay::testing {

namespace fs = std::filesystem;

inline const fs::path source = ASSAY_SOURCE_DIR;
inline const std::string program = std::string(ASSAY_BINARY_DIR) + "/bin/assay";

inline std::string read_file(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

inline void write_file(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

struct Outcome {
  int code = -1;
  std::string out, err;
};

class CommandLineTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "assay-cli-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder = name;
    fs::permissions(folder, fs::perms::owner_all | fs::perms::others_exec | fs::perms::others_read);
  }
  void TearDown() override { fs::remove_all(folder); }

  Outcome run(const std::string& arguments) const {
    const std::string command =
        "cd " + folder.string() + " && NO_COLOR=1 " + program + " " + arguments + " >out.txt 2>err.txt";
    const int status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), read_file(folder / "out.txt"),
            read_file(folder / "err.txt")};
  }

  /// The same with text on standard input.
  Outcome run_with(const std::string& input, const std::string& arguments) const {
    write_file(folder / "in.txt", input);
    return run(arguments + " <in.txt");
  }

  fs::path folder;
};

}  // namespace assay::testing
