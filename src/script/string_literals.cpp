// String literals of the source: prefixes, escapes, concatenation, f-strings.
#include <cstdio>

#include "script/parser.hpp"
#include "script/parser_memo.hpp"
#include "script/unicode.hpp"

namespace cadrecode::script {

std::string Parser::unescape(const Piece& piece, std::string_view text) {
  if (piece.raw || text.find('\\') == std::string_view::npos) return std::string(text);
  std::string result;
  const auto bad = [&](std::size_t from, std::size_t to, const std::string& reason) {
    const std::size_t before = countCharacters(text.substr(0, from));
    error("(unicode error) 'unicodeescape' codec can't decode bytes in position " + std::to_string(before) + "-" +
          std::to_string(before + (to - from) - 1) + ": " + reason);
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      result += text[i];
      continue;
    }
    const std::size_t start = i;
    const char c = ++i < text.size() ? text[i] : '\\';
    switch (c) {
      case '\n':
        break;
      case '\r':
        if (i + 1 < text.size() && text[i + 1] == '\n') ++i;
        break;
      case '\\':
        result += '\\';
        break;
      case '\'':
        result += '\'';
        break;
      case '"':
        result += '"';
        break;
      case 'a':
        result += '\a';
        break;
      case 'b':
        result += '\b';
        break;
      case 'f':
        result += '\f';
        break;
      case 'n':
        result += '\n';
        break;
      case 'r':
        result += '\r';
        break;
      case 't':
        result += '\t';
        break;
      case 'v':
        result += '\v';
        break;
      case 'x':
      case 'u':
      case 'U': {
        const std::size_t wanted = c == 'x' ? 2 : c == 'u' ? 4 : 8;
        char32_t code = 0;
        std::size_t count = 0;
        while (count < wanted && i + 1 < text.size() && std::isxdigit(static_cast<unsigned char>(text[i + 1]))) {
          const char d = text[++i];
          code = code * 16 + static_cast<char32_t>(d <= '9' ? d - '0' : (d | 0x20) - 'a' + 10);
          ++count;
        }
        if (count < wanted) {
          bad(start, i + 1,
              c == 'x'   ? "truncated \\xXX escape"
              : c == 'u' ? "truncated \\uXXXX escape"
                         : "truncated \\UXXXXXXXX escape");
        }
        if (code > 0x10FFFF) bad(start, i + 1, "illegal Unicode character");
        appendUtf8(result, code);
        break;
      }
      case 'N': {
        const std::size_t close = text.find('}', i);
        if (i + 1 >= text.size() || text[i + 1] != '{' || close == std::string_view::npos) {
          bad(start, i + 1, "malformed \\N character escape");
        }
        const std::string_view name = text.substr(i + 2, close - i - 2);
        i = close;
        if (name == "DEGREE SIGN" || name == "degree sign")
          appendUtf8(result, 0xB0);
        else
          bad(start, close + 1, "unknown Unicode character name");
        break;
      }
      default:
        if (c >= '0' && c <= '7') {
          char32_t code = static_cast<char32_t>(c - '0');
          for (int k = 0; k < 2 && i + 1 < text.size() && text[i + 1] >= '0' && text[i + 1] <= '7'; ++k) {
            code = code * 8 + static_cast<char32_t>(text[++i] - '0');
          }
          appendUtf8(result, code);
        } else {
          result += '\\';
          result += c;
        }
    }
  }
  return result;
}

