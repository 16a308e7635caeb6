#include "graders/intake/intake.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "graders/intake/sha256.hpp"
#include "tests/graders/sandbox/boxes.hpp"

namespace assay::graders {
namespace {

namespace fs = std::filesystem;
using testing::Scratch;

const std::vector<std::string> expected{"classifier.cpp"};
const std::vector<std::string> given{"classifier.hpp"};

void write(const fs::path& path, const std::string& bytes = "int x;\n") {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << bytes;
}

struct Entry {
  std::string path, bytes = "int x;\n";
  mode_t kind = AE_IFREG;
  std::string link{};
};

/// Writes an archive with whatever is asked, sensible or not.
void pack(const fs::path& path, const std::vector<Entry>& entries, const char* options = nullptr) {
  archive* writer = archive_write_new();
  if (path.extension() == ".zip")
    archive_write_set_format_zip(writer);
  else {
    archive_write_set_format_pax_restricted(writer);
    archive_write_add_filter_gzip(writer);
  }
  if (options != nullptr && archive_write_set_options(writer, options) == ARCHIVE_OK)
    archive_write_set_passphrase(writer, "secret");
  ASSERT_EQ(archive_write_open_filename(writer, path.c_str()), ARCHIVE_OK);
  for (const Entry& e : entries) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, e.path.c_str());
    archive_entry_set_filetype(entry, e.kind);
    archive_entry_set_perm(entry, 0644);
    const bool plain = e.kind == AE_IFREG && e.link.empty();
    archive_entry_set_size(entry, plain ? static_cast<la_int64_t>(e.bytes.size()) : 0);
    if (e.kind == AE_IFLNK)
      archive_entry_set_symlink(entry, e.link.c_str());
    else if (!e.link.empty())
      archive_entry_set_hardlink(entry, e.link.c_str());
    archive_write_header(writer, entry);
    if (plain) archive_write_data(writer, e.bytes.data(), e.bytes.size());
    archive_entry_free(entry);
  }
  archive_write_close(writer);
  archive_write_free(writer);
}

Submission one(const fs::path& path) {
  const std::vector<Submission> batch = take_in({path}, expected, given);
  EXPECT_EQ(batch.size(), 1u);
  return batch.empty() ? Submission{} : batch.front();
}

Submission packed(const char* name, const std::vector<Entry>& entries, const char* options = nullptr) {
  Scratch scratch;
  pack(scratch.path() / name, entries, options);
  return one(scratch.path() / name);
}

/// Bytes that no archiver can shrink.
std::string random_text(std::size_t size) {
  std::string text(size, '\0');
  std::uint32_t state = 1;
  for (char& c : text) c = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  return text;
}

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Sha256, AgreesWithThePublishedVectors) {
  EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Intake, TakesASingleFileForTheExpectedOne) {
  Scratch scratch;
  write(scratch.path() / "my solution.cpp", "int answer;");
  const Submission s = one(scratch.path() / "my solution.cpp");
  EXPECT_EQ(s.id, "my_solution");
  EXPECT_EQ(s.problem, "");
  ASSERT_EQ(s.files.size(), 1u);
  EXPECT_EQ(s.files[0].safe_name, "classifier.cpp");
  EXPECT_EQ(s.files[0].bytes, "int answer;");
  EXPECT_EQ(s.notes.size(), 1u);
}

TEST(Intake, ReadsAFolderAndLeavesGivenHeadersOut) {
  Scratch scratch;
  write(scratch.path() / "alice/classifier.cpp");
  write(scratch.path() / "alice/classifier.hpp", "#define CHEAT");
  write(scratch.path() / "alice/layers.hpp");
  write(scratch.path() / "alice/report.pdf");
  write(scratch.path() / "alice/.git/config");
  const Submission s = one(scratch.path() / "alice");
  EXPECT_EQ(s.problem, "");
  ASSERT_EQ(s.files.size(), 2u);
  EXPECT_EQ(s.files[0].safe_name, "classifier.cpp");
  EXPECT_EQ(s.files[1].safe_name, "layers.hpp");
  ASSERT_EQ(s.notes.size(), 2u) << "the given header and the PDF, not what is hidden";
}

TEST(Intake, ReadsAClassInAStableOrderWithUniqueIds) {
  Scratch scratch;
  const fs::path all = scratch.path() / "class";
  write(all / "bob/classifier.cpp");
  write(all / "Alice/classifier.cpp");
  write(all / ".hidden/classifier.cpp");
  write(all / "roster.csv");
  write(all / "dora.rar");
  pack(all / "bob.zip", {{"classifier.cpp"}});
  pack(all / "carol.tar.gz", {{"classifier.cpp"}});
  const std::vector<Submission> batch = take_in({all}, expected, given);
  std::vector<std::string> ids;
  for (const Submission& s : batch) ids.push_back(s.id);
  EXPECT_EQ(ids, (std::vector<std::string>{"Alice", "bob", "bob-2", "carol", "dora"}));
  EXPECT_EQ(batch[0].digest, batch[1].digest) << "the same content has the same digest";
  EXPECT_TRUE(mentions(batch[4].problem, "neither")) << batch[4].problem;
}

