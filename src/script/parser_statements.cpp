// Statements: simple ones, and compound ones but for functions, classes and match.
#include "script/parser.hpp"
#include "script/parser_memo.hpp"

namespace cadrecode::script {

NodeList Parser::parseStatements(bool untilDedent) {
  std::vector<Node*> out;
  for (;;) {
    const Token& token = peek();
    if (token.type == TokenType::end) break;
    if (untilDedent && token.type == TokenType::dedent) break;
    if (token.type == TokenType::newline && !untilDedent) {
      advance();
      continue;
    }
    parseStatement(out);
  }
  return ast_.keep(out);
}

void Parser::parseStatement(std::vector<Node*>& out) {
  const Depth guard(*this);
  const Token& token = peek();
  if (token.type == TokenType::keyword) {
    if (token.text == "if") return out.push_back(parseIf());
    if (token.text == "while") return out.push_back(parseWhile());
    if (token.text == "for") return out.push_back(parseFor());
    if (token.text == "try") return out.push_back(parseTry());
    if (token.text == "with") return out.push_back(parseWith());
    if (token.text == "def") return out.push_back(parseFunction({}));
    if (token.text == "class") return out.push_back(parseClass({}));
    if (token.text == "async") {
      throw SyntaxFailure{"Unsupported", "not supported: async", token.line,
                          characterColumn(list_.lines, token.line, token.column) + 1};
    }
  }
  if (isOp("@")) {
    std::vector<Node*> decorators;
    while (acceptOp("@")) {
      decorators.push_back(parseNamed());
      if (peek().type != TokenType::newline) fail();
      advance();
    }
    const NodeList list = ast_.keep(decorators);
    if (isKeywordToken("def")) return out.push_back(parseFunction(list));
    if (isKeywordToken("class")) return out.push_back(parseClass(list));
    fail();
  }
  if (token.type == TokenType::name && token.text == "match") {
    const Token& next = peek(1);
    const bool subject = next.type == TokenType::name || next.type == TokenType::number ||
                         next.type == TokenType::string || next.text == "(" || next.text == "[" || next.text == "{" ||
                         next.text == "-" || next.text == "*" || next.text == "not" || next.text == "None" ||
                         next.text == "True" || next.text == "False" || next.text == "lambda";
    if (subject) {
      const std::size_t start = position_;
      if (Node* node = attempt([this] { return parseMatch(); })) return out.push_back(node);
      position_ = start;
    }
  }
  parseSimpleStatements(out);
}

void Parser::parseSimpleStatements(std::vector<Node*>& out) {
  for (;;) {
    out.push_back(parseSimpleStatement());
    if (acceptOp(";")) {
      if (peek().type == TokenType::newline) break;
      continue;
    }
    break;
  }
  if (peek().type != TokenType::newline) fail();
  advance();
}

Node* Parser::parseSimpleStatement() {
  const Token& token = peek();
  Node* node = nullptr;
  if (token.type == TokenType::keyword) {
    if (token.text == "pass" || token.text == "break" || token.text == "continue") {
      advance();
      return make(token.text == "pass"    ? NodeKind::pass
                  : token.text == "break" ? NodeKind::breakStatement
                                          : NodeKind::continueStatement,
                  token);
    }
    if (token.text == "return") {
      node = make(NodeKind::returnStatement, advance());
      if (startsExpression() && !isKeywordToken("yield")) node->a = parseStarExpressions();
      return node;
    }
    if (token.text == "raise") {
      node = make(NodeKind::raise, advance());
      if (peek().type != TokenType::newline && !isOp(";")) {
        node->a = parseExpression();
        if (acceptKeyword("from")) node->b = parseExpression();
      }
      return node;
    }
    if (token.text == "global" || token.text == "nonlocal") {
      node = make(token.text == "global" ? NodeKind::global : NodeKind::nonlocal, advance());
      std::vector<Node*> names;
      do {
        const Token& name = expectName();
        Node* item = make(NodeKind::name, name);
        item->name = name.text;
        names.push_back(item);
      } while (acceptOp(","));
      node->list = ast_.keep(names);
      return node;
    }
    if (token.text == "assert") {
      node = make(NodeKind::assertStatement, advance());
      node->a = parseExpression();
      if (acceptOp(",")) node->b = parseExpression();
      return node;
    }
    if (token.text == "del") return parseDelete();
    if (token.text == "import") return parseImport();
    if (token.text == "from") return parseImportFrom();
  }
  return parseExpressionStatement();
}

namespace {
constexpr std::pair<std::string_view, BinaryOperator> kAugmented[] = {
    {"+=", BinaryOperator::add},           {"-=", BinaryOperator::subtract},     {"*=", BinaryOperator::multiply},
    {"/=", BinaryOperator::divide},        {"//=", BinaryOperator::floorDivide}, {"%=", BinaryOperator::modulo},
    {"**=", BinaryOperator::power},        {"<<=", BinaryOperator::leftShift},   {">>=", BinaryOperator::rightShift},
    {"|=", BinaryOperator::bitOr},         {"^=", BinaryOperator::bitXor},       {"&=", BinaryOperator::bitAnd},
    {"@=", BinaryOperator::matrixMultiply}};

const std::pair<std::string_view, BinaryOperator>* augmentedOperator(const Token& token) {
  if (token.type != TokenType::op) return nullptr;
  for (const auto& entry : kAugmented) {
    if (entry.first == token.text) return &entry;
  }
  return nullptr;
}
}  // namespace

Node* Parser::parseExpressionStatement() {
  const std::size_t start = position_;
  const auto parse = [&]() -> Node* {
    Node* first = isKeywordToken("yield") ? parseYield() : parseStarExpressions();
    return parseAssignmentRest(first, start);
  };
  if (!diagnose_) return parse();
  // CPython looks for mistaken assignments only where no assignment parses.
  Node* node = attempt(parse);
  if (node && node->kind != NodeKind::expression) return node;
  position_ = start;
  if (assignsPrefix()) fail();
  position_ = start;
  diagnoseAssignment(start);
  position_ = start;
  node = makeAt(NodeKind::expression, isKeywordToken("yield") ? parseYield() : parseStarExpressions());
  position_ = start;
  node->a = isKeywordToken("yield") ? parseYield() : parseStarExpressions();
  return node;
}

// Whether `targets = value` parses for some beginning of the value: the mistake comes later then.
bool Parser::assignsPrefix() {
  for (;;) {
    const std::size_t start = position_;
    Node* node = attempt([this] { return isKeywordToken("yield") ? parseYield() : parseStarExpressions(); });
    if (!node) {
      position_ = start;
      return start > 0 && tokens_[start - 1].text == "=" && attempt([this] { return parseUnary(); });
    }
    const bool single =
        node->kind == NodeKind::name || node->kind == NodeKind::attribute || node->kind == NodeKind::subscript;
    if (augmentedOperator(peek())) return single;
    if (isOp(":") && single) {
      advance();
      return attempt([this] { return parseExpression(); }) != nullptr;
    }
    if (!isOp("=") || !isTarget(node)) return false;
    advance();
  }
}

Node* Parser::parseAssignmentRest(Node* first, std::size_t start) {
  (void)start;
  if (isOp("=")) {
    std::vector<Node*> targets{first};
    Node* value = nullptr;
    while (acceptOp("=")) {
      if (!isTarget(targets.back())) fail();
      value = isKeywordToken("yield") ? parseYield() : parseStarExpressions();
      targets.push_back(value);
    }
    targets.pop_back();
    Node* node = makeAt(NodeKind::assign, first);
    node->list = ast_.keep(targets);
    node->a = value;
    finish(node);
    return node;
  }
  if (const auto* op = augmentedOperator(peek())) {
    if (first->kind != NodeKind::name && first->kind != NodeKind::attribute && first->kind != NodeKind::subscript)
      fail();
    advance();
    Node* node = makeAt(NodeKind::augmented, first);
    node->op = static_cast<std::uint8_t>(op->second);
    node->a = first;
    node->b = isKeywordToken("yield") ? parseYield() : parseStarExpressions();
    finish(node);
    return node;
  }
  if (isOp(":")) {
    if (first->kind != NodeKind::name && first->kind != NodeKind::attribute && first->kind != NodeKind::subscript)
      fail();
    advance();
    Node* node = makeAt(NodeKind::annotated, first);
    node->a = first;
    node->b = parseExpression();
    if (acceptOp("=")) node->c = isKeywordToken("yield") ? parseYield() : parseStarExpressions();
    finish(node);
    return node;
  }
  Node* node = makeAt(NodeKind::expression, first);
  node->a = first;
  finish(node);
  return node;
}

void Parser::diagnoseAssignment(std::size_t start) {
  Node* first = attempt([this] { return parseStarNamed(); });
  if (first && isOp(":") && (first->kind == NodeKind::list || first->kind == NodeKind::tuple)) {
    advance();
    if (attempt([this] { return parseExpression(); })) {
      errorAt(first, std::string("only single target (not ") + describe(first) + ") can be annotated");
    }
  }
  position_ = start;
  first = attempt([this] { return parseStarNamed(); });
  if (first && acceptOp(",")) {
    while (startsExpression() && attempt([this] { return parseStarNamed(); })) {
      if (!acceptOp(",")) break;
    }
    if (acceptOp(":") && attempt([this] { return parseExpression(); })) {
      errorAt(first, "only single target (not tuple) can be annotated");
    }
  }
  position_ = start;
  first = attempt([this] { return parseExpression(); });
  if (first && acceptOp(":") && attempt([this] { return parseExpression(); })) {
    errorAt(first, "illegal target for annotation");
  }
  position_ = start;
  for (;;) {
    Node* target = attempt([this] { return isKeywordToken("yield") ? parseYield() : parseStarExpressions(); });
    if (!target || !isOp("=")) break;
    if (target->kind == NodeKind::yield || target->kind == NodeKind::yieldFrom) {
      errorAt(target, "assignment to yield expression not possible");
    }
    checkTarget(target, TargetUse::assign);
    advance();
  }
  position_ = start;
  first = attempt([this] { return parseStarExpressions(); });
  if (first && augmentedOperator(peek())) {
    advance();
    if (attempt([this] { return isKeywordToken("yield") ? parseYield() : parseStarExpressions(); })) {
      errorAt(first, std::string("'") + describe(first) + "' is an illegal expression for augmented assignment");
    }
  }
  position_ = start;
}

// Targets of a loop: a list without parentheses is a tuple.
Node* Parser::parseTargets(bool loop) {
  const std::size_t start = position_;
  const auto target = [this]() -> Node* {
    if (isOp("*")) {
      Node* node = make(NodeKind::starred, advance());
      node->a = parseBitwiseOr();
      finish(node);
      return node;
    }
    return parseBitwiseOr();
  };
  const auto whole = [&]() -> Node* {
    Node* first = target();
    Node* result = first;
    if (isOp(",")) {
      std::vector<Node*> items{first};
      while (acceptOp(",")) {
        if (!startsExpression()) break;
        items.push_back(target());
      }
      result = makeAt(NodeKind::tuple, first);
      result->list = ast_.keep(items);
      finish(result);
    }
    if (!isTarget(result)) fail();
    return result;
  };
  if (!diagnose_ || !loop) return whole();
  if (Node* node = attempt(whole); node && isKeywordToken("in")) return node;
  position_ = start;
  if (Node* node = attempt([this] { return parseStarExpressions(); })) checkTarget(node, TargetUse::loop);
  fail();
}

Node* Parser::parseDelete() {
  Node* node = make(NodeKind::deleteStatement, advance());
  const std::size_t start = position_;
  const auto whole = [&]() -> Node* {
    std::vector<Node*> items;
    do {
      if (!items.empty() && !startsExpression()) break;
      Node* item = parsePrimary();
      if (!isTarget(item) || invalidTarget(item, TargetUse::remove)) fail();
      items.push_back(item);
    } while (acceptOp(","));
    if (peek().type != TokenType::newline && !isOp(";")) fail();
    node->list = ast_.keep(items);
    return node;
  };
  if (!diagnose_) return whole();
  if (Node* done = attempt(whole)) return done;
  position_ = start;
  if (Node* bad = attempt([this] { return parseStarExpressions(); })) checkTarget(bad, TargetUse::remove);
  fail();
}

// A ':' whose absence before the end of the line has a message of its own.
void Parser::expectColon() {
  if (acceptOp(":")) return;
  if (diagnose_ && peek().type == TokenType::newline) error("expected ':'");
  fail();
}

NodeList Parser::parseBlock(const std::string& what, int line) {
  if (peek().type != TokenType::newline) {
    std::vector<Node*> out;
    parseSimpleStatements(out);
    return ast_.keep(out);
  }
  advance();
  if (peek().type != TokenType::indent) {
    const Token& token = peek();
    if (diagnose_) {
      errorAt(token.line, token.column, "expected an indented block after " + what + " on line " + std::to_string(line),
              "IndentationError");
    }
    fail();
  }
  advance();
  const NodeList body = parseStatements(true);
  if (peek().type == TokenType::dedent) advance();
  return body;
}

Node* Parser::parseIf() {
  const Token& word = advance();
  Node* node = make(NodeKind::ifStatement, word);
  node->a = parseNamed();
  expectColon();
  node->list = parseBlock("'" + std::string(word.text) + "' statement", word.line);
  if (isKeywordToken("elif")) {
    const Depth guard(*this);
    std::vector<Node*> rest{parseIf()};
    node->list2 = ast_.keep(rest);
  } else if (isKeywordToken("else")) {
    const Token& other = advance();
    forceOp(":");
    node->list2 = parseBlock("'else' statement", other.line);
  }
  return node;
}

Node* Parser::parseWhile() {
  const Token& word = advance();
  Node* node = make(NodeKind::whileStatement, word);
  node->a = parseNamed();
  expectColon();
  node->list = parseBlock("'while' statement", word.line);
  if (isKeywordToken("else")) {
    const Token& other = advance();
    forceOp(":");
    node->list2 = parseBlock("'else' statement", other.line);
  }
  return node;
}

Node* Parser::parseFor() {
  const Token& word = advance();
  Node* node = make(NodeKind::forStatement, word);
  node->a = parseTargets(true);
  expectKeyword("in");
  node->b = parseStarExpressions();
  expectColon();
  node->list = parseBlock("'for' statement", word.line);
  if (isKeywordToken("else")) {
    const Token& other = advance();
    forceOp(":");
    node->list2 = parseBlock("'else' statement", other.line);
  }
  return node;
}

Node* Parser::parseTry() {
  const Token& word = advance();
  Node* node = make(NodeKind::tryStatement, word);
  forceOp(":");
  node->list = parseBlock("'try' statement", word.line);
  std::vector<Node*> handlers;
  while (isKeywordToken("except")) {
    const Token& token = advance();
    Node* handler = make(NodeKind::handler, token);
    if (isOp("*")) {
      throw SyntaxFailure{"Unsupported", "not supported: except*", token.line, token.column + 1};
    }
    if (!isOp(":")) {
      if (diagnose_ && peek().type == TokenType::newline) error("expected ':'");
      handler->a = parseExpression();
      if (diagnose_ && isOp(",")) {
        const std::size_t before = position_;
        advance();
        if (startsExpression() && attempt([this] { return parseStarExpressions(); })) {
          if (acceptKeyword("as") && peek().type == TokenType::name) advance();
          if (isOp(":")) errorAt(handler->a, "multiple exception types must be parenthesized");
        }
        position_ = before;
      }
      if (acceptKeyword("as")) handler->name = expectName().text;
    }
    expectColon();
    handler->list = parseBlock("'except' statement", token.line);
    handlers.push_back(handler);
  }
  node->list2 = ast_.keep(handlers);
  if (!handlers.empty() && isKeywordToken("else")) {
    const Token& token = advance();
    forceOp(":");
    node->list3 = parseBlock("'else' statement", token.line);
  }
  if (isKeywordToken("finally")) {
    const Token& token = advance();
    forceOp(":");
    node->list4 = parseBlock("'finally' statement", token.line);
  } else if (handlers.empty()) {
    if (diagnose_) error("expected 'except' or 'finally' block");
    fail();
  }
  return node;
}

Node* Parser::parseWithItem() {
  Node* value = parseExpression();
  Node* item = makeAt(NodeKind::withItem, value);
  item->a = value;
  if (acceptKeyword("as")) {
    const std::size_t start = position_;
    const auto target = [this]() -> Node* {
      Node* node = isOp("*") ? parseStarNamedPlain() : parsePrimary();
      if (!isTarget(node)) fail();
      if (!isOp(",") && !isOp(")") && !isOp(":")) fail();
      return node;
    };
    item->b = diagnose_ ? attempt(target) : target();
    if (!item->b) {
      position_ = start;
      Node* bad = attempt([this] { return parseExpression(); });
      if (bad && (isOp(",") || isOp(")") || isOp(":"))) checkTarget(bad, TargetUse::assign);
      fail();
    }
  }
  return item;
}

Node* Parser::parseWith() {
  const Token& word = advance();
  Node* node = make(NodeKind::with, word);
  std::vector<Node*> items;
  const std::size_t start = position_;
  bool done = false;
  if (isOp("(")) {
    done = attempt([&]() -> Node* {
             advance();
             do {
               if (isOp(")") && !items.empty()) break;
               items.push_back(parseWithItem());
             } while (acceptOp(","));
             expectOp(")");
             if (!isOp(":")) fail();
             return node;
           }) != nullptr;
    if (!done) {
      position_ = start;
      items.clear();
    }
  }
  if (!done) {
    do {
      items.push_back(parseWithItem());
    } while (acceptOp(","));
  }
  expectColon();
  node->list = ast_.keep(items);
  node->list2 = parseBlock("'with' statement", word.line);
  return node;
}

Node* Parser::parseImport() {
  Node* node = make(NodeKind::import, advance());
  std::vector<Node*> names;
  do {
    const Token& first = expectName();
    Node* alias = make(NodeKind::alias, first);
    std::string dotted(first.text);
    while (acceptOp(".")) dotted += "." + std::string(expectName().text);
    alias->name = ast_.keepText(std::move(dotted));
    if (acceptKeyword("as")) {
      const Token& name = expectName();
      alias->a = make(NodeKind::name, name);
      alias->a->name = name.text;
    }
    names.push_back(alias);
  } while (acceptOp(","));
  node->list = ast_.keep(names);
  return node;
}

Node* Parser::parseImportFrom() {
  Node* node = make(NodeKind::importFrom, advance());
  int level = 0;
  while (isOp(".") || isOp("...")) level += static_cast<int>(advance().text.size());
  node->op = static_cast<std::uint8_t>(level > 255 ? 255 : level);
  std::string dotted;
  if (level == 0 || peek().type == TokenType::name) {
    dotted = std::string(expectName().text);
    while (acceptOp(".")) dotted += "." + std::string(expectName().text);
  }
  node->name = ast_.keepText(std::move(dotted));
  expectKeyword("import");
  std::vector<Node*> names;
  if (isOp("*")) {
    Node* alias = make(NodeKind::alias, advance());
    alias->name = "*";
    names.push_back(alias);
    node->list = ast_.keep(names);
    return node;
  }
  const bool open = acceptOp("(");
  do {
    if (open && isOp(")") && !names.empty()) break;
    if (!open && !names.empty() && peek().type == TokenType::newline) {
      if (diagnose_) error("trailing comma not allowed without surrounding parentheses");
      fail();
    }
    const Token& first = expectName();
    Node* alias = make(NodeKind::alias, first);
    alias->name = first.text;
    if (acceptKeyword("as")) {
      const Token& name = expectName();
      alias->a = make(NodeKind::name, name);
      alias->a->name = name.text;
    }
    names.push_back(alias);
  } while (acceptOp(","));
  if (open) expectOp(")");
  node->list = ast_.keep(names);
  return node;
}

}  // namespace cadrecode::script
