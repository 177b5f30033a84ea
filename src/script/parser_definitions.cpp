// Functions, classes and match statements.
#include "script/parser.hpp"
#include "script/parser_memo.hpp"

namespace cadrecode::script {

// The parameters up to (and without) the closing token.
std::span<Parameter> Parser::parseParameters(std::string_view closing, bool annotations) {
  std::vector<Parameter> parameters;
  bool star = false;
  bool slash = false;
  bool defaults = false;
  const auto addName = [&](ParameterKind kind) -> Parameter& {
    const Token& token = expectName();
    Parameter parameter;
    parameter.name = token.text;
    parameter.kind = kind;
    parameter.line = token.line;
    parameter.column = token.column;
    if (annotations && acceptOp(":")) {
      parameter.annotation = kind == ParameterKind::rest && isOp("*") ? parseStarExpression() : parseExpression();
    }
    parameters.push_back(parameter);
    return parameters.back();
  };
  while (!isOp(closing)) {
    const Token& token = peek();
    if (isOp("**")) {
      advance();
      addName(ParameterKind::keywords);
      if (isOp("=")) errorAt(peek(), "var-keyword argument cannot have default value");
      if (acceptOp(",") && !isOp(closing)) {
        const Token& next = peek();
        if (next.type == TokenType::name || isOp("*") || isOp("**") || isOp("/")) {
          errorAt(next, "arguments cannot follow var-keyword argument");
        }
      }
      break;
    }
    if (isOp("*")) {
      if (star) errorAt(token, "* argument may appear only once");
      star = true;
      advance();
      if (isOp(closing) || (isOp(",") && (isOp(closing, 1) || isOp("**", 1)))) {
        if (closing == ":") error("named arguments must follow bare *");
        errorAt(token, "named arguments must follow bare *");
      }
      if (!isOp(",")) {
        addName(ParameterKind::rest);
        if (isOp("=")) errorAt(peek(), "var-positional argument cannot have default value");
      }
    } else if (isOp("/")) {
      if (parameters.empty()) errorAt(token, "at least one argument must precede /");
      if (slash) errorAt(token, "/ may appear only once");
      if (star) errorAt(token, "/ must be ahead of *");
      slash = true;
      advance();
      for (Parameter& parameter : parameters) parameter.kind = ParameterKind::positionalOnly;
      if (isOp("*")) errorAt(peek(), "expected comma between / and *");
    } else {
      if (isOp("(") && diagnose_) {
        const Token& open = advance();
        bool names = false;
        while (peek().type == TokenType::name) {
          advance();
          names = true;
          if (!acceptOp(",")) break;
        }
        if (names && isOp(")")) {
          errorAt(open, closing == ":" ? "Lambda expression parameters cannot be parenthesized"
                                       : "Function parameters cannot be parenthesized");
        }
        fail();
      }
      Parameter& parameter = addName(star ? ParameterKind::keywordOnly : ParameterKind::ordinary);
      if (isOp("=")) {
        const Token& equal = advance();
        if (isOp(",") || isOp(closing)) errorAt(equal, "expected default value expression");
        Node* value = parseExpression();
        parameters.back().defaultValue = value;
        if (!star) defaults = true;
      } else if (!star && defaults) {
        if (!isOp(",") && !isOp(closing)) fail();
        errorAt(parameter.line, parameter.column, "non-default argument follows default argument");
      }
    }
    if (!acceptOp(",")) break;
  }
  return ast_.keep(parameters);
}

Node* Parser::parseFunction(NodeList decorators) {
  const Token& word = advance();
  Node* node = make(NodeKind::function, word);
  const Token& name = expectName();
  node->name = name.text;
  forceOp("(");
  node->parameters = parseParameters(")", true);
  expectOp(")");
  if (acceptOp("->")) node->b = parseExpression();
  forceOp(":");
  node->list = parseBlock("function definition", word.line);
  node->list2 = decorators;
  return node;
}

Node* Parser::parseClass(NodeList decorators) {
  const Token& word = advance();
  Node* node = make(NodeKind::classStatement, word);
  const Token& name = expectName();
  node->name = name.text;
  if (isOp("(")) {
    Node* call = parseCall(nullptr, name.line, name.column);
    node->list = call->list;
    node->list2 = call->list2;
  }
  expectColon();
  node->list3 = parseBlock("class definition", word.line);
  node->list4 = decorators;
  return node;
}

Node* Parser::parseMatch() {
  const Token& word = advance();
  Node* node = make(NodeKind::match, word);
  Node* subject = isOp("*") ? parseStarNamed() : parseNamed();
  if (isOp(",")) {
    std::vector<Node*> items{subject};
    while (acceptOp(",")) {
      if (!startsExpression()) break;
      items.push_back(parseStarNamed());
    }
    Node* tuple = makeAt(NodeKind::tuple, subject);
    tuple->list = ast_.keep(items);
    subject = tuple;
  } else if (subject->kind == NodeKind::starred) {
    fail();
  }
  node->a = subject;
  expectOp(":");
  if (peek().type != TokenType::newline) fail();
  advance();
  if (peek().type != TokenType::indent) {
    if (diagnose_) {
      errorAt(peek().line, peek().column,
              "expected an indented block after 'match' statement on line " + std::to_string(word.line),
              "IndentationError");
    }
    fail();
  }
  advance();
  std::vector<Node*> cases;
  while (peek().type == TokenType::name && peek().text == "case") {
    const Token& token = advance();
    Node* item = make(NodeKind::matchCase, token);
    item->a = parsePatterns();
    if (acceptKeyword("if")) item->b = parseNamed();
    expectColon();
    item->list = parseBlock("'case' statement", token.line);
    cases.push_back(item);
  }
  if (cases.empty() || peek().type != TokenType::dedent) fail();
  advance();
  node->list = ast_.keep(cases);
  return node;
}

Node* Parser::parsePatterns() {
  const Token& first = peek();
  const auto element = [this]() -> Node* {
    if (!isOp("*")) return parsePattern();
    Node* node = make(NodeKind::patternStar, advance());
    const Token& name = expectName();
    if (name.text != "_") node->name = name.text;
    return node;
  };
  Node* pattern = element();
  if (!isOp(",")) {
    if (pattern->kind == NodeKind::patternStar) fail();
    return pattern;
  }
  std::vector<Node*> items{pattern};
  while (acceptOp(",")) {
    if (isOp(":") || isKeywordToken("if")) break;
    items.push_back(element());
  }
  Node* sequence = make(NodeKind::patternSequence, first);
  sequence->list = ast_.keep(items);
  return sequence;
}

Node* Parser::parsePattern() {
  const Depth guard(*this);
  Node* first = parseClosedPattern();
  if (isOp("|")) {
    std::vector<Node*> items{first};
    while (acceptOp("|")) items.push_back(parseClosedPattern());
    Node* node = makeAt(NodeKind::patternOr, first);
    node->list = ast_.keep(items);
    first = node;
  }
  if (acceptKeyword("as")) {
    Node* node = makeAt(NodeKind::patternAs, first);
    node->a = first;
    const Token& name = expectName();
    if (name.text == "_") errorAt(name, "cannot use '_' as a target");
    node->name = name.text;
    return node;
  }
  return first;
}

Node* Parser::parseSequencePattern(std::string_view closing, const Token& open) {
  std::vector<Node*> items;
  bool comma = false;
  while (!isOp(closing)) {
    if (isOp("*")) {
      Node* star = make(NodeKind::patternStar, advance());
      const Token& name = expectName();
      if (name.text != "_") star->name = name.text;
      items.push_back(star);
    } else {
      items.push_back(parsePattern());
    }
    if (!acceptOp(",")) break;
    comma = true;
  }
  expectOp(closing);
  if (closing == ")" && items.size() == 1 && !comma && items[0]->kind != NodeKind::patternStar) return items[0];
  Node* node = make(NodeKind::patternSequence, open);
  node->list = ast_.keep(items);
  return node;
}

// A literal (perhaps negative) or a dotted name, to compare with.
Node* Parser::parsePatternValue() {
  const Token& token = peek();
  if (isOp("-")) {
    Node* node = parseUnary();
    if (node->kind == NodeKind::unary && node->a->kind != NodeKind::constant) fail();
    return node;
  }
  if (token.type == TokenType::number || token.type == TokenType::string || token.type == TokenType::keyword)
    return parseAtom();
  fail();
}

Node* Parser::parseClosedPattern() {
  const Token& token = peek();
  if (isOp("(")) {
    advance();
    return parseSequencePattern(")", token);
  }
  if (isOp("[")) {
    advance();
    return parseSequencePattern("]", token);
  }
  if (isOp("{")) {
    advance();
    Node* node = make(NodeKind::patternMapping, token);
    std::vector<Node*> keys;
    std::vector<Node*> patterns;
    while (!isOp("}")) {
      if (acceptOp("**")) {
        node->name = expectName().text;
      } else {
        const Token& start = peek();
        Node* key = start.type == TokenType::name ? parsePrimary() : parsePatternValue();
        expectOp(":");
        keys.push_back(key);
        patterns.push_back(parsePattern());
      }
      if (!acceptOp(",")) break;
    }
    expectOp("}");
    node->list = ast_.keep(keys);
    node->list2 = ast_.keep(patterns);
    return node;
  }
  if (token.type == TokenType::name) {
    advance();
    if (!isOp(".") && !isOp("(")) {
      Node* node = make(NodeKind::patternCapture, token);
      if (token.text != "_") node->name = token.text;
      return node;
    }
    Node* value = make(NodeKind::name, token);
    value->name = token.text;
    while (acceptOp(".")) {
      const Token& name = expectName();
      Node* attribute = makeAt(NodeKind::attribute, value);
      attribute->a = value;
      attribute->name = name.text;
      attribute->nameLine = name.line;
      attribute->nameColumn = name.column;
      value = attribute;
    }
    if (!acceptOp("(")) {
      Node* node = make(NodeKind::patternValue, token);
      node->a = value;
      return node;
    }
    Node* node = make(NodeKind::patternClass, token);
    node->a = value;
    std::vector<Node*> positional;
    std::vector<Node*> keywords;
    while (!isOp(")")) {
      if (peek().type == TokenType::name && isOp("=", 1)) {
        const Token& name = advance();
        advance();
        Node* keyword = make(NodeKind::keyword, name);
        keyword->name = name.text;
        keyword->a = parsePattern();
        keywords.push_back(keyword);
      } else {
        if (!keywords.empty()) errorAt(peek(), "positional patterns follow keyword patterns");
        positional.push_back(parsePattern());
      }
      if (!acceptOp(",")) break;
    }
    expectOp(")");
    node->list = ast_.keep(positional);
    node->list2 = ast_.keep(keywords);
    return node;
  }
  Node* node = make(NodeKind::patternValue, token);
  node->a = parsePatternValue();
  return node;
}

}  // namespace cadrecode::script
