# cadrecode_library(<folder> [PUBLIC lib...] [PRIVATE lib...]): all .cpp files of one folder of src/ as one static library.
# Headers are included as "<folder>/<file>.hpp"; what is not linked here does not link.
function(cadrecode_library name)
  cmake_parse_arguments(ARG "" "" "PUBLIC;PRIVATE" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  add_library(cadrecode_${name} STATIC ${sources})
  target_include_directories(cadrecode_${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(cadrecode_${name} PUBLIC ${ARG_PUBLIC} PRIVATE cadrecode_warnings ${ARG_PRIVATE})
endfunction()

# OpenCASCADE as one interface target: its own targets carry no system-include mark.
add_library(cadrecode_occt INTERFACE)
target_include_directories(cadrecode_occt SYSTEM INTERFACE ${OpenCASCADE_INCLUDE_DIR})
target_link_libraries(cadrecode_occt INTERFACE
  TKSTEP TKSTEPBase TKXSBase TKSTL TKService TKFeat TKFillet TKOffset TKBool TKBO TKPrim TKShHealing TKMesh
  TKTopAlgo TKGeomAlgo TKBRep TKGeomBase TKG3d TKG2d TKMath TKernel)
