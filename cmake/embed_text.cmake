# Run with: output, symbol, inputs (list of name=path). Writes a C++ file with one function `symbol(name)` that gives a
# file's text.
set(body "")
foreach(input ${inputs})
  string(REGEX MATCH "^([^=]+)=(.+)$" matched "${input}")
  set(name ${CMAKE_MATCH_1})
  file(READ ${CMAKE_MATCH_2} hex HEX)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
  string(APPEND body "const unsigned char ${name}[] = {${bytes}};\n")
  string(APPEND cases "  if (name == \"${name}\") return {reinterpret_cast<const char*>(${name}), sizeof ${name}};\n")
endforeach()
file(WRITE ${output} "#include <string_view>\n\nnamespace {\n${body}}  // namespace\n\nnamespace cadrecode::benchmark {\nstd::string_view ${symbol}(std::string_view name) {\n${cases}  return {};\n}\n}  // namespace cadrecode::benchmark\n")
