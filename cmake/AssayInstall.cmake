# Where things are, installed and in the build tree alike; the program finds the rest from its own place:
#   bin/assay
#   libexec/assay/...          the helpers of the box (installed by graders/sandbox)
#   share/assay/assignments    the shipped assignments
#   share/assay/exams          the shipped exams
#   share/assay/networks       networks of the papers, for assay shape
#   share/assay/starters       what assay init composes new assignments of
#   share/assay/include/assay  the headers a submission's driver is compiled against
#   share/assay/headers        the headers an oracle of an assignment's own is compiled against, and `options`, the
#                              compiler options these need on this machine, one a line
set(data ${CMAKE_BINARY_DIR}/share/assay)
file(MAKE_DIRECTORY ${data})
file(CREATE_LINK ${CMAKE_SOURCE_DIR}/fixtures/assignments ${data}/assignments SYMBOLIC)
file(CREATE_LINK ${CMAKE_SOURCE_DIR}/fixtures/exams ${data}/exams SYMBOLIC)
file(CREATE_LINK ${CMAKE_SOURCE_DIR}/fixtures/starters ${data}/starters SYMBOLIC)
file(CREATE_LINK ${CMAKE_SOURCE_DIR}/graders/driver ${data}/include SYMBOLIC)

file(MAKE_DIRECTORY ${data}/headers)
file(CREATE_LINK ${CMAKE_SOURCE_DIR}/oracles ${data}/headers/oracles SYMBOLIC)
set(options "")
foreach(folder ${FLINT_INCLUDE_DIR} ${ARB_FLAT_INCLUDE_DIR} ${Boost_INCLUDE_DIR})
  if(NOT folder MATCHES "^/usr/include$" AND NOT folder MATCHES "NOTFOUND$")
    string(APPEND options "-isystem\n${folder}\n")
  endif()
endforeach()
file(WRITE ${data}/headers/options "${options}")

install(TARGETS assay RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY fixtures/assignments fixtures/exams fixtures/networks fixtures/starters DESTINATION ${CMAKE_INSTALL_DATADIR}/assay)
install(DIRECTORY graders/driver/assay DESTINATION ${CMAKE_INSTALL_DATADIR}/assay/include FILES_MATCHING PATTERN "*.hpp")
install(DIRECTORY oracles DESTINATION ${CMAKE_INSTALL_DATADIR}/assay/headers
  FILES_MATCHING PATTERN "*.hpp" PATTERN misconceptions EXCLUDE PATTERN catalogue EXCLUDE PATTERN network EXCLUDE)
install(FILES ${data}/headers/options DESTINATION ${CMAKE_INSTALL_DATADIR}/assay/headers)
install(FILES README.md CHANGELOG.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR})