TEST(Intake, TakesAFolderOfLooseFilesForAClass) {
  Scratch scratch;
  const fs::path all = scratch.path() / "class";
  write(all / "ada.cpp");
  write(all / "ben.cpp");
  const std::vector<Submission> batch = take_in({all}, expected, given);
  ASSERT_EQ(batch.size(), 2u);
  EXPECT_EQ(batch[0].id, "ada");
  EXPECT_EQ(batch[1].files[0].safe_name, "classifier.cpp");
  write(all / "classifier.cpp");
  EXPECT_EQ(take_in({all}, expected, given).size(), 1u)
      << "one student's folder, helpers beside the expected file";
}

TEST(Intake, NamesWhatIsMissing) {
  Scratch scratch;
  write(scratch.path() / "eve/main.cc");
  EXPECT_EQ(one(scratch.path() / "eve").problem, "no file classifier.cpp: what was handed in holds main.cc");
  EXPECT_EQ(packed("a.zip", {{"readme.txt"}}).problem, "no file classifier.cpp: there is no C++ file at all");
  EXPECT_THROW(take_in({scratch.path() / "nobody"}, expected, given), std::runtime_error);
}

TEST(Intake, LooksThroughWrapperFoldersAndJunk) {
  for (const char* name : {"hw.zip", "hw.tar.gz"}) {
    const Submission s = packed(name, {{"hw1/src/classifier.cpp"},
                                       {"hw1/src/net.hpp"},
                                       {"__MACOSX/hw1/src/._classifier.cpp"},
                                       {"hw1/.DS_Store"},
                                       {"hw1/notes.txt"}});
    EXPECT_EQ(s.problem, "") << name;
    ASSERT_EQ(s.files.size(), 2u);
    EXPECT_EQ(s.files[0].safe_name, "classifier.cpp");
    EXPECT_EQ(s.files[1].safe_name, "net.hpp");
  }
}

TEST(Intake, GivesHostileNamesHarmlessOnes) {
  const Submission s = packed("x.tar.gz", {{"classifier.cpp"},
                                           {"-fplugin=evil.cpp"},
                                           {"a\nb.cpp"},
                                           {"\x1b[31m.hpp"},
                                           {"@response.cpp"},
                                           {"sub/classifier.cpp"}});
  EXPECT_EQ(s.problem, "");
  ASSERT_EQ(s.files.size(), 6u);
  for (const SubmissionFile& file : s.files) {
    EXPECT_TRUE(file.safe_name == "classifier.cpp" || file.safe_name.starts_with("s0")) << file.safe_name;
    EXPECT_EQ(file.name.find_first_of("\n\x1b"), std::string::npos);
  }
}

TEST(Intake, RefusesToLeaveTheSubmission) {
  EXPECT_TRUE(mentions(packed("a.tar.gz", {{"../classifier.cpp"}}).problem, "outside"));
  EXPECT_TRUE(mentions(packed("a.tar.gz", {{"/etc/classifier.cpp"}}).problem, "outside"));
  EXPECT_TRUE(mentions(packed("a.zip", {{"x/../../classifier.cpp"}}).problem, "outside"));
  EXPECT_TRUE(mentions(packed("a.zip", {{"..\\classifier.cpp"}}).problem, "outside"));
}

TEST(Intake, RefusesLinksAndDevices) {
  EXPECT_TRUE(
      mentions(packed("a.tar.gz", {{"classifier.cpp", "", AE_IFLNK, "/etc/passwd"}}).problem, "link"));
  EXPECT_TRUE(mentions(packed("a.zip", {{"classifier.cpp", "", AE_IFLNK, "/etc/passwd"}}).problem, "link"));
  EXPECT_TRUE(
      mentions(packed("a.tar.gz", {{"a.cpp"}, {"classifier.cpp", "", AE_IFREG, "a.cpp"}}).problem, "link"));
  EXPECT_TRUE(mentions(packed("a.tar.gz", {{"classifier.cpp", "", AE_IFIFO}}).problem, "regular"));
  Scratch scratch;
  write(scratch.path() / "secret.txt", "secret");
  const fs::path folder = scratch.path() / "mallory";
  fs::create_directory(folder);
  fs::create_symlink("../secret.txt", folder / "classifier.cpp");
  EXPECT_TRUE(mentions(one(folder).problem, "symbolic link"));
  fs::remove(folder / "classifier.cpp");
  fs::create_hard_link(scratch.path() / "secret.txt", folder / "classifier.cpp");
  EXPECT_TRUE(mentions(one(folder).problem, "hard link"));
  fs::remove(folder / "classifier.cpp");
  ASSERT_EQ(::mkfifo((folder / "classifier.cpp").c_str(), 0600), 0);
  EXPECT_TRUE(mentions(one(folder).problem, "no regular file")) << "and it did not wait for a writer";
}

