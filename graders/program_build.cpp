#include "graders/program_build.hpp"

#include <elf.h>
#include <link.h>

#include <cstring>
#include <string_view>

#include "graders/file_bytes.hpp"
#include "graders/intake/sha256.hpp"

namespace assay::graders {
namespace {

/// The notes of the program itself, which the loader lists first.
int take_build_id(dl_phdr_info* program, std::size_t, void* into) {
  constexpr std::string_view owner("GNU\0", 4);
  for (int i = 0; i < program->dlpi_phnum; ++i) {
    const auto& segment = program->dlpi_phdr[i];
    if (segment.p_type != PT_NOTE) continue;
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the loader gives addresses as numbers
    const auto* at = reinterpret_cast<const char*>(program->dlpi_addr + segment.p_vaddr);
    std::string_view notes(at, segment.p_memsz);
    const auto padded = [](std::size_t size) { return (size + 3) / 4 * 4; };
    while (notes.size() >= sizeof(ElfW(Nhdr))) {
      ElfW(Nhdr) head;
      std::memcpy(&head, notes.data(), sizeof head);
      const std::size_t size = sizeof head + padded(head.n_namesz) + padded(head.n_descsz);
      if (size > notes.size()) break;
      if (head.n_type == NT_GNU_BUILD_ID && notes.substr(sizeof head, head.n_namesz) == owner)
        *static_cast<std::string*>(into) = notes.substr(sizeof head + padded(head.n_namesz), head.n_descsz);
      notes.remove_prefix(size);
    }
  }
  return 1;  // no further object
}

}  // namespace

const std::string& program_build() {
  static const std::string build = [] {
    std::string id;
    dl_iterate_phdr(take_build_id, &id);
    return sha256(id.empty() ? file_bytes("/proc/self/exe").value_or("") : id);
  }();
  return build;
}

}  // namespace assay::graders