Node* Parser::parseStrings() {
  const Token& first = peek();
  std::vector<Piece> pieces;
  bool format = false;
  while (peek().type == TokenType::string) {
    const Token& token = advance();
    Piece piece{false, false, {}, token.line, token.column};
    std::size_t i = 0;
    for (; token.text[i] != '"' && token.text[i] != '\''; ++i) {
      const char c = static_cast<char>(token.text[i] | 0x20);
      if (c == 'r') piece.raw = true;
      if (c == 'f') piece.format = true;
      if (c == 'b') {
        throw SyntaxFailure{"Unsupported", "not supported: bytes", token.line,
                            characterColumn(list_.lines, token.line, token.column) + 1};
      }
    }
    const std::size_t quotes =
        token.text.size() >= i + 6 && token.text[i + 1] == token.text[i] && token.text[i + 2] == token.text[i] ? 3 : 1;
    piece.body = token.text.substr(i + quotes, token.text.size() - i - 2 * quotes);
    piece.column += static_cast<int>(i + quotes);
    format = format || piece.format;
    pieces.push_back(piece);
  }
  const std::size_t after = position_;
  std::vector<Node*> parts;
  std::string text;
  for (const Piece& piece : pieces) {
    if (!piece.format) {
      text += unescape(piece, piece.body);
      continue;
    }
    std::size_t i = 0;
    parseFormatPieces(piece, i, 0, parts, text);
  }
  position_ = after;
  Node* node = make(format ? NodeKind::joined : NodeKind::constant, first);
  if (!format) {
    node->value = ast_.keepValue(makeStr(text));
  } else {
    if (!text.empty()) {
      Node* part = make(NodeKind::constant, first);
      part->value = ast_.keepValue(makeStr(text));
      parts.push_back(part);
    }
    node->list = ast_.keep(parts);
  }
  finish(node);
  return node;
}

// Text and fields up to the end of the literal, or of the format spec when depth is 1 or more.
void Parser::parseFormatPieces(const Piece& piece, std::size_t& i, int depth, std::vector<Node*>& parts,
                               std::string& text) {
  const std::string_view body = piece.body;
  std::size_t start = i;
  const auto flush = [&](std::size_t end) { text += unescape(piece, body.substr(start, end - start)); };
  while (i < body.size()) {
    const char c = body[i];
    if (c == '\\' && !piece.raw && i + 1 < body.size()) {
      if (body[i + 1] == 'N' && i + 2 < body.size() && body[i + 2] == '{') {
        const std::size_t close = body.find('}', i);
        i = close == std::string_view::npos ? body.size() : close + 1;
      } else if (body[i + 1] == '{' || body[i + 1] == '}') {
        ++i;
      } else {
        i += 2;
      }
      continue;
    }
    if (c != '{' && c != '}') {
      ++i;
      continue;
    }
    if (depth > 0 && c == '}') break;
    if (depth == 0 && i + 1 < body.size() && body[i + 1] == c) {
      flush(i + 1);
      i += 2;
      start = i;
      continue;
    }
    if (c == '}') error("f-string: single '}' is not allowed");
    flush(i);
    if (depth >= 2) error("f-string: expressions nested too deeply");
    Node* field = parseField(piece, i, depth, text);
    if (!text.empty()) {
      Node* part = ast_.make(NodeKind::constant, piece.line, piece.column);
      part->value = ast_.keepValue(makeStr(text));
      parts.push_back(part);
      text.clear();
    }
    parts.push_back(field);
    start = i;
  }
  flush(i);
}

