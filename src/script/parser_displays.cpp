// Parentheses, lists, sets, dicts, comprehensions and the arguments of calls.
#include "script/parser.hpp"
#include "script/parser_memo.hpp"

namespace cadrecode::script {

NodeList Parser::parseForClauses() {
  std::vector<Node*> clauses;
  while (isKeywordToken("for") || isKeywordToken("async")) {
    if (isKeywordToken("async")) {
      const Token& token = peek();
      throw SyntaxFailure{"Unsupported", "not supported: async", token.line, token.column + 1};
    }
    Node* node = make(NodeKind::comprehension, advance());
    node->a = parseTargets(true);
    expectKeyword("in");
    node->b = parseDisjunction();
    std::vector<Node*> conditions;
    while (acceptKeyword("if")) conditions.push_back(parseDisjunction());
    node->list = ast_.keep(conditions);
    finish(node);
    clauses.push_back(node);
  }
  if (clauses.empty()) fail();
  return ast_.keep(clauses);
}

// Called where a display did not parse, at its opening bracket.
void Parser::diagnoseComprehension(const Token& open) {
  const std::size_t start = position_;
  const auto clauses = [this] {
    parseForClauses();
    return ast_.make(NodeKind::pass, 0, 0);
  };
  advance();
  if (isOp("*")) {
    Node* starred = attempt([this] { return parseStarNamed(); });
    if (starred && attempt(clauses)) errorAt(starred, "iterable unpacking cannot be used in comprehension");
  }
  position_ = start + 1;
  if (open.text != "(") {
    Node* first = attempt([this] { return parseStarNamed(); });
    if (first && acceptOp(",")) {
      const std::size_t after = position_;
      bool more = false;
      while (startsExpression() && attempt([this] { return parseStarNamed(); })) {
        more = true;
        if (!acceptOp(",")) break;
      }
      const char* message = "did you forget parentheses around the comprehension target?";
      if (more && isKeywordToken("for") && attempt(clauses)) errorAt(first, message);
      position_ = after;
      if (isKeywordToken("for") && attempt(clauses)) errorAt(first, message);
    }
  }
  position_ = start;
}

Node* Parser::parseParenthesized() {
  const Depth guard(*this);
  const std::size_t start = position_;
  const Token& open = advance();
  Node* result = nullptr;
  const auto parse = [&]() -> Node* {
    if (acceptOp(")")) {
      Node* empty = make(NodeKind::tuple, open);
      return empty;
    }
    if (isKeywordToken("yield")) {
      Node* node = parseYield();
      expectOp(")");
      return node;
    }
    Node* first = parseStarNamed();
    if (isKeywordToken("for") || isKeywordToken("async")) {
      if (first->kind == NodeKind::starred) fail();
      Node* node = make(NodeKind::generator, open);
      node->a = first;
      node->list = parseForClauses();
      expectOp(")");
      return node;
    }
    if (!isOp(",")) {
      if (first->kind == NodeKind::starred) {
        if (isOp(")") && diagnose_) errorAt(first, "cannot use starred expression here");
        fail();
      }
      expectOp(")");
      first->parenthesized = true;
      return first;
    }
    std::vector<Node*> items{first};
    while (acceptOp(",")) {
      if (isOp(")")) break;
      items.push_back(parseStarNamed());
    }
    expectOp(")");
    Node* tuple = make(NodeKind::tuple, open);
    tuple->list = ast_.keep(items);
    return tuple;
  };
  if (!diagnose_) {
    result = parse();
  } else {
    result = attempt(parse);
    if (!result) {
      position_ = start + 1;
      if (isOp("**")) {
        const Token& stars = advance();
        if (attempt([this] { return parseExpression(); }) && isOp(")")) {
          errorAt(stars, "cannot use double starred expression here");
        }
      }
      position_ = start;
      diagnoseComprehension(open);
      fail();
    }
  }
  // A tuple begins at its parenthesis, a grouped expression at its own first token.
  if (result->kind == NodeKind::tuple || result->kind == NodeKind::generator) {
    finish(result);
    result->parenthesized = true;
  }
  return result;
}

Node* Parser::parseListDisplay() {
  const Depth guard(*this);
  const std::size_t start = position_;
  const Token& open = advance();
  const auto parse = [&]() -> Node* {
    Node* node = make(NodeKind::list, open);
    if (acceptOp("]")) return node;
    Node* first = parseStarNamed();
    if ((isKeywordToken("for") || isKeywordToken("async")) && first->kind != NodeKind::starred) {
      node->kind = NodeKind::listComprehension;
      node->a = first;
      node->list = parseForClauses();
      expectOp("]");
      return node;
    }
    std::vector<Node*> items{first};
    while (acceptOp(",")) {
      if (isOp("]")) break;
      items.push_back(parseStarNamed());
    }
    expectOp("]");
    node->list = ast_.keep(items);
    return node;
  };
  Node* node = diagnose_ ? attempt(parse) : parse();
  if (!node) {
    position_ = start;
    diagnoseComprehension(open);
    fail();
  }
  finish(node);
  return node;
}

Node* Parser::parseDictDisplay(const Token& open) {
  Node* node = make(NodeKind::dict, open);
  std::vector<Node*> keys;
  std::vector<Node*> values;
  while (!isOp("}")) {
    if (isOp("**")) {
      const Token& stars = advance();
      Node* value = parseBitwiseOr();
      if (keys.empty() && isKeywordToken("for")) {
        if (diagnose_) errorAt(stars, "dict unpacking cannot be used in dict comprehension");
        fail();
      }
      keys.push_back(nullptr);
      values.push_back(value);
    } else {
      Node* key = parseExpression();
      expectOp(":");
      Node* value = parseExpression();
      if (keys.empty() && (isKeywordToken("for") || isKeywordToken("async"))) {
        node->kind = NodeKind::dictComprehension;
        node->a = key;
        node->b = value;
        node->list = parseForClauses();
        expectOp("}");
        return node;
      }
      keys.push_back(key);
      values.push_back(value);
    }
    if (!acceptOp(",")) break;
  }
  expectOp("}");
  node->list = ast_.keep(keys);
  node->list2 = ast_.keep(values);
  return node;
}

// The mistakes in pairs of a dict, from its first entry on.
void Parser::diagnosePairs() {
  for (bool first = true;; first = false) {
    if (isOp("**")) {
      advance();
      if (!attempt([this] { return parseBitwiseOr(); })) return;
    } else {
      Node* key = attempt([this] { return parseExpression(); });
      if (!key) return;
      if (!isOp(":")) {
        if (!first) errorAt(key->endLine, key->endColumn - 1, "':' expected after dictionary key");
        return;
      }
      const Token& colon = advance();
      if (isOp("*")) {
        const Token& star = advance();
        if (attempt([this] { return parseBitwiseOr(); })) {
          errorAt(star, "cannot use a starred expression in a dictionary value");
        }
        return;
      }
      if (isOp("}") || isOp(",")) errorAt(colon, "expression expected after dictionary key and ':'");
      if (!attempt([this] { return parseExpression(); })) return;
    }
    if (!acceptOp(",")) return;
    if (isOp("}")) return;
  }
}

Node* Parser::parseBraces() {
  const Depth guard(*this);
  const std::size_t start = position_;
  const Token& open = advance();
  const auto parseSet = [&]() -> Node* {
    Node* first = parseStarNamed();
    if ((isKeywordToken("for") || isKeywordToken("async")) && first->kind != NodeKind::starred) {
      Node* node = make(NodeKind::setComprehension, open);
      node->a = first;
      node->list = parseForClauses();
      expectOp("}");
      return node;
    }
    std::vector<Node*> items{first};
    while (acceptOp(",")) {
      if (isOp("}")) break;
      items.push_back(parseStarNamed());
    }
    expectOp("}");
    Node* node = make(NodeKind::set, open);
    node->list = ast_.keep(items);
    return node;
  };
  Node* node = nullptr;
  if (isOp("}") || isOp("**")) {
    node = diagnose_ ? attempt([&] { return parseDictDisplay(open); }) : parseDictDisplay(open);
  } else if (!diagnose_) {
    // One look at the first expression tells a dict from a set.
    const std::size_t inside = position_;
    Node* first = isOp("*") ? nullptr : parseNamed();
    const bool dict = first && isOp(":");
    position_ = inside;
    node = dict ? parseDictDisplay(open) : parseSet();
  } else {
    node = attempt([&] { return parseDictDisplay(open); });
    if (!node) {
      position_ = start + 1;
      diagnosePairs();
      position_ = start + 1;
      node = attempt(parseSet);
    }
  }
  if (!node) {
    position_ = start;
    diagnoseComprehension(open);
    fail();
  }
  finish(node);
  return node;
}

// One positional or starred argument; false when the next tokens are none.
bool Parser::parsePositional(Node*& node) {
  if (isOp("*")) {
    node = make(NodeKind::starred, advance());
    node->a = parseExpression();
    finish(node);
    return true;
  }
  if (peek().type == TokenType::name && isOp("=", 1)) return false;
  if (isOp("**") || !startsExpression()) return false;
  if (peek().type == TokenType::name && isOp(":=", 1)) {
    node = parseAssignmentExpression();
  } else {
    node = parseExpression();
    if (isOp(":=")) fail();
  }
  return !isOp("=");
}

bool Parser::parseKeyword(bool afterDouble, std::vector<Node*>& positional, std::vector<Node*>& keywords) {
  const Token& token = peek();
  if (isOp("**")) {
    Node* node = make(NodeKind::keyword, advance());
    node->a = parseExpression();
    finish(node);
    keywords.push_back(node);
    return true;
  }
  if (isOp("*") && !afterDouble) {
    Node* node = make(NodeKind::starred, advance());
    node->a = parseExpression();
    finish(node);
    positional.push_back(node);
    return true;
  }
  if (diagnose_) {
    const std::size_t start = position_;
    if (token.type == TokenType::keyword && (token.text == "True" || token.text == "False" || token.text == "None") &&
        isOp("=", 1)) {
      errorAt(token, "cannot assign to " + std::string(token.text));
    }
    if (token.type == TokenType::name && isOp("=", 1)) {
      position_ += 2;
      if (attempt([this] { return parseExpression(); }) && isKeywordToken("for") && attempt([this] {
            parseForClauses();
            return ast_.make(NodeKind::pass, 0, 0);
          })) {
        errorAt(token, "invalid syntax. Maybe you meant '==' or ':=' instead of '='?");
      }
    } else {
      Node* left = attempt([this] { return parseExpression(); });
      if (left && isOp("=")) errorAt(left, "expression cannot contain assignment, perhaps you meant \"==\"?");
    }
    position_ = start;
  }
  if (token.type != TokenType::name || !isOp("=", 1)) return false;
  Node* node = make(NodeKind::keyword, advance());
  node->name = token.text;
  advance();
  node->a = parseExpression();
  finish(node);
  keywords.push_back(node);
  return true;
}

// The rule `args`: stops before what is no argument. False when there is not even one.
bool Parser::parseArguments(std::vector<Node*>& positional, std::vector<Node*>& keywords) {
  bool any = false;
  bool inKeywords = false;
  bool afterDouble = false;
  for (;;) {
    const std::size_t before = position_;
    if (any && !acceptOp(",")) return true;
    if (isOp(")")) {
      position_ = before;
      return any;
    }
    bool good = false;
    const auto element = [&]() -> Node* {
      if (!inKeywords) {
        const std::size_t start = position_;
        Node* node = nullptr;
        if (parsePositional(node)) {
          positional.push_back(node);
          good = true;
          return ast_.make(NodeKind::pass, 0, 0);
        }
        position_ = start;
        inKeywords = true;
      }
      const bool doubled = isOp("**");
      good = parseKeyword(afterDouble, positional, keywords);
      if (good && doubled) afterDouble = true;
      return ast_.make(NodeKind::pass, 0, 0);
    };
    if (diagnose_) {
      if (!attempt(element)) good = false;
    } else {
      element();
    }
    if (!good) {
      position_ = before;
      return any;
    }
    any = true;
  }
}

Node* Parser::parseCall(Node* callee, int line, int column) {
  const Depth guard(*this);
  advance();
  Node* node = ast_.make(NodeKind::call, line, column);
  node->a = callee;
  std::vector<Node*> positional;
  std::vector<Node*> keywords;
  if (!acceptOp(")")) {
    const std::size_t start = position_;
    const bool some = parseArguments(positional, keywords);
    // A lone generator needs no parentheses of its own.
    if (some && positional.size() == 1 && keywords.empty() && positional[0]->kind != NodeKind::starred &&
        (isKeywordToken("for") || isKeywordToken("async"))) {
      const Token& open = tokens_[start - 1];
      const auto generator = [&]() -> Node* {
        Node* inner = make(NodeKind::generator, open);
        inner->a = positional[0];
        inner->list = parseForClauses();
        expectOp(")");
        finish(inner);
        return inner;
      };
      Node* inner = diagnose_ ? attempt(generator) : generator();
      if (!inner) diagnoseArguments(start);
      positional[0] = inner;
    } else {
      if (some) acceptOp(",");
      if (!isOp(")") || !some) {
        if (diagnose_) diagnoseArguments(start);
        fail();
      }
      advance();
    }
  }
  node->list = ast_.keep(positional);
  node->list2 = ast_.keep(keywords);
  finish(node);
  return node;
}

void Parser::diagnoseArguments(std::size_t start) {
  const auto clauses = [this] {
    parseForClauses();
    return ast_.make(NodeKind::pass, 0, 0);
  };
  const char* generator = "Generator expression must be parenthesized";
  std::vector<Node*> positional;
  std::vector<Node*> keywords;
  position_ = start;
  const bool some = parseArguments(positional, keywords);
  const std::size_t after = position_;
  const bool doubled = !keywords.empty() && keywords.back()->name.empty();
  if (some && doubled && isOp(",") && isOp("*", 1)) error("iterable argument unpacking follows keyword argument unpacking");
  position_ = start;
  Node* first = attempt([this] { return parseExpression(); });
  if (first && isKeywordToken("for") && attempt(clauses) && isOp(",")) errorAt(first, generator);
  position_ = start;
  if (peek().type == TokenType::name && isOp("=", 1)) {
    const Token& name = peek();
    position_ += 2;
    if (attempt([this] { return parseExpression(); }) && isKeywordToken("for") && attempt(clauses)) {
      errorAt(name, "invalid syntax. Maybe you meant '==' or ':=' instead of '='?");
    }
  }
  position_ = after;
  if (some && isKeywordToken("for") && attempt(clauses) && positional.size() + keywords.size() > 1) {
    Node* last = keywords.empty() ? positional.back() : keywords.back();
    errorAt(last, generator);
  }
  position_ = after;
  if (some && acceptOp(",")) {
    Node* next = attempt([this] { return parseExpression(); });
    if (next && isKeywordToken("for") && attempt(clauses)) errorAt(next, generator);
    position_ = after + 1;
    std::vector<Node*> morePositional;
    std::vector<Node*> moreKeywords;
    if (!isOp(")") && parseArguments(morePositional, moreKeywords)) {
      const bool unpacked = !keywords.empty() && keywords.back()->name.empty();
      error(unpacked ? "positional argument follows keyword argument unpacking"
                     : "positional argument follows keyword argument");
    }
  }
  fail();
}

}  // namespace cadrecode::script
