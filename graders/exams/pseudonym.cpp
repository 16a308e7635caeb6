#include "graders/exams/pseudonym.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <iterator>

#include "graders/escape.hpp"

namespace assay::graders::exams {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t key_bytes = 32, shown_bytes = 8;

std::string hexadecimal(const unsigned char* bytes, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += fmt::format("{:02x}", bytes[i]);
  return text;
}

[[noreturn]] void refuse(const fs::path& file, const std::string& why) {
  throw PseudonymError(fmt::format("{}: {}", file.string(), why));
}

/// An empty file that only its owner may read; false if there is one already.
bool make_private(const fs::path& file) {
  const int descriptor = open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (descriptor >= 0) {
    close(descriptor);
    return true;
  }
  if (errno != EEXIST) refuse(file, fmt::format("cannot be made: {}", std::strerror(errno)));
  return false;
}

void check_private(const fs::path& file) {
  struct stat status {};
  if (stat(file.c_str(), &status) != 0) refuse(file, std::strerror(errno));
  if (!S_ISREG(status.st_mode)) refuse(file, "is no file; name a file for the key");
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    refuse(file, "others may read it; make it private with: chmod 600 " + file.string());
}

void write_new_key(const fs::path& file) {
  std::array<unsigned char, key_bytes> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
    refuse(file, "no random numbers to be had");
  std::ofstream stream(file, std::ios::binary);
  stream << hexadecimal(bytes.data(), bytes.size()) << '\n';
  if (!stream.flush()) refuse(file, "cannot be written");
}

std::string read_key(const fs::path& file) {
  check_private(file);
  std::ifstream stream(file, std::ios::binary);
  std::string key(std::istreambuf_iterator<char>(stream), {});
  key.erase(key.find_last_not_of(" \t\r\n") + 1);
  if (key.size() < key_bytes)
    refuse(file, fmt::format("holds {} bytes, and a key needs {}; name a new file and it is made for you",
                             key.size(), key_bytes));
  return key;
}

}  // namespace

Pseudonyms::Pseudonyms(const fs::path& key_file) : names_(key_file.string() + ".names.csv") {
  if (make_private(key_file)) write_new_key(key_file);
  key_ = read_key(key_file);
  const bool is_new = make_private(names_);
  check_private(names_);
  std::ifstream old(names_, std::ios::binary);
  for (std::string line; std::getline(old, line);)
    if (line.starts_with("\"p-")) known_.insert(line.substr(1, line.find('"', 1) - 1));
  stream_.open(names_, std::ios::binary | std::ios::app);
  if (is_new) stream_ << "\"pseudonym\",\"id\",\"name\",\"email\"\r\n";
}

std::string Pseudonyms::name_for(std::string_view id) const {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  const auto* const bytes = reinterpret_cast<const unsigned char*>(id.data());
  if (!HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()), bytes, id.size(), digest.data(),
            &length))
    throw PseudonymError("the keyed hash failed");
  return "p-" + hexadecimal(digest.data(), shown_bytes);
}

std::string Pseudonyms::note(const std::string& id, const std::string& name, const std::string& email) {
  const std::string pseudonym = name_for(id);
  if (known_.insert(pseudonym).second)
    stream_ << csv_cell(pseudonym) << ',' << csv_cell(id) << ',' << csv_cell(name) << ',' << csv_cell(email)
            << "\r\n";
  if (!stream_.flush()) refuse(names_, "cannot be written");
  return pseudonym;
}

}  // namespace assay::graders::exams
