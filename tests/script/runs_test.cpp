// Many runs in one interpreter: nothing of one is seen by the next, and nothing is left behind.
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "script/interpreter.hpp"

namespace cadrecode::script {
namespace {

long residentPages() {
  std::ifstream in("/proc/self/statm");
  long size = 0, resident = 0;
  in >> size >> resident;
  return resident;
}

TEST(Runs, ShareNoNames) {
  Interpreter interpreter;
  EXPECT_EQ(interpreter.run("x = 3\nimport math\nmath.pi = 3\n").status, Status::ok);
  const RunResult next = interpreter.run("import math\nprint(math.pi > 3.1)\nprint(x)\n");
  EXPECT_EQ(next.output, "True\n");
  EXPECT_EQ(next.error.type, "NameError");
  EXPECT_EQ(next.error.message, "name 'x' is not defined");
  EXPECT_EQ(next.error.line, 3);
}

TEST(Runs, KeepGlobalsInTheOrderOfTheirFirstBinding) {
  Interpreter interpreter;
  const RunResult run = interpreter.run("a = 1\nb = 2\na = 3\ndel b\nb = 4\nc = 5\n");
  ASSERT_EQ(run.globals.size(), 3u);
  EXPECT_EQ(run.globals[0].first, "a");
  EXPECT_EQ(run.globals[1].first, "b");
  EXPECT_EQ(run.globals[2].first, "c");
  EXPECT_EQ(run.globals[0].second.integer(), 3);
}

TEST(Runs, LeaveNoMemoryBehind) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "AddressSanitizer keeps freed memory back";
#endif
  Interpreter interpreter;
  const std::string cyclic =
      "class Node:\n    def __init__(self):\n        self.me = self\n        self.items = [self] * 50\n"
      "nodes = [Node() for _ in range(100)]\n"
      "def outer():\n    def inner():\n        return inner\n    return inner\n"
      "f = [outer() for _ in range(50)]\n"
      "def endless():\n    n = 0\n    while True:\n        yield n\n        n += 1\n"
      "g = endless()\nnext(g)\n"
      "try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    kept = e\n";
  for (int i = 0; i < 200; ++i) ASSERT_EQ(interpreter.run(cyclic).status, Status::ok);
  interpreter.clear();
  const long before = residentPages();
  for (int i = 0; i < 2000; ++i) ASSERT_EQ(interpreter.run(cyclic).status, Status::ok);
  interpreter.clear();
  EXPECT_LT(residentPages() - before, 512) << "pages of 4 KiB over 2,000 runs";
}

TEST(Runs, EndInTheTypedErrorOfTheirLimit) {
  Interpreter interpreter;
  Limits limits;
  limits.steps = 100'000;
  limits.heapBytes = 4u << 20;
  limits.outputBytes = 1000;
  const auto typeOf = [&](const char* source) {
    const RunResult run = interpreter.run(source, limits);
    EXPECT_EQ(run.status, Status::limit) << source;
    return run.error.type;
  };
  EXPECT_EQ(typeOf("while True:\n    pass\n"), "StepLimit");
  EXPECT_EQ(typeOf("try:\n    while True:\n        pass\nexcept:\n    pass\n"), "StepLimit") << "no script catches it";
  EXPECT_EQ(typeOf("sum(range(10**12))\n"), "StepLimit");
  EXPECT_EQ(typeOf("x = [0] * 10**9\n"), "HeapLimit");
  EXPECT_EQ(typeOf("x = 'ab' * 10**10\n"), "HeapLimit");
  EXPECT_EQ(typeOf("while True:\n    print('hello')\n"), "OutputLimit");
}

TEST(Runs, RefuseIntsBeyond64Bits) {
  Interpreter interpreter;
  for (const char* source : {"x = 2 ** 100\n", "x = 9223372036854775807 + 1\n", "x = 9**9**9\n", "x = 1 << 64\n"}) {
    EXPECT_EQ(interpreter.run(source).error.type, "OverflowError") << source;
  }
  EXPECT_EQ(interpreter.run("x = -9223372036854775807 - 1\n").status, Status::ok);
}

}  // namespace
}  // namespace cadrecode::script
