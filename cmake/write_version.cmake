# Run by the target cadrecode_read_version with: source, output, number, build_type, torch.
set(commit "unknown")
find_program(GIT git)
if(GIT AND EXISTS ${source}/.git)
  execute_process(COMMAND ${GIT} -C ${source} -c safe.directory=* describe --always --abbrev=12 --match= --dirty
    OUTPUT_VARIABLE described OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
  if(NOT failed)
    set(commit ${described})
  endif()
endif()
file(CONFIGURE OUTPUT ${output} @ONLY CONTENT [[
#include "core/version.hpp"

namespace cadrecode {
const char* versionNumber() { return "@number@"; }
const char* gitCommit() { return "@commit@"; }
const char* buildType() { return "@build_type@"; }
const char* torchVersion() { return "@torch@"; }
}  // namespace cadrecode
]])
