# Writes OUT, a header that says which commit SOURCE is at; only if that has changed.
execute_process(COMMAND git -C ${SOURCE} rev-parse --short=12 HEAD
  OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
if(failed)
  set(commit unknown)
else()
  execute_process(COMMAND git -C ${SOURCE} diff --quiet HEAD RESULT_VARIABLE differs ERROR_QUIET)
  if(differs)
    string(APPEND commit -changed)
  endif()
endif()
file(CONFIGURE OUTPUT ${OUT} CONTENT
"// Made by repro/io/commit.cmake.
#pragma once

#define TPFUZZ_COMMIT \"@commit@\"
" @ONLY)
