// Scripts that mean harm, or that a model wrote without meaning any. Each ends in a status of its own, within its time
// limit plus one second, and leaves the program standing.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "command.hpp"

namespace cadrecode::end_to_end {
namespace {

using nlohmann::json;

const std::string kImport = "import cadquery as cq\n";

std::string repeated(const std::string& text, int times) {
  std::string all;
  all.reserve(text.size() * static_cast<std::size_t>(times));
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

struct Hostile {
  std::string name;
  std::string script;
  std::set<std::string> statuses;  // any of these
  std::vector<std::string> options = {};
  double seconds = 0;  // 0: by the statuses

  // What ends by itself is given more than it needs on any machine, so that its own end is seen.
  double limit() const { return seconds > 0 ? seconds : statuses.count("timeout") > 0 ? 10 : 60; }
};

// A script that nothing but the clock, or the memory limit, ends.
Hostile endless(const std::string& name, const std::string& script, const std::set<std::string>& statuses = {"timeout"},
                const std::vector<std::string>& options = {}) {
  return {name, script, statuses, options, 2};
}

// How long the program takes for nothing: on a machine with other work that alone may be a second.
double trifle() { return run({"exec", "-", "--json"}, "r = 1\n").seconds; }

void PrintTo(const Hostile& hostile, std::ostream* stream) { *stream << hostile.name; }

class HostileScript : public testing::TestWithParam<Hostile> {};

TEST_P(HostileScript, EndsInItsStatusInTime) {
  const Hostile& hostile = GetParam();
  std::vector<std::string> arguments = {"exec", "-", "--json", "--timeout", std::to_string(hostile.limit())};
  arguments.insert(arguments.end(), hostile.options.begin(), hostile.options.end());
  Answer answer;
  // Another work's burst may hold the program up; it will not hit each of three runs, which a missing limit would.
  for (int attempt = 1;; ++attempt) {
    const double before = trifle();
    answer = run(arguments, hostile.script);
    const double end = hostile.limit() + 1 + 3 * std::max(before, trifle());
    if (answer.seconds >= end && attempt < 3) continue;
    EXPECT_LT(answer.seconds, end);
    break;
  }
  ASSERT_NE(answer.out, "") << answer.err;
  const json object = answer.object();
  EXPECT_TRUE(hostile.statuses.count(object["status"])) << object;
  if (object["status"] != "ok") {
    EXPECT_NE(object["error"]["type"], "");
    EXPECT_NE(object["error"]["message"], "");
  }
  EXPECT_LT(answer.out.size(), 4u << 20) << "the answer itself is a flood";
}

std::string nameOf(const testing::TestParamInfo<Hostile>& info) { return info.param.name; }

const std::set<std::string> kTimeout = {"timeout"};
const std::set<std::string> kMemory = {"out_of_memory"};
const std::set<std::string> kRuntime = {"runtime_error"};
const std::set<std::string> kSyntax = {"syntax_error"};
const std::set<std::string> kRefused = {"unsupported", "runtime_error"};

INSTANTIATE_TEST_SUITE_P(
    Time, HostileScript,
    testing::Values(
        endless("endless_loop", "while True:\n    pass\n"),
        endless("endless_loop_that_catches_everything",
                "while True:\n    try:\n        while True:\n            x = 1\n    except:\n        pass\n"),
        endless("endless_finally",
                "def f():\n    while True:\n        try:\n            return 1\n        finally:\n            "
                "continue\nf()\n"),
        endless("endless_generator", "def g():\n    while True:\n        yield 1\nsum(g())\n"),
        endless("long_range_sum", "sum(range(10**15))\n"),
        endless("long_membership", "10**15 + 0.5 in range(10**16)\nx = [i for i in range(10**9) if i < 0]\n",
                {"timeout", "out_of_memory"}),
        endless("sorting_with_a_slow_key", "sorted(range(10**9), key=lambda v: -v)\n", {"timeout", "out_of_memory"}),
        endless("million_unions", kImport +
                                      "r = cq.Workplane().box(1, 1, 1)\nfor i in range(10**6):\n"
                                      "    r = r.union(cq.Workplane().box(1, 1, 1).translate((i * 0.5, 0, i % 3)))\n"),
        endless("million_points", kImport + "r = cq.Workplane().rarray(2, 2, 1000, 1000).circle(0.5).extrude(1)\n",
                {"timeout", "out_of_memory"}),
        endless("mesh_of_billions", kImport + "r = cq.Workplane().sphere(1e6)\n", {"timeout", "out_of_memory"},
                {"--tolerance", "0.00001", "--angular", "0.0001"})),
    nameOf);

INSTANTIATE_TEST_SUITE_P(
    Memory, HostileScript,
    testing::Values(Hostile{"giant_list", "x = [0] * 10**12\n", kMemory},
                    Hostile{"giant_string", "x = 'x' * 10**12\n", kMemory},
                    Hostile{"doubling_list", "x = [1]\nwhile True:\n    x = x + x\n", kMemory},
                    Hostile{"doubling_string", "x = 'ab'\nwhile True:\n    x += x\n", kMemory},
                    Hostile{"lists_of_lists", "x = [[0] * 1000 for i in range(10**9)]\n", kMemory},
                    endless("growing_dict", "d = {}\ni = 0\nwhile True:\n    d[i] = str(i)\n    i += 1\n",
                            {"out_of_memory", "timeout"}),
                    endless("growing_closures", "f = None\nwhile True:\n    f = (lambda g: lambda: g)(f)\n",
                            {"out_of_memory", "timeout"}),
                    endless("self_containing_list", "x = []\nx.append(x)\ny = str(x)\nwhile True:\n    x = [x, x]\n",
                            {"out_of_memory", "timeout"}),
                    Hostile{"format_width", "x = '%1000000000000d' % 1\n", {"out_of_memory", "runtime_error"}},
                    Hostile{"fstring_width", "x = f'{1:>1000000000000}'\n", {"out_of_memory", "runtime_error"}},
                    Hostile{"join_of_giants", "x = ','.join(['y' * 10**7] * 10**5)\n", kMemory},
                    Hostile{"small_memory",
                            kImport + "r = cq.Workplane().box(1, 1, 1)\nx = 'a' * (200 << 20)\n",
                            kMemory,
                            {"--memory", "128M"}},
                    Hostile{"prints_of_gigabytes", "while True:\n    print('x' * 100000)\n", kRuntime}),
    nameOf);

INSTANTIATE_TEST_SUITE_P(
    Depth, HostileScript,
    testing::Values(Hostile{"deep_recursion", "def f(n):\n    return f(n + 1)\nf(0)\n", kRuntime},
                    Hostile{"mutual_recursion_through_builtins",
                            "def f(n):\n    return sorted([1, 2], key=lambda v: f(n + 1))\nf(0)\n", kRuntime},
                    Hostile{"recursion_in_methods",
                            "class A:\n    def __init__(self, n):\n        self.b = A(n + 1)\nA(0)\n", kRuntime},
                    Hostile{"deep_value",
                            "x = []\nfor i in range(10**6):\n    x = [x]\nprint(x)\n",
                            {"runtime_error", "no_result"}},
                    Hostile{"deep_comparison",
                            "x = []\ny = []\nfor i in range(10**6):\n    x = [x]\n    y = [y]\nz = x == y\n",
                            {"runtime_error", "no_result"}},
                    Hostile{"parentheses", repeated("(", 200'000), kSyntax},
                    Hostile{"closed_parentheses",
                            "x = " + repeated("(", 100'000) + "1" + repeated(")", 100'000),
                            {"syntax_error", "no_result"}},
                    Hostile{"minus_signs", "x = " + repeated("-", 1'000'000) + "1\n", {"runtime_error"}},
                    Hostile{"attribute_chain",
                            "x = 1" + repeated(".real", 200'000) + "\n",
                            {"syntax_error", "runtime_error", "no_result", "unsupported"}},
                    Hostile{"call_chain",
                            kImport + "r = cq.Workplane()" + repeated(".box(1,1,1)", 20'000),
                            {"syntax_error", "runtime_error", "timeout", "ok"}},
                    Hostile{"not_not_not", "x = " + repeated("not ", 300'000) + "1\n", {"runtime_error"}},
                    Hostile{"nested_blocks",
                            [] {
                              std::string text;
                              for (int i = 0; i < 1500; ++i)
                                text += std::string(static_cast<std::size_t>(i), ' ') + "if 1:\n";
                              return text;
                            }(),
                            kSyntax},
                    Hostile{"nested_fstrings", repeated("f'{", 5000) + "1" + repeated("}'", 5000), kSyntax}),
    nameOf);

INSTANTIATE_TEST_SUITE_P(
    Text, HostileScript,
    testing::Values(Hostile{"nul_byte", std::string("r = 1\n\0x = 2\n", 13), kSyntax},
                    Hostile{"only_nul_bytes", std::string(1000, '\0'), kSyntax},
                    Hostile{"ten_megabytes",
                            repeated("x = 1  # a line of no use\n", 400'000),
                            {"syntax_error", "unsupported", "runtime_error", "no_result", "out_of_memory"}},
                    Hostile{"ten_megabytes_in_one_line",
                            "x = '" + std::string(10'000'000, 'a') + "'\n",
                            {"syntax_error", "unsupported", "runtime_error", "no_result", "out_of_memory"}},
                    Hostile{"no_utf8", "x = '\xff\xfe\xc0\x80'\n", {"syntax_error", "no_result"}},
                    Hostile{"control_characters", "x = 1\x01\x02\x1b[2J\n", kSyntax},
                    Hostile{"no_python", "Sure! Here is the CadQuery code you asked for:\n```python\nr = 1\n```\n",
                            kSyntax},
                    Hostile{"unclosed_string", "x = '''" + std::string(100'000, 'q'), kSyntax}),
    nameOf);

INSTANTIATE_TEST_SUITE_P(Numbers, HostileScript,
                         testing::Values(Hostile{"integer_power", "x = 9 ** 9 ** 9\n", kRuntime},
                                         Hostile{"shift", "x = 1 << 10**9\n", {"runtime_error", "unsupported"}},
                                         Hostile{"integer_from_digits", "x = int('9' * 10**6)\n", kRuntime},
                                         Hostile{"endless_size",
                                                 kImport + "r = cq.Workplane().box(1e400, 1, 1)\n",
                                                 {"runtime_error", "invalid_geometry"}},
                                         Hostile{"no_number",
                                                 kImport + "r = cq.Workplane().box(float('nan'), 1, 1)\n",
                                                 {"runtime_error", "invalid_geometry"}},
                                         Hostile{"immense_size",
                                                 kImport + "r = cq.Workplane().box(1e200, 1e200, 1e200)\n",
                                                 {"runtime_error", "invalid_geometry", "ok"}},
                                         Hostile{"tiny_size",
                                                 kImport + "r = cq.Workplane().circle(1e-9).extrude(1e-9)\n",
                                                 {"runtime_error", "invalid_geometry", "ok"}}),
                         nameOf);

INSTANTIATE_TEST_SUITE_P(
    Escape, HostileScript,
    testing::Values(
        Hostile{"import_os", "import os\nos.system('true')\n", {"unsupported"}},
        Hostile{"from_import", "from subprocess import run\n", {"unsupported"}},
        Hostile{"import_inside", kImport + "import cadquery.os as o\n", {"unsupported", "runtime_error"}},
        Hostile{"import_sys", "def f():\n    import sys\n    return sys\nf()\n", {"unsupported"}},
        Hostile{"dunder_import", "__import__('os')\n", kRefused},
        Hostile{"open_file", "open('/etc/passwd').read()\n", kRefused},
        Hostile{"write_file", "open('/tmp/cadrecode_was_here', 'w').write('x')\n", kRefused},
        Hostile{"exec_text", "exec('import os')\n", kRefused}, Hostile{"eval_text", "eval('1')\n", kRefused},
        Hostile{"compile_text", "compile('1', 'x', 'eval')\n", kRefused},
        Hostile{"global_table", "globals()['x'] = 1\n", kRefused}, Hostile{"input", "input()\n", kRefused},
        Hostile{"subclasses", "().__class__.__bases__[0].__subclasses__()\n", kRefused},
        Hostile{"getattr_class", "getattr((), '__class__').__mro__\n", kRefused},
        Hostile{"setattr_class", "class A: pass\nsetattr(A(), '__class__', int)\n", kRefused},
        Hostile{"function_globals", "def f(): pass\nf.__globals__\n", kRefused},
        Hostile{"function_code", "def f(): pass\nf.__code__ = None\n", kRefused},
        Hostile{"method_function", kImport + "cq.Workplane.box.__func__.__globals__\n", kRefused},
        Hostile{"module_dictionary", kImport + "cq.__dict__['os']\n", kRefused},
        Hostile{"module_loader", kImport + "cq.__loader__\n", kRefused},
        Hostile{"module_os", kImport + "cq.os.system('x')\n", kRefused},
        Hostile{"format_attribute", "print('{0.__class__.__mro__}'.format(1))\n", kRefused},
        Hostile{"fstring_attribute", "print(f'{(1).__class__}')\n", kRefused},
        Hostile{"exporter", kImport + "cq.exporters.export(cq.Workplane().box(1, 1, 1), '/tmp/cadrecode_was_here')\n",
                kRefused},
        Hostile{"importer", kImport + "cq.importers.importStep('/etc/passwd')\n", kRefused},
        Hostile{"shape_export", kImport + "cq.Workplane().box(1, 1, 1).val().exportStep('/tmp/cadrecode_was_here')\n",
                kRefused},
        Hostile{"font_file",
                kImport + "r = cq.Workplane().text('x', 5, 1, fontPath='/etc/shadow')\n",
                {"ok", "runtime_error", "unsupported", "invalid_geometry"}},
        Hostile{"traceback_frame",
                "try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    e.__traceback__.tb_frame.f_globals\n", kRefused}),
    nameOf);

// Constructions on which the kernel fails in ways of its own. What matters is that it ends.
const std::set<std::string> kAnyEnd = {"ok",    "runtime_error", "invalid_geometry", "timeout",
                                       "crash", "out_of_memory", "no_result"};

INSTANTIATE_TEST_SUITE_P(
    Kernel, HostileScript,
    testing::Values(
        Hostile{"fillet_larger_than_its_edges",
                kImport + "r = cq.Workplane().box(10, 10, 10).edges().fillet(20)\n",
                {"runtime_error", "invalid_geometry"}},
        Hostile{"fillet_that_meets_itself", kImport + "r = cq.Workplane().box(10, 10, 10).edges().fillet(5)\n",
                kAnyEnd},
        Hostile{"collinear_arc",
                kImport + "r = cq.Workplane().moveTo(0, 0).threePointArc((1, 0), (2, 0)).close().extrude(1)\n",
                {"runtime_error", "invalid_geometry"}},
        Hostile{"crossing_outline",
                kImport + "r = cq.Workplane().polyline([(0, 0), (10, 10), (10, 0), (0, "
                          "10)]).close().extrude(5).faces('>Z').shell(1)\n",
                kAnyEnd},
        Hostile{"tangent_cylinders",
                kImport + "r = cq.Workplane().circle(5).extrude(10)\nfor i in range(40):\n"
                          "    r = r.union(cq.Workplane().center(10 * (i % 7), 10 * (i // 7)).circle(5).extrude(10))\n",
                kAnyEnd},
        Hostile{"coincident_spheres",
                kImport + "r = cq.Workplane().sphere(5)\nfor i in range(20):\n"
                          "    r = r.union(cq.Workplane().sphere(5).translate((i * 1e-7, 0, 0)))\n",
                kAnyEnd},
        Hostile{"sweep_through_itself",
                kImport + "p = cq.Workplane('XZ').spline([(0, 0), (5, 5), (-5, 5), (0, 0.1), (5, -5)])\n"
                          "r = cq.Workplane('XY').circle(4).sweep(p, transition='round')\n",
                kAnyEnd},
        Hostile{"steep_helix",
                kImport + "h = cq.Wire.makeHelix(0.01, 5, 3)\nr = cq.Workplane('XZ').center(3, 0).circle(1).sweep(h, "
                          "isFrenet=True)\n",
                kAnyEnd},
        Hostile{"shell_thicker_than_the_body",
                kImport + "r = cq.Workplane().sphere(5).cut(cq.Workplane().box(9, 9, 9)).shell(-4)\n", kAnyEnd},
        Hostile{"loft_of_unequal_wires",
                kImport +
                    "r = cq.Workplane().polygon(50, "
                    "10).workplane(offset=1e-4).circle(0.01).workplane(offset=-5).rect(9, 1).loft(combine=True)\n",
                kAnyEnd},
        Hostile{"offset_inside_out",
                kImport + "r = cq.Workplane().polyline([(0, 0), (10, 0), (10, 1), (1, 1), (1, 10), (0, "
                          "10)]).close().offset2D(-0.7).extrude(1)\n",
                kAnyEnd},
        Hostile{"chamfers_on_chamfers",
                kImport + "r = cq.Workplane().box(10, 10, 10)\nfor i in range(30):\n    r = r.edges().chamfer(0.4)\n",
                kAnyEnd},
        Hostile{"degenerate_revolve", kImport + "r = cq.Workplane().rect(4, 4).revolve(360, (0, 0), (0, 1))\n",
                kAnyEnd},
        Hostile{"text_of_thousands", kImport + "r = cq.Workplane().text('W' * 5000, 10, 1)\n", kAnyEnd}),
    nameOf);

TEST(HostileScripts, NothingWasWritten) { EXPECT_FALSE(std::filesystem::exists("/tmp/cadrecode_was_here")); }

TEST(HostileScripts, ATimeoutSaysWhereTheScriptStood) {
  const json object = execute(kImport + "x = 1\nwhile True:\n    x += 1\n", {"--timeout", "3"});
  EXPECT_EQ(object["status"], "timeout");
  EXPECT_GE(object["error"]["line"], 3);
  EXPECT_LE(object["error"]["line"], 4);
}

TEST(HostileScripts, StepsAreALimitOfTheirOwn) {
  const json object = execute("while True:\n    pass\n", {"--timeout", "20", "--max-steps", "100000"});
  EXPECT_EQ(object["status"], "timeout");
  EXPECT_EQ(object["error"]["type"], "StepLimit");
}

}  // namespace
}  // namespace cadrecode::end_to_end