TEST(Intake, RefusesALinkedFolderInAClass) {
  Scratch scratch;
  write(scratch.path() / "private/classifier.cpp");
  fs::create_directory(scratch.path() / "class");
  fs::create_directory_symlink(scratch.path() / "private", scratch.path() / "class/mallory");
  EXPECT_TRUE(mentions(one(scratch.path() / "class").problem, "symbolic link"));
}

TEST(Intake, RefusesDuplicatesWhateverTheCase) {
  EXPECT_TRUE(
      mentions(packed("a.tar.gz", {{"classifier.cpp"}, {"classifier.cpp", "int y;"}}).problem, "twice"));
  EXPECT_TRUE(mentions(packed("a.zip", {{"classifier.cpp"}, {"Classifier.cpp"}}).problem, "only in case"));
}

TEST(Intake, HoldsItsCaps) {
  const std::string noise = random_text(1 << 20);
  EXPECT_TRUE(mentions(packed("a.tar.gz", {{"classifier.cpp", noise + "x"}}).problem, "larger than 1 MiB"));
  std::vector<Entry> many{{"classifier.cpp"}};
  for (int i = 0; i < 200; ++i) many.push_back({"f" + std::to_string(i) + ".cpp"});
  EXPECT_TRUE(mentions(packed("a.zip", many).problem, "more than 200"));
  std::vector<Entry> heavy{{"classifier.cpp"}};
  for (int i = 0; i < 9; ++i) heavy.push_back({"h" + std::to_string(i) + ".cpp", noise});
  EXPECT_TRUE(mentions(packed("a.zip", heavy).problem, "8 MiB"));
  EXPECT_TRUE(mentions(packed("a.zip", {{"a/b/c/d/e/f/g/h/classifier.cpp"}}).problem, "deeper"));
  EXPECT_TRUE(
      mentions(packed("a.zip", {{"classifier.cpp"}, {std::string(200, 'n') + ".cpp"}}).problem, "longer"));
}

TEST(Intake, RefusesBombsEvenInFilesItLeavesOut) {
  const Submission s = packed("bomb.zip", {{"classifier.cpp"}, {"zeros.bin", std::string(60 << 20, '\0')}});
  EXPECT_TRUE(mentions(s.problem, "bomb")) << s.problem;
  EXPECT_TRUE(s.files.empty());
}

TEST(Intake, NamesEncryptedAndDamagedArchives) {
  const Submission locked = packed("a.zip", {{"classifier.cpp"}}, "zip:encryption=zipcrypt");
  EXPECT_TRUE(mentions(locked.problem, "encrypted")) << locked.problem;
  Scratch scratch;
  write(scratch.path() / "noise.zip", "this is no archive");
  EXPECT_TRUE(mentions(one(scratch.path() / "noise.zip").problem, "damaged"));
  write(scratch.path() / "empty.tar.gz", "");
  EXPECT_NE(one(scratch.path() / "empty.tar.gz").problem, "");
}

TEST(Intake, SurvivesArchivesCutShortAnywhere) {
  Scratch scratch;
  const fs::path whole = scratch.path() / "whole.zip";
  pack(whole, {{"classifier.cpp", std::string(300, 'x')}, {"b.hpp"}});
  std::ifstream in(whole, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(in)), {});
  for (std::size_t size = 0; size < bytes.size(); size += 7) {
    write(scratch.path() / "cut.zip", bytes.substr(0, size));
    const Submission s = one(scratch.path() / "cut.zip");
    EXPECT_TRUE(!s.problem.empty() || s.files.size() <= 2u);
  }
}

TEST(Intake, KeepsTheBatchWhenOneSubmissionIsHostile) {
  Scratch scratch;
  const fs::path all = scratch.path() / "class";
  write(all / "honest/classifier.cpp");
  pack(all / "mallory.tar.gz", {{"../../classifier.cpp"}});
  write(all / "noise.zip", "noise");
  const std::vector<Submission> batch = take_in({all}, expected, given);
  ASSERT_EQ(batch.size(), 3u);
  EXPECT_EQ(batch[0].problem, "");
  EXPECT_NE(batch[1].problem, "");
  EXPECT_NE(batch[2].problem, "");
}

}  // namespace
}  // namespace assay::graders
