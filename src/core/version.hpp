// Which build this is. The commit is read when the program is built, not when CMake configures.
#pragma once

namespace cadrecode {

const char* versionNumber();  // "0.1.0"
const char* gitCommit();      // "1a2b3c4d5e6f", with "-dirty" when files were changed; "unknown" outside git
const char* buildType();      // "Release"
const char* torchVersion();   // of the headers found when configuring; empty when there were none

}  // namespace cadrecode
