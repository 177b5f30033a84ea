# core/version.hpp's values. A script run by every build reads the git commit, so that a new commit does not need a new
# configuration; the generated file is only touched, and only it compiled again, when a value changed.
find_path(TORCH_VERSION_HEADER_DIR torch/version.h PATH_SUFFIXES torch/csrc/api/include)
set(torch_version "")
if(TORCH_VERSION_HEADER_DIR)
  foreach(header torch/version.h torch/headeronly/version.h)
    if(EXISTS ${TORCH_VERSION_HEADER_DIR}/${header} AND NOT torch_version)
      file(STRINGS ${TORCH_VERSION_HEADER_DIR}/${header} parts REGEX "define TORCH_VERSION_(MAJOR|MINOR|PATCH) ")
      list(TRANSFORM parts REPLACE "[^0-9]*([0-9]+).*" "\\1")
      list(JOIN parts "." torch_version)
    endif()
  endforeach()
endif()

set(version_file ${PROJECT_BINARY_DIR}/generated/version.cpp)
add_custom_target(cadrecode_read_version
  COMMAND ${CMAKE_COMMAND} -D source=${PROJECT_SOURCE_DIR} -D output=${version_file} -D number=${PROJECT_VERSION}
    -D build_type=${CMAKE_BUILD_TYPE} -D torch=${torch_version} -P ${CMAKE_CURRENT_LIST_DIR}/write_version.cmake
  BYPRODUCTS ${version_file}
  COMMENT "")
add_library(cadrecode_version STATIC ${version_file})
target_include_directories(cadrecode_version PUBLIC ${PROJECT_SOURCE_DIR}/src)
add_dependencies(cadrecode_version cadrecode_read_version)
