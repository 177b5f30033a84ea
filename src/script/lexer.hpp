// Text to tokens, with Python's INDENT and DEDENT. The whole text is read at once; the first thing that is no token
// ends the list with an `error` token that keeps the failure, for the parser to raise when (and if) it gets there.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "script/syntax_failure.hpp"

namespace cadrecode::script {

enum class TokenType : unsigned char { end, newline, indent, dedent, name, keyword, number, string, op, error };

struct Token {
  TokenType type;
  std::string_view text;
  int line, column;  // column: bytes from the start of the line, from 0
  int endLine, endColumn;
  int level;  // of open brackets after this token
};

struct TokenList {
  std::vector<Token> tokens;  // ends with `end` or `error`
  std::optional<SyntaxFailure> failure;
  // The innermost bracket that was open where the text or the good part of it ends.
  bool open = false;
  char openBracket = 0;
  int openLine = 0, openColumn = 0;
  bool atEnd = false;  // the failure is the end of the text inside a bracket
  std::vector<std::string_view> lines;
};

// Throws SyntaxFailure for text that is not UTF-8 or has NUL bytes.
TokenList tokenize(std::string_view source);

bool isKeyword(std::string_view name);

// Bytes of a column to characters.
int characterColumn(const std::vector<std::string_view>& lines, int line, int byteColumn);

// Whether the text is well-formed UTF-8; otherwise where it goes wrong and why in CPython's words.
bool validUtf8(std::string_view text, std::size_t& position, std::string& reason);

}  // namespace cadrecode::script
