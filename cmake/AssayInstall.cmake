# Where things are, installed and in the build tree alike; the program finds the rest from its own place:
#   bin/assay
#   libexec/assay/...          the helpers of the box (installed by graders/sandbox)
#   share/assay/assignments    the shipped assignments
#   share/assay/exams          the shipped exams
#   share/assay/networks       networks of the papers, for assay shape
#   share/assay/include/assay  the headers a submission's driver is compiled against
set(data ${CMAKE_BINARY_DIR}/share/assay)
file(MAKE_DIRECTORY ${data})
file(CREATE_LINK ${CMAKE_SOURCE_DIR}/fixtures/assignments ${data}/assignments SYMBOLIC)
file(CREATE_LINK ${CMAKE_SOURCE_DIR}/fixtures/exams ${data}/exams SYMBOLIC)
file(CREATE_LINK ${CMAKE_SOURCE_DIR}/graders/driver ${data}/include SYMBOLIC)

install(TARGETS assay RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY fixtures/assignments fixtures/exams fixtures/networks DESTINATION ${CMAKE_INSTALL_DATADIR}/assay)
install(DIRECTORY graders/driver/assay DESTINATION ${CMAKE_INSTALL_DATADIR}/assay/include FILES_MATCHING PATTERN "*.hpp")
install(FILES README.md CHANGELOG.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR})
