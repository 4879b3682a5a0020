# What is installed besides the library (core/CMakeLists.txt), and the Debian packages. Nothing here has a path of its own:
# the prefix can be moved. `cpack -G DEB` in a build directory makes tpfuzz and libtpfuzz-dev.
include(GNUInstallDirs)

# A session looks for the fuzz target beside repro.
install(TARGETS repro registration_fuzzer RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY corpus DESTINATION ${CMAKE_INSTALL_DATADIR}/tpfuzz)
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/tpfuzz FILES_MATCHING PATTERN "*.md")
install(FILES README.md DESIGN.md DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/tpfuzz)

# Policy wants these two of each package.
set(CHANGES "tpfuzz (${PROJECT_VERSION}) unstable; urgency=low\n\n  * A build of the source tree; its git log has the changes.\n\n")
set(MAINTAINER "the tpfuzz authors <tpfuzz-authors@users.noreply.github.com>" CACHE STRING "Of the Debian packages")
string(APPEND CHANGES " -- ${MAINTAINER}  Thu, 01 Jan 2026 00:00:00 +0000\n")
file(READ LICENSE LICENSE)
string(REGEX REPLACE "\n([^\n])" "\n \\1" LICENSE "${LICENSE}")
string(REPLACE "\n\n" "\n .\n" LICENSE "${LICENSE}")
file(CONFIGURE OUTPUT package/copyright CONTENT
"Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: tpfuzz

Files: *
Copyright: 2026 the tpfuzz authors
License: Expat

License: Expat
 @LICENSE@" @ONLY)
file(CONFIGURE OUTPUT package/changelog CONTENT "@CHANGES@" @ONLY)
find_program(GZIP gzip REQUIRED)
execute_process(COMMAND ${GZIP} -9nkf ${CMAKE_BINARY_DIR}/package/changelog COMMAND_ERROR_IS_FATAL ANY)
foreach(package "tool tpfuzz" "library libtpfuzz-dev")
  separate_arguments(package UNIX_COMMAND "${package}")
  list(POP_FRONT package component name)
  install(FILES ${CMAKE_BINARY_DIR}/package/copyright ${CMAKE_BINARY_DIR}/package/changelog.gz
          DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${name} COMPONENT ${component})
endforeach()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "${MAINTAINER}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL tool library)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_TOOL_PACKAGE_NAME tpfuzz)
set(CPACK_DEBIAN_TOOL_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_TOOL_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_TOOL_PACKAGE_RECOMMENDS "clang-19, lld-19")  # for a kernel tree
set(CPACK_COMPONENT_TOOL_DESCRIPTION
"fuzzes the order in which tracepoints register their probes
Runs sequences of register and unregister calls against readers that are
delayed at chosen places, on patched x86-64 code; replays, minimises, draws
and explains what it finds; checks a protocol, and verifies it within bounds.")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME libtpfuzz-dev)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_DEPENDS "liburcu-dev (>= 0.13)")
set(CPACK_COMPONENT_LIBRARY_DESCRIPTION
"tracepoints for user space, patched into the running program
Call sites that cost a nop while no probe is attached, and a direct call with
one probe. This package has the headers, static libraries, a CMake package and
a file for pkg-config.")
include(CPack)
