// The expressions of the grammar, from the loosest operator to atoms.
#include <charconv>
#include <cstring>

#include "script/parser.hpp"
#include "script/parser_memo.hpp"

namespace cadrecode::script {

bool Parser::startsExpression() {
  const Token& token = peek();
  switch (token.type) {
    case TokenType::name:
    case TokenType::number:
    case TokenType::string:
      return true;
    case TokenType::keyword:
      return token.text == "None" || token.text == "True" || token.text == "False" || token.text == "lambda" ||
             token.text == "not" || token.text == "await" || token.text == "yield";
    case TokenType::op:
      return token.text == "(" || token.text == "[" || token.text == "{" || token.text == "-" || token.text == "+" ||
             token.text == "~" || token.text == "..." || token.text == "*";
    default:
      return false;
  }
}

bool Parser::isLegacy(const Node* node) const {
  return node->kind == NodeKind::name && (node->name == "print" || node->name == "exec");
}

Node* Parser::parseStarExpression() {
  if (!isOp("*")) return parseExpression();
  Node* node = make(NodeKind::starred, advance());
  node->a = parseBitwiseOr();
  finish(node);
  return node;
}

// As in CPython's grammar, an operator without a right operand ends the expression before it, and whatever follows is
// where the mistake is.

// star_expressions: one, or a tuple without parentheses.
Node* Parser::parseStarExpressions() {
  Node* first = parseStarExpression();
  if (!isOp(",")) return first;
  std::vector<Node*> items{first};
  while (acceptOp(",")) {
    if (!startsExpression() || isKeywordToken("yield")) break;
    items.push_back(parseStarExpression());
  }
  Node* tuple = makeAt(NodeKind::tuple, first);
  tuple->list = ast_.keep(items);
  finish(tuple);
  return tuple;
}

Node* Parser::parseStarNamedPlain() {
  if (!isOp("*")) return parseNamed();
  Node* node = make(NodeKind::starred, advance());
  node->a = parseBitwiseOr();
  finish(node);
  return node;
}
Node* Parser::parseStarNamed() {
  return memoized(kStarNamed, [this] { return parseStarNamedPlain(); });
}

Node* Parser::parseAssignmentExpression() {
  const Token& name = advance();
  Node* node = make(NodeKind::named, name);
  node->name = name.text;
  advance();
  node->b = parseExpression();
  finish(node);
  return node;
}

Node* Parser::parseNamed() {
  if (peek().type == TokenType::name && isOp(":=", 1)) return parseAssignmentExpression();
  return memoized(kNamed, [this] {
    if (diagnose_) diagnoseNamed();
    Node* node = parseExpression();
    if (isOp(":=")) fail();
    return node;
  });
}

void Parser::diagnoseNamed() {
  const std::size_t start = position_;
  Node* left = attempt([this] { return parseExpression(); });
  if (left && acceptOp(":=")) {
    if (attempt([this] { return parseExpression(); })) {
      errorAt(left, std::string("cannot use assignment expressions with ") + describe(left));
    }
  }
  position_ = start;
  if (peek().type == TokenType::name && isOp("=", 1)) {
    const Token& name = peek();
    position_ += 2;
    if (attempt([this] { return parseBitwiseOr(); }) && !isOp("=") && !isOp(":=")) {
      errorAt(name, "invalid syntax. Maybe you meant '==' or ':=' instead of '='?");
    }
    position_ = start;
  }
  const Token& first = peek();
  if (first.type == TokenType::keyword && (first.text == "True" || first.text == "None" || first.text == "False"))
    return;
  if (isOp("[") || isOp("(")) {
    Node* atom = attempt([this] { return parseAtom(); });
    position_ = start;
    if (atom && (atom->kind == NodeKind::list || atom->kind == NodeKind::tuple || atom->kind == NodeKind::generator))
      return;
  }
  left = attempt([this] { return parseBitwiseOr(); });
  if (left && acceptOp("=") && attempt([this] { return parseBitwiseOr(); }) && !isOp("=") && !isOp(":=")) {
    errorAt(left, std::string("cannot assign to ") + describe(left) + " here. Maybe you meant '==' instead of '='?");
  }
  position_ = start;
}

Node* Parser::parseExpression() {
  return memoized(kExpression, [this] {
    if (diagnose_) diagnoseExpression();
    return parseExpressionPlain();
  });
}

Node* Parser::parseExpressionPlain() {
  const Depth guard(*this);
  if (isKeywordToken("lambda")) return parseLambda();
  Node* body = parseDisjunction();
  if (!isKeywordToken("if")) return body;
  const std::size_t before = position_;
  advance();
  Node* node = makeAt(NodeKind::conditional, body);
  node->b = body;
  Node* test = attempt([this] { return parseDisjunction(); });
  if (!test || !acceptKeyword("else")) {
    position_ = before;  // perhaps the condition of a comprehension
    return body;
  }
  node->a = test;
  node->c = attempt([this] { return parseExpression(); });
  if (!node->c) {
    position_ = before;
    return body;
  }
  finish(node);
  return node;
}

void Parser::diagnoseExpression() {
  const std::size_t start = position_;
  const Token& first = peek();
  const bool name = first.type == TokenType::name;
  const bool soft = name && (first.text == "_" || first.text == "case" || first.text == "match");
  const bool prefix = name && peek(1).type == TokenType::string;
  Node* left = attempt([this] { return parseDisjunction(); });
  if (left) {
    const std::size_t after = position_;
    if (!soft && !prefix && startsExpression() && !isOp("*") && !isKeywordToken("yield")) {
      diagnose_ = false;
      Node* right = attempt([this] { return parseExpressionPlain(); });
      diagnose_ = true;
      if (right && !isLegacy(left) && tokens_[position_ - 1].level != 0) {
        errorAt(left, "invalid syntax. Perhaps you forgot a comma?");
      }
    }
    position_ = after;
    if (acceptKeyword("if")) {
      if (attempt([this] { return parseDisjunction(); }) && !isKeywordToken("else") && !isOp(":")) {
        errorAt(left, "expected 'else' after 'if' expression");
      }
    }
  }
  position_ = start;
  if (name && (first.text == "print" || first.text == "exec")) {
    advance();
    if (!isOp("(") && attempt([this] { return parseStarExpressions(); })) {
      const std::string word(first.text);
      errorAt(first, "Missing parentheses in call to '" + word + "'. Did you mean " + word + "(...)?");
    }
    position_ = start;
  }
}

Node* Parser::parseDisjunction() {
  return memoized(kDisjunction, [this] {
    Node* left = parseConjunction();
    if (!isKeywordToken("or")) return left;
    std::vector<Node*> items{left};
    for (std::size_t before = position_; acceptKeyword("or"); before = position_) {
      Node* item = attempt([this] { return parseConjunction(); });
      if (!item) {
        position_ = before;
        break;
      }
      items.push_back(item);
    }
    if (items.size() == 1) return left;
    Node* node = makeAt(NodeKind::boolean, left);
    node->op = 1;
    node->list = ast_.keep(items);
    finish(node);
    return node;
  });
}

Node* Parser::parseConjunction() {
  Node* left = parseInversion();
  if (!isKeywordToken("and")) return left;
  std::vector<Node*> items{left};
  for (std::size_t before = position_; acceptKeyword("and"); before = position_) {
    Node* item = attempt([this] { return parseInversion(); });
    if (!item) {
      position_ = before;
      break;
    }
    items.push_back(item);
  }
  if (items.size() == 1) return left;
  Node* node = makeAt(NodeKind::boolean, left);
  node->list = ast_.keep(items);
  finish(node);
  return node;
}

Node* Parser::parseInversion() {
  if (!isKeywordToken("not")) return parseComparison();
  const Depth guard(*this);
  Node* node = make(NodeKind::unary, advance());
  node->op = static_cast<std::uint8_t>(UnaryOperator::logicalNot);
  node->a = parseInversion();
  finish(node);
  return node;
}

bool Parser::comparisonAhead(Comparison& op, int& tokens) {
  const Token& token = peek();
  tokens = 1;
  if (token.type == TokenType::op) {
    static constexpr std::pair<std::string_view, Comparison> kTable[] = {
        {"==", Comparison::equal}, {"!=", Comparison::notEqual},     {"<=", Comparison::lessEqual},
        {"<", Comparison::less},   {">=", Comparison::greaterEqual}, {">", Comparison::greater}};
    for (const auto& [text, value] : kTable) {
      if (token.text == text) {
        op = value;
        return true;
      }
    }
    return false;
  }
  if (token.type != TokenType::keyword) return false;
  if (token.text == "in") {
    op = Comparison::in;
    return true;
  }
  if (token.text == "is") {
    op = Comparison::is;
    if (isKeywordToken("not", 1)) {
      op = Comparison::isNot;
      tokens = 2;
    }
    return true;
  }
  if (token.text == "not" && isKeywordToken("in", 1)) {
    op = Comparison::notIn;
    tokens = 2;
    return true;
  }
  return false;
}

Node* Parser::parseComparison() {
  Node* left = parseBitwiseOr();
  Comparison op{};
  int count = 0;
  if (!comparisonAhead(op, count)) return left;
  std::vector<Node*> items;
  std::vector<Comparison> operators;
  while (comparisonAhead(op, count)) {
    const std::size_t before = position_;
    position_ += static_cast<std::size_t>(count);
    Node* item = attempt([this] { return parseBitwiseOr(); });
    if (!item) {
      position_ = before;
      break;
    }
    operators.push_back(op);
    items.push_back(item);
  }
  if (items.empty()) return left;
  Node* node = makeAt(NodeKind::compare, left);
  node->a = left;
  node->list = ast_.keep(items);
  node->comparisons = ast_.keep(operators);
  finish(node);
  return node;
}

Node* Parser::parseBitwiseOr() {
  return memoized(kBitwiseOr, [this] { return parseBinary(0); });
}

namespace {
struct BinaryLevel {
  std::string_view text;
  int level;
  BinaryOperator op;
};
constexpr BinaryLevel kBinary[] = {{"|", 0, BinaryOperator::bitOr},       {"^", 1, BinaryOperator::bitXor},
                                   {"&", 2, BinaryOperator::bitAnd},      {"<<", 3, BinaryOperator::leftShift},
                                   {">>", 3, BinaryOperator::rightShift}, {"+", 4, BinaryOperator::add},
                                   {"-", 4, BinaryOperator::subtract},    {"*", 5, BinaryOperator::multiply},
                                   {"/", 5, BinaryOperator::divide},      {"//", 5, BinaryOperator::floorDivide},
                                   {"%", 5, BinaryOperator::modulo},      {"@", 5, BinaryOperator::matrixMultiply}};
}  // namespace

Node* Parser::parseBinary(int minimum) {
  Node* left = parseUnary();
  for (;;) {
    const Token& token = peek();
    const BinaryLevel* found = nullptr;
    if (token.type == TokenType::op) {
      for (const BinaryLevel& level : kBinary) {
        if (level.text == token.text) found = &level;
      }
    }
    if (!found || found->level < minimum) return left;
    const std::size_t before = position_;
    advance();
    Node* right = attempt([&] { return parseBinary(found->level + 1); });
    if (!right) {
      position_ = before;
      return left;
    }
    Node* node = makeAt(NodeKind::binary, left);
    node->op = static_cast<std::uint8_t>(found->op);
    node->a = left;
    node->b = right;
    finish(node);
    left = node;
  }
}

Node* Parser::parseUnary() {
  if (!isOp("-") && !isOp("+") && !isOp("~")) return parsePower();
  const Depth guard(*this);
  const Token& token = advance();
  Node* node = make(NodeKind::unary, token);
  const UnaryOperator op = token.text == "-"   ? UnaryOperator::minus
                           : token.text == "+" ? UnaryOperator::plus
                                               : UnaryOperator::invert;
  node->op = static_cast<std::uint8_t>(op);
  if (op == UnaryOperator::minus && peek().type == TokenType::number && peek().text == "9223372036854775808" &&
      !isOp("**", 1)) {
    advance();
    node->kind = NodeKind::constant;
    node->value = ast_.keepValue(Value(INT64_MIN));
  } else {
    node->a = parseUnary();
  }
  finish(node);
  return node;
}

Node* Parser::parsePower() {
  Node* left = parsePrimary();
  if (!isOp("**")) return left;
  const Depth guard(*this);
  advance();
  Node* node = makeAt(NodeKind::binary, left);
  node->op = static_cast<std::uint8_t>(BinaryOperator::power);
  node->a = left;
  node->b = parseUnary();
  finish(node);
  return node;
}

Node* Parser::parsePrimary() {
  if (isKeywordToken("await")) {
    const Token& token = peek();
    throw SyntaxFailure{"Unsupported", "not supported: await", token.line,
                        characterColumn(list_.lines, token.line, token.column) + 1};
  }
  Node* node = parseAtom();
  for (;;) {
    if (!isOp(".") && !isOp("(") && !isOp("[")) return node;
    const std::size_t before = position_;
    Node* longer = attempt([&] { return parseTrailer(node); });
    if (!longer) {
      position_ = before;
      return node;
    }
    node = longer;
  }
}

// .name, (arguments) or [index] behind a primary.
Node* Parser::parseTrailer(Node* node) {
  if (isOp("(")) return parseCall(node, node->line, node->column);
  if (acceptOp(".")) {
    const Token& name = expectName();
    Node* attribute = makeAt(NodeKind::attribute, node);
    attribute->a = node;
    attribute->name = name.text;
    attribute->nameLine = name.line;
    attribute->nameColumn = name.column;
    finish(attribute);
    return attribute;
  }
  expectOp("[");
  Node* subscript = makeAt(NodeKind::subscript, node);
  subscript->a = node;
  subscript->b = parseSlices();
  expectOp("]");
  finish(subscript);
  return subscript;
}

Node* Parser::parseSlice() {
  if (!isOp(":")) {
    if (isOp("*")) return parseStarNamed();
    Node* first = parseNamed();
    if (!isOp(":")) return first;
    Node* slice = makeAt(NodeKind::slice, first);
    slice->a = first;
    advance();
    if (!isOp(":") && !isOp(",") && !isOp("]")) slice->b = parseExpression();
    if (acceptOp(":") && !isOp(",") && !isOp("]")) slice->c = parseExpression();
    finish(slice);
    return slice;
  }
  Node* slice = make(NodeKind::slice, advance());
  if (!isOp(":") && !isOp(",") && !isOp("]")) slice->b = parseExpression();
  if (acceptOp(":") && !isOp(",") && !isOp("]")) slice->c = parseExpression();
  finish(slice);
  return slice;
}

Node* Parser::parseSlices() {
  Node* first = parseSlice();
  if (!isOp(",") && first->kind != NodeKind::starred) return first;
  std::vector<Node*> items{first};
  while (acceptOp(",")) {
    if (isOp("]")) break;
    items.push_back(parseSlice());
  }
  Node* tuple = makeAt(NodeKind::tuple, first);
  tuple->list = ast_.keep(items);
  finish(tuple);
  return tuple;
}

Node* Parser::parseLambda() {
  Node* node = make(NodeKind::lambda, advance());
  node->parameters = parseParameters(":", false);
  expectOp(":");
  node->a = parseExpression();
  finish(node);
  return node;
}

Node* Parser::parseYield() {
  Node* node = make(NodeKind::yield, advance());
  if (acceptKeyword("from")) {
    node->kind = NodeKind::yieldFrom;
    node->a = parseExpression();
  } else if (startsExpression() && !isKeywordToken("yield")) {
    node->a = parseStarExpressions();
  }
  finish(node);
  return node;
}

Node* Parser::parseNumber() {
  const Token& token = advance();
  Node* node = make(NodeKind::constant, token);
  std::string digits;
  for (const char c : token.text) {
    if (c != '_') digits += c;
  }
  const char kind = digits.size() > 1 && digits[0] == '0' ? static_cast<char>(digits[1] | 0x20) : '\0';
  const int base = kind == 'x' ? 16 : kind == 'o' ? 8 : kind == 'b' ? 2 : 10;
  if (base == 10 && digits.find_first_of(".eE") != std::string::npos) {
    node->value = ast_.keepValue(Value(std::strtod(digits.c_str(), nullptr)));
  } else {
    std::int64_t number = 0;
    const char* start = digits.data() + (base == 10 ? 0 : 2);
    const auto result = std::from_chars(start, digits.data() + digits.size(), number, base);
    if (result.ec != std::errc()) {
      throw SyntaxFailure{"OverflowError", "integer does not fit in 64 bits", token.line,
                          characterColumn(list_.lines, token.line, token.column) + 1};
    }
    node->value = ast_.keepValue(Value(number));
  }
  finish(node);
  return node;
}

Node* Parser::parseAtom() {
  const Token& token = peek();
  switch (token.type) {
    case TokenType::name: {
      Node* node = make(NodeKind::name, advance());
      node->name = token.text;
      finish(node);
      return node;
    }
    case TokenType::number:
      return parseNumber();
    case TokenType::string:
      return parseStrings();
    case TokenType::keyword:
      if (token.text == "None" || token.text == "True" || token.text == "False") {
        Node* node = make(NodeKind::constant, advance());
        node->value = ast_.keepValue(token.text == "None" ? Value() : Value(token.text == "True"));
        finish(node);
        return node;
      }
      fail();
    case TokenType::op:
      if (token.text == "(") return parseParenthesized();
      if (token.text == "[") return parseListDisplay();
      if (token.text == "{") return parseBraces();
      if (token.text == "...") {
        Node* node = make(NodeKind::constant, advance());
        node->value = ast_.keepValue(ellipsis());
        finish(node);
        return node;
      }
      fail();
    default:
      fail();
  }
}

}  // namespace cadrecode::script
