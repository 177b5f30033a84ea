# The warnings of every target of ours; third-party headers are system headers and stay quiet.
add_library(cadrecode_warnings INTERFACE)
target_compile_options(cadrecode_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Werror)
