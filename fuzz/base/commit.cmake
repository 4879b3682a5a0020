# cmake -DSOURCE=DIR -DOUT=FILE -P commit.cmake: writes a header that says which commit the sources are of. The header is
# left alone if it says so already, so that nothing is compiled again.
cmake_minimum_required(VERSION 3.20)
find_program(GIT git)
set(COMMIT "")
if(GIT)
  set(git ${GIT} --no-optional-locks -c safe.directory=* -C ${SOURCE})
  execute_process(COMMAND ${git} rev-parse --short=12 HEAD OUTPUT_VARIABLE COMMIT OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  execute_process(COMMAND ${git} status --porcelain --untracked-files=no OUTPUT_VARIABLE CHANGES ERROR_QUIET)
  if(CHANGES)
    string(APPEND COMMIT "-changed")
  endif()
endif()
if(NOT COMMIT)
  set(COMMIT unknown)
endif()
file(CONFIGURE OUTPUT ${OUT} CONTENT
"// Made by fuzz/base/commit.cmake.
#pragma once

namespace tpfuzz {

inline constexpr char kCommit[] = \"@COMMIT@\";

}  // namespace tpfuzz
" @ONLY)
