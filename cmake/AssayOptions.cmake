# Flags that every target of ours shares: link `assay_options`.
add_library(assay_options INTERFACE)
target_include_directories(assay_options INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(assay_options INTERFACE -Wall -Wextra -Wconversion -Werror)
# GCC 12 warns of an impossible overlap inside std::string's operator+ (GCC bug 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(assay_options INTERFACE -Wno-restrict)
endif()
if(ASSAY_SANITIZE)
  target_compile_options(assay_options INTERFACE -fsanitize=${ASSAY_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(assay_options INTERFACE -fsanitize=${ASSAY_SANITIZE})
  # GCC 12 to 14 with the address sanitizer warn inside std::regex, of its own std::function (GCC bug 105616).
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    target_compile_options(assay_options INTERFACE -Wno-maybe-uninitialized)
  endif()
endif()
if(ASSAY_COVERAGE)
  target_compile_options(assay_options INTERFACE --coverage -O0)
  target_link_options(assay_options INTERFACE --coverage)
endif()

# assay_room(NAME): the static library of one room, from the *.cpp files below the current folder.
function(assay_room name)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/(assignments|driver|cli)/")
  add_library(assay_${name} STATIC ${sources})
  target_link_libraries(assay_${name} PUBLIC assay_options fmt::fmt)
endfunction()
