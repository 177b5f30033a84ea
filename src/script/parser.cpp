#include "script/parser.hpp"

namespace cadrecode::script {

namespace {
constexpr int kMaximumDepth = 900;
}

Parser::Depth::Depth(Parser& parser) : parser_(parser) {
  if (++parser_.depth_ > kMaximumDepth) {
    --parser_.depth_;
    const Token& token = parser_.peek();
    throw SyntaxFailure{"RecursionError", "maximum recursion depth exceeded during compilation", token.line,
                        token.column + 1};
  }
}

const Token& Parser::peek(std::size_t ahead) {
  std::size_t index = position_ + ahead;
  if (index >= tokens_.size()) index = tokens_.size() - 1;
  if (index > furthest_) furthest_ = index;
  const Token& token = tokens_[index];
  if (token.type == TokenType::error) throw *list_.failure;
  return token;
}

bool Parser::isOp(std::string_view op, std::size_t ahead) {
  const Token& token = peek(ahead);
  return token.type == TokenType::op && token.text == op;
}
bool Parser::isKeywordToken(std::string_view word, std::size_t ahead) {
  const Token& token = peek(ahead);
  return token.type == TokenType::keyword && token.text == word;
}
const Token& Parser::advance() {
  const Token& token = peek();
  if (position_ + 1 < tokens_.size()) ++position_;
  return token;
}
bool Parser::acceptOp(std::string_view op) {
  if (!isOp(op)) return false;
  advance();
  return true;
}
bool Parser::acceptKeyword(std::string_view word) {
  if (!isKeywordToken(word)) return false;
  advance();
  return true;
}
void Parser::expectOp(std::string_view op) {
  if (!acceptOp(op)) fail();
}
void Parser::expectKeyword(std::string_view word) {
  if (!acceptKeyword(word)) fail();
}
void Parser::forceOp(std::string_view op) {
  if (!acceptOp(op)) errorAt(peek(), "expected '" + std::string(op) + "'");
}
const Token& Parser::expectName() {
  if (peek().type != TokenType::name) fail();
  return advance();
}

void Parser::fail() { throw ParseFail{}; }

void Parser::error(const std::string& message) { errorAt(tokens_[furthest_], message); }
void Parser::errorAt(const Token& token, const std::string& message) { errorAt(token.line, token.column, message); }
void Parser::errorAt(const Node* node, const std::string& message) { errorAt(node->line, node->column, message); }
void Parser::errorAt(int line, int column, const std::string& message, const char* type) {
  // Numbers and brackets that are wrong further on come first, as in CPython.
  if (std::string_view(message) != "unexpected indent") checkRestOfTokens();
  throw SyntaxFailure{type, message, line, characterColumn(list_.lines, line, column) + 1};
}

void Parser::checkRestOfTokens() {
  if (!list_.failure || formatDepth_ > 0) return;
  if (!list_.failure->late && !list_.atEnd) throw *list_.failure;
  if (list_.open && tokens_[furthest_].line > list_.openLine) {
    throw SyntaxFailure{"SyntaxError", std::string("'") + list_.openBracket + "' was never closed", list_.openLine,
                        characterColumn(list_.lines, list_.openLine, list_.openColumn) + 1};
  }
}

void Parser::resolveFailure(std::size_t furthest) {
  const Token& token = tokens_[furthest];
  if (token.type == TokenType::indent) errorAt(token.line, token.column - 1, "unexpected indent", "IndentationError");
  if (token.type == TokenType::dedent) errorAt(token.line, token.column - 1, "unexpected unindent", "IndentationError");
  errorAt(token, "invalid syntax");
}

void Parser::finish(Node* node) {
  const Token& last = tokens_[position_ > 0 ? position_ - 1 : 0];
  node->endLine = last.endLine;
  node->endColumn = last.endColumn;
}

void Parser::parseFile() {
  try {
    ast_.body = parseStatements(false);
    return;
  } catch (const ParseFail&) {
  }
  const std::size_t furthest = furthest_;
  position_ = 0;
  depth_ = 0;
  diagnose_ = true;
  try {
    parseStatements(false);
  } catch (const ParseFail&) {
  }
  resolveFailure(furthest);
}

Node* Parser::parseFormatExpression() {
  const auto whole = [this] {
    Node* node = isKeywordToken("yield") ? parseYield() : parseStarExpressions();
    if (peek().type != TokenType::newline && peek().type != TokenType::end) fail();
    return node;
  };
  try {
    return whole();
  } catch (const ParseFail&) {
  }
  const std::size_t furthest = furthest_;
  position_ = 0;
  depth_ = 0;
  diagnose_ = true;
  try {
    whole();
  } catch (const ParseFail&) {
  }
  resolveFailure(furthest);
}

std::unique_ptr<Ast> parseScript(std::string_view source) {
  if (source.substr(0, 3) == "\xEF\xBB\xBF") source.remove_prefix(3);
  auto ast = std::make_unique<Ast>();
  Parser parser(*ast, tokenize(source));
  parser.parseFile();
  return ast;
}

const char* Parser::describe(const Node* node) {
  switch (node->kind) {
    case NodeKind::attribute:
      return "attribute";
    case NodeKind::subscript:
      return "subscript";
    case NodeKind::starred:
      return "starred";
    case NodeKind::name:
      return "name";
    case NodeKind::list:
      return "list";
    case NodeKind::tuple:
      return "tuple";
    case NodeKind::lambda:
      return "lambda";
    case NodeKind::call:
      return "function call";
    case NodeKind::boolean:
    case NodeKind::binary:
    case NodeKind::unary:
      return "expression";
    case NodeKind::generator:
      return "generator expression";
    case NodeKind::yield:
    case NodeKind::yieldFrom:
      return "yield expression";
    case NodeKind::listComprehension:
      return "list comprehension";
    case NodeKind::setComprehension:
      return "set comprehension";
    case NodeKind::dictComprehension:
      return "dict comprehension";
    case NodeKind::dict:
      return "dict literal";
    case NodeKind::set:
      return "set display";
    case NodeKind::joined:
    case NodeKind::formatted:
      return "f-string expression";
    case NodeKind::compare:
      return "comparison";
    case NodeKind::conditional:
      return "conditional expression";
    case NodeKind::named:
      return "named expression";
    default:
      break;
  }
  if (node->value->isNone()) return "None";
  if (node->value->isBool()) return node->value->boolean() ? "True" : "False";
  return node->value->is(Kind::singleton) ? "ellipsis" : "literal";
}

const Node* Parser::invalidTarget(const Node* node, TargetUse use) const {
  switch (node->kind) {
    case NodeKind::list:
    case NodeKind::tuple:
      for (const Node* item : node->list) {
        if (const Node* bad = invalidTarget(item, use)) return bad;
      }
      return nullptr;
    case NodeKind::starred:
      return use == TargetUse::remove ? node : invalidTarget(node->a, use);
    case NodeKind::compare:
      if (use == TargetUse::loop) {
        return node->comparisons[0] == Comparison::in ? invalidTarget(node->a, use) : nullptr;
      }
      return node;
    case NodeKind::name:
    case NodeKind::subscript:
    case NodeKind::attribute:
      return nullptr;
    default:
      return node;
  }
}

void Parser::checkTarget(const Node* node, TargetUse use) {
  if (const Node* bad = invalidTarget(node, use)) {
    errorAt(bad, std::string(use == TargetUse::remove ? "cannot delete " : "cannot assign to ") + describe(bad));
  }
}

// What the grammar accepts as a target without looking for a better message.
bool Parser::isTarget(const Node* node) const {
  if (node->kind == NodeKind::tuple || node->kind == NodeKind::list) {
    for (const Node* item : node->list) {
      if (!isTarget(item)) return false;
    }
    return true;
  }
  if (node->kind == NodeKind::starred) return node->a->kind != NodeKind::starred && isTarget(node->a);
  return node->kind == NodeKind::name || node->kind == NodeKind::attribute || node->kind == NodeKind::subscript;
}

}  // namespace cadrecode::script
