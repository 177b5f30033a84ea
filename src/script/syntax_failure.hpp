// A syntax error found by the lexer, the parser or the compiler, as CPython 3.11 would word and place it.
#pragma once

#include <string>

namespace cadrecode::script {

struct SyntaxFailure {
  std::string type;  // SyntaxError, IndentationError, TabError, RecursionError, MemoryError, Unsupported
  std::string message;
  int line = 0;    // 1-based, 0: none
  int column = 0;  // 1-based in characters, 0: none
  // Found by the lexer, but not worth reporting before a mistake that stands earlier in the text.
  bool late = false;
};

}  // namespace cadrecode::script
