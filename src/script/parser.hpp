// Tokens to a syntax tree, with CPython 3.11's syntax errors. As in CPython the text is parsed a second time when the
// first time failed, looking for the mistakes that have a message of their own (`diagnose_`).
#pragma once

#include <memory>
#include <string>
#include <unordered_map>

#include "script/ast.hpp"
#include "script/lexer.hpp"

namespace cadrecode::script {

// Parses a whole script. Throws SyntaxFailure.
std::unique_ptr<Ast> parseScript(std::string_view source);

class Parser {
 public:
  Parser(Ast& ast, TokenList tokens) : ast_(ast), list_(std::move(tokens)), tokens_(list_.tokens) {}

  void parseFile();
  // The one expression of an f-string's braces, already in parentheses.
  Node* parseFormatExpression();

 private:
  struct ParseFail {};
  enum class TargetUse : std::uint8_t { assign, remove, loop };
  enum Rule : std::uint8_t { kExpression, kDisjunction, kBitwiseOr, kNamed, kStarNamed, kArguments };

  // --- tokens
  const Token& peek(std::size_t ahead = 0);
  bool isOp(std::string_view op, std::size_t ahead = 0);
  bool isKeywordToken(std::string_view word, std::size_t ahead = 0);
  bool acceptOp(std::string_view op);
  bool acceptKeyword(std::string_view word);
  const Token& advance();
  void expectOp(std::string_view op);
  void expectKeyword(std::string_view word);
  void forceOp(std::string_view op);
  const Token& expectName();
  [[noreturn]] void fail();
  [[noreturn]] void error(const std::string& message);  // at the furthest token read
  [[noreturn]] void errorAt(const Token& token, const std::string& message);
  [[noreturn]] void errorAt(const Node* node, const std::string& message);
  [[noreturn]] void errorAt(int line, int column, const std::string& message, const char* type = "SyntaxError");
  [[noreturn]] void resolveFailure(std::size_t furthest);
  void checkRestOfTokens();
  template <class F>
  Node* attempt(F parse);
  template <class F>
  Node* memoized(Rule rule, F parse);
  void finish(Node* node);
  Node* make(NodeKind kind, const Token& token) { return ast_.make(kind, token.line, token.column); }
  Node* makeAt(NodeKind kind, const Node* start) { return ast_.make(kind, start->line, start->column); }

  // --- expressions
  Node* parseStarExpressions();
  Node* parseStarExpression();
  Node* parseStarNamed();
  Node* parseStarNamedPlain();
  Node* parseNamed();
  Node* parseAssignmentExpression();
  void diagnoseNamed();
  Node* parseExpression();
  Node* parseExpressionPlain();
  void diagnoseExpression();
  Node* parseDisjunction();
  Node* parseConjunction();
  Node* parseInversion();
  Node* parseComparison();
  bool comparisonAhead(Comparison& op, int& tokens);
  Node* parseBitwiseOr();
  Node* parseBinary(int minimum);
  Node* parseUnary();
  Node* parsePower();
  Node* parsePrimary();
  Node* parseTrailer(Node* node);
  Node* parseAtom();
  Node* parseParenthesized();
  Node* parseListDisplay();
  Node* parseBraces();
  Node* parseDictDisplay(const Token& open);
  void diagnoseComprehension(const Token& open);
  void diagnosePairs();
  Node* parseLambda();
  Node* parseYield();
  Node* parseSlices();
  Node* parseSlice();
  NodeList parseForClauses();
  Node* parseCall(Node* callee, int line, int column);
  bool parseArguments(std::vector<Node*>& positional, std::vector<Node*>& keywords);
  bool parsePositional(Node*& node);
  bool parseKeyword(bool afterDouble, std::vector<Node*>& positional, std::vector<Node*>& keywords);
  [[noreturn]] void diagnoseArguments(std::size_t start);
  Node* parseStrings();
  Node* parseNumber();
  bool startsExpression();
  bool isLegacy(const Node* node) const;

  // --- strings
  struct Piece {
    bool raw, format;
    std::string_view body;
    int line, column;  // of the body's first character
  };
  std::string unescape(const Piece& piece, std::string_view text);
  void parseFormatPieces(const Piece& piece, std::size_t& i, int depth, std::vector<Node*>& parts, std::string& text);
  Node* parseField(const Piece& piece, std::size_t& i, int depth, std::string& text);

  // --- targets
  Node* parseTargets(bool loop);
  const Node* invalidTarget(const Node* node, TargetUse use) const;
  void checkTarget(const Node* node, TargetUse use);
  bool isTarget(const Node* node) const;
  static const char* describe(const Node* node);

  // --- statements
  NodeList parseStatements(bool untilDedent);
  void parseStatement(std::vector<Node*>& out);
  void parseSimpleStatements(std::vector<Node*>& out);
  Node* parseSimpleStatement();
  Node* parseExpressionStatement();
  Node* parseAssignmentRest(Node* first, std::size_t start);
  bool assignsPrefix();
  void diagnoseAssignment(std::size_t start);
  NodeList parseBlock(const std::string& what, int line);
  Node* parseIf();
  Node* parseWhile();
  Node* parseFor();
  Node* parseTry();
  Node* parseWith();
  Node* parseWithItem();
  Node* parseFunction(NodeList decorators);
  std::span<Parameter> parseParameters(std::string_view closing, bool annotations);
  Node* parseClass(NodeList decorators);
  Node* parseImport();
  Node* parseImportFrom();
  Node* parseDelete();
  Node* parseMatch();
  void expectColon();

  // --- patterns
  Node* parsePatterns();
  Node* parsePattern();
  Node* parseClosedPattern();
  Node* parseSequencePattern(std::string_view closing, const Token& open);
  Node* parsePatternValue();

  class Depth {
   public:
    explicit Depth(Parser& parser);
    ~Depth() { --parser_.depth_; }
    Depth(const Depth&) = delete;
    Depth& operator=(const Depth&) = delete;

   private:
    Parser& parser_;
  };

  struct Memo {
    Node* node;
    std::size_t end;
  };

  Ast& ast_;
  TokenList list_;
  const std::vector<Token>& tokens_;
  std::size_t position_ = 0;
  std::size_t furthest_ = 0;
  int depth_ = 0;
  int formatDepth_ = 0;
  bool diagnose_ = false;
  std::unordered_map<std::size_t, Memo> memo_;
};

}  // namespace cadrecode::script
