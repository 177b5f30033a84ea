# The warnings of every target of ours; third-party headers are system headers and stay quiet.
add_library(cadrecode_warnings INTERFACE)
target_compile_options(cadrecode_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 14)
  # False alarms of these versions at -O2 (GCC bugs 104475, 105593): a null pointer test that they do not follow.
  target_compile_options(cadrecode_warnings INTERFACE -Wno-array-bounds -Wno-stringop-overflow)
endif()