// From `{` to the matching `}`.
Node* Parser::parseField(const Piece& piece, std::size_t& i, int depth, std::string& text) {
  const std::string_view body = piece.body;
  const std::size_t open = i++;
  const std::size_t start = i;
  char quote = 0;
  int quotes = 0;
  std::string nested;
  bool ended = false;
  for (; i < body.size() && !ended;) {
    const char c = body[i];
    if (c == '\\') error("f-string expression part cannot include a backslash");
    if (quote != 0) {
      if (c == quote) {
        if (quotes == 1) {
          quote = 0;
        } else if (body.substr(i, 3) == std::string(3, quote)) {
          i += 2;
          quote = 0;
        }
      }
      ++i;
      continue;
    }
    switch (c) {
      case '\'':
      case '"':
        quote = c;
        quotes = body.substr(i, 3) == std::string(3, c) ? 3 : 1;
        i += quotes == 3 ? 3 : 1;
        continue;
      case '(':
      case '[':
      case '{':
        if (nested.size() >= 200) error("f-string: too many nested parenthesis");
        nested += c;
        break;
      case '#':
        error("f-string expression part cannot include '#'");
      case '!':
      case ':':
      case '}':
      case '=':
      case '<':
      case '>':
        if (nested.empty()) {
          const char next = i + 1 < body.size() ? body[i + 1] : '\0';
          if ((c == '!' || c == '=' || c == '<' || c == '>') && next == '=') {
            i += 2;
            continue;
          }
          if (c == '<' || c == '>') break;
          ended = true;
          continue;
        }
        if (c != '}') break;
        [[fallthrough]];
      case ')':
      case ']': {
        if (nested.empty()) error(std::string("f-string: unmatched '") + c + "'");
        const char opening = nested.back();
        nested.pop_back();
        if (!((opening == '(' && c == ')') || (opening == '[' && c == ']') || (opening == '{' && c == '}'))) {
          error(std::string("f-string: closing parenthesis '") + c + "' does not match opening parenthesis '" +
                opening + "'");
        }
        break;
      }
      default:
        break;
    }
    ++i;
  }
  if (quote != 0) error("f-string: unterminated string");
  if (!nested.empty()) error(std::string("f-string: unmatched '") + nested.back() + "'");
  if (!ended) error("f-string: expecting '}'");
  const std::string_view source = body.substr(start, i - start);
  bool blank = true;
  for (const char c : source) blank = blank && (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f');
  if (blank) error("f-string: empty expression not allowed");

  int line = piece.line;
  int column = piece.column + static_cast<int>(open);
  for (std::size_t k = 0; k < open; ++k) {
    if (body[k] == '\n') {
      ++line;
      column = static_cast<int>(open - k) - 1;
    }
  }
  Node* expression = nullptr;
  const Depth guard(*this);
  try {
    TokenList tokens = tokenize(ast_.keepText("(" + std::string(source) + ")"));
    for (Token& token : tokens.tokens) {
      if (token.line == 1) token.column += column;
      if (token.endLine == 1) token.endColumn += column;
      token.line += line - 1;
      token.endLine += line - 1;
    }
    if (tokens.failure) throw *tokens.failure;
    Parser inner(ast_, std::move(tokens));
    inner.depth_ = depth_;
    inner.formatDepth_ = formatDepth_ + 1;
    try {
      expression = inner.parseFormatExpression();
    } catch (SyntaxFailure& failure) {
      if (failure.line == line) failure.column -= column;
      throw;
    }
  } catch (SyntaxFailure& failure) {
    if (failure.type == "SyntaxError" && failure.message.rfind("f-string: ", 0) != 0)
      failure.message = "f-string: " + failure.message;
    throw;
  }
  Node* field = ast_.make(NodeKind::formatted, line, column);
  field->a = expression;
  bool shown = false;
  if (body[i] == '=') {
    ++i;
    while (i < body.size() && (body[i] == ' ' || body[i] == '\t' || body[i] == '\n')) ++i;
    text += std::string(body.substr(start, i - start));
    shown = true;
  }
  if (i >= body.size()) error("f-string: expecting '}'");
  if (body[i] == '!') {
    ++i;
    if (i >= body.size()) error("f-string: expecting '}'");
    const char c = body[i++];
    if (c != 's' && c != 'r' && c != 'a') error("f-string: invalid conversion character: expected 's', 'r', or 'a'");
    field->op = static_cast<std::uint8_t>(c);
  }
  if (i >= body.size()) error("f-string: expecting '}'");
  if (body[i] == ':') {
    ++i;
    std::vector<Node*> parts;
    std::string spec;
    parseFormatPieces(piece, i, depth + 1, parts, spec);
    Node* joined = ast_.make(NodeKind::joined, line, column);
    if (!spec.empty()) {
      Node* part = ast_.make(NodeKind::constant, line, column);
      part->value = ast_.keepValue(makeStr(spec));
      parts.push_back(part);
    }
    joined->list = ast_.keep(parts);
    field->b = joined;
  } else if (shown && field->op == 0) {
    field->op = 'r';
  }
  if (i >= body.size() || body[i] != '}') error("f-string: expecting '}'");
  ++i;
  return field;
}

}  // namespace cadrecode::script
