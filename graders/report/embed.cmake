# Turns the page's templates and style sheet into page_parts.cpp, and adds it to the graders' library.
# A change to one of them configures again, so the next build has it.
include_guard(GLOBAL)
foreach(part page.html.mustache class.html.mustache submission.html.mustache claims.html.mustache sheets.html.mustache sheet.html.mustache
    sheet_question.html.mustache timing.html.mustache sheets.css plot.html.mustache pictures.html.mustache style.css)
  set(file ${CMAKE_CURRENT_LIST_DIR}/${part})
  set_property(DIRECTORY ${CMAKE_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  string(REGEX REPLACE "\\.mustache$" "" name ${part})
  string(REPLACE "." "_" name ${name})
  file(READ ${file} ${name})
endforeach()
configure_file(${CMAKE_CURRENT_LIST_DIR}/page_parts.cpp.in ${CMAKE_BINARY_DIR}/generated/page_parts.cpp @ONLY)
target_sources(assay_graders PRIVATE ${CMAKE_BINARY_DIR}/generated/page_parts.cpp)
