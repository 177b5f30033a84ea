// `cadrecode exec` and `measure` as a user meets them: what is printed, what is written, which code is returned.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "command.hpp"

namespace cadrecode::end_to_end {
namespace {

using nlohmann::json;

const char* const kBox = "import cadquery as cq\nr = cq.Workplane('XY').box(10, 20, 30)\n";
const char* const kCylinder = "import cadquery as cq\nr = cq.Workplane('XY').circle(5).extrude(7)\n";
const char* const kBroken = "import cadquery as cq\nr = cq.Workplane('XY').box(10, 20, 30)\nr = r.nothing()\n";

std::string bytesOf(const std::string& path) { return readAll(path); }

TEST(Exec, PrintsWhatAScriptMakes) {
  Folder folder;
  json object = run({"exec", folder.put("box.py", kBox), "--json"}).object();
  EXPECT_EQ(object["id"], "box");
  EXPECT_EQ(object["status"], "ok");
  EXPECT_TRUE(object["error"].is_null());
  EXPECT_EQ(object["shape_type"], "Solid");
  EXPECT_NEAR(object["volume"], 6000, 1e-9);
  EXPECT_NEAR(object["area"], 2200, 1e-9);
  for (int axis = 0; axis < 3; ++axis) EXPECT_NEAR(object["center"][axis], 0, 1e-12);
  EXPECT_NEAR(object["bbox"][3], 5, 1e-6);
  EXPECT_EQ(object["n_solids"], 1);
  EXPECT_EQ(object["n_faces"], 6);
  EXPECT_EQ(object["n_edges"], 12);
  EXPECT_EQ(object["n_vertices"], 8);
  EXPECT_EQ(object["valid"], true);
  EXPECT_NEAR(object["mesh"]["volume"], 6000, 1e-9);
  EXPECT_EQ(object["mesh"]["triangles"], 12);
  for (const char* key : {"parse", "build", "mesh"}) EXPECT_GE(object["ms"][key], 0.0);
  EXPECT_EQ(object["result"], "r");
  EXPECT_EQ(object["result_type"], "Workplane");
  EXPECT_EQ(object["stack_size"], 1);
  EXPECT_EQ(object["stack"][0][0], "Solid");
  EXPECT_EQ(object["plane"]["zDir"], json({0.0, 0.0, 1.0}));
  EXPECT_EQ(object["pending"], json({0, 0}));
}

TEST(Exec, MeshesToTheTolerance) {
  const double exact = M_PI * 25 * 7;
  double coarse = execute(kCylinder, {"--tolerance", "0.5", "--angular", "1"})["mesh"]["volume"];
  double fine = execute(kCylinder, {"--tolerance", "0.001", "--angular", "0.05"})["mesh"]["volume"];
  EXPECT_LT(coarse, fine);
  EXPECT_LT(fine, exact);
  EXPECT_NEAR(fine, exact, 1e-3 * exact);
  EXPECT_FALSE(execute(kCylinder, {"--no-mesh"}).contains("mesh"));
}

TEST(Exec, VariableNamesTheResult) {
  const std::string script = std::string(kBox) + "small = cq.Workplane().box(1, 1, 1)\n";
  EXPECT_NEAR(execute(script)["volume"], 6000, 1e-9);
  EXPECT_NEAR(execute(script, {"--variable", "small"})["volume"], 1, 1e-12);
  EXPECT_EQ(execute(script, {"--variable", "nowhere"})["status"], "no_result");
}

TEST(Exec, PrintedTextIsCaptured) {
  Answer answer = run({"exec", "-", "--jsonl"}, "print('one', 2)\nprint('\\x1b[31m', end='')\n" + std::string(kBox));
  EXPECT_EQ(answer.lines().at(0)["stdout"], "one 2\n\x1b[31m");
}

TEST(Exec, ErrorsCarryTypeBasesAndPlace) {
  json failed = execute("import cadquery as cq\nr = cq.Workplane()\nr.val().nope\n");
  EXPECT_EQ(failed["status"], "runtime_error");
  EXPECT_EQ(failed["error"]["type"], "AttributeError");
  EXPECT_EQ(failed["error"]["bases"], json({"Exception"}));
  EXPECT_EQ(failed["error"]["line"], 3);
  json syntax = execute("r = (1,\nx y\n");
  EXPECT_EQ(syntax["status"], "syntax_error");
  EXPECT_GE(syntax["error"]["line"], 1);
  EXPECT_GE(syntax["error"]["column"], 1);
  json refused = execute("import cadquery as cq\nimport os\n");
  EXPECT_EQ(refused["status"], "unsupported");
  EXPECT_EQ(refused["error"]["line"], 2);
  EXPECT_NE(refused["error"]["message"].get<std::string>().find("os"), std::string::npos);
  EXPECT_EQ(execute("x = 1\n")["status"], "no_result");
}

TEST(Exec, ExitCodes) {
  Folder folder;
  const std::string good = folder.put("good.py", kBox), bad = folder.put("bad.py", kBroken);
  const std::string endless = folder.put("endless.py", "while True:\n    pass\n");
  EXPECT_EQ(run({"exec", good}).exitCode, 0);
  EXPECT_EQ(run({"exec", bad}).exitCode, 1);
  EXPECT_EQ(run({"exec"}).exitCode, 2);
  EXPECT_EQ(run({"exec", good, "--nonsense"}).exitCode, 2);
  EXPECT_EQ(run({"exec", good, "--tolerance", "-1"}).exitCode, 2);
  EXPECT_EQ(run({"exec", good, "--memory", "lots"}).exitCode, 2);
  EXPECT_EQ(run({"exec", good, "--json", "--jsonl"}).exitCode, 2);
  EXPECT_EQ(run({"nothing"}).exitCode, 2);
  EXPECT_EQ(run({}).exitCode, 2);
  EXPECT_EQ(run({"exec", good, "-o", folder.path("x.obj")}).exitCode, 2);
  EXPECT_EQ(run({"exec", good, bad, "-o", folder.path("x.step")}).exitCode, 2);
  EXPECT_EQ(run({"exec", folder.path("none.py")}).exitCode, 3);
  EXPECT_EQ(run({"exec", "-"}, "").exitCode, 3);
  EXPECT_EQ(run({"exec", good, good}).exitCode, 0);
  EXPECT_EQ(run({"exec", good, bad}).exitCode, 4);
  EXPECT_EQ(run({"exec", endless, "--timeout", "0.3"}).exitCode, 124);
  EXPECT_EQ(run({"exec", folder.path()}).exitCode, 4) << "a folder is a run of items";
  EXPECT_EQ(run({"exec", good, "-o", folder.path("no/where.step")}).exitCode, 3);
  EXPECT_EQ(run({"--help"}).exitCode, 0);
  EXPECT_EQ(run({"exec", "--help"}).exitCode, 0);
  EXPECT_EQ(run({"--version"}).exitCode, 0);
}

TEST(Exec, DataGoesToStandardOutputAndNothingElse) {
  Folder folder;
  Answer answer = run({"exec", folder.put("a.py", kBox), folder.put("b.py", kBroken), "--jsonl"});
  EXPECT_EQ(answer.lines().size(), 2u);
  Answer failed = run({"exec", folder.path("none.py")});
  EXPECT_EQ(failed.out, "");
  EXPECT_NE(failed.err.find("none.py"), std::string::npos);
  Answer whole = run({"exec", folder.path(), "--json"});
  EXPECT_EQ(whole.object()["items"].size(), 2u);
  EXPECT_EQ(whole.object()["counts"]["ok"], 1);
}

TEST(Exec, WritesEveryFormat) {
  Folder folder;
  const std::string script = folder.put("part.py", kCylinder);
  for (const char* ending : {"step", "stp", "stl", "brep", "json", "py-json"}) {
    EXPECT_EQ(run({"exec", script, "-o", folder.path(std::string("out.") + ending)}).exitCode, 0) << ending;
  }
  EXPECT_EQ(bytesOf(folder.path("out.step")).substr(0, 13), "ISO-10303-21;");
  const std::string stl = bytesOf(folder.path("out.stl"));
  ASSERT_GT(stl.size(), 84u);
  std::uint32_t triangles = 0;
  std::memcpy(&triangles, stl.data() + 80, 4);
  EXPECT_EQ(stl.size(), 84 + 50u * triangles);
  EXPECT_NE(bytesOf(folder.path("out.brep")).find("CASCADE Topology"), std::string::npos);
  EXPECT_EQ(json::parse(bytesOf(folder.path("out.json")))["id"], "part");
  const json record = json::parse(bytesOf(folder.path("out.py-json")));
  EXPECT_EQ(record["script"], kCylinder);
  // A record is a line of input again.
  EXPECT_EQ(run({"exec", "-", "--jsonl"}, record.dump()).lines().at(0)["volume"], record["volume"]);
}

TEST(Exec, AFailedScriptLeavesTheOldOutputAlone) {
  Folder folder;
  const std::string script = folder.put("bad.py", kBroken), output = folder.put("part.step", "old");
  EXPECT_EQ(run({"exec", script, "-o", output}).exitCode, 1);
  EXPECT_EQ(bytesOf(output), "old");
  const std::string sketch = folder.put("empty.py", "import cadquery as cq\nr = cq.Workplane()\n");
  EXPECT_EQ(run({"exec", sketch, "-o", output}).exitCode, 1) << "a result without a shape cannot be written";
  EXPECT_EQ(bytesOf(output), "old");
  EXPECT_EQ(folder.names(), (std::vector<std::string>{"bad.py", "empty.py", "part.step"}));
}

TEST(Exec, FoldersGetAFileAResult) {
  Folder folder;
  folder.put("in/a.py", kBox);
  folder.put("in/sub/b.py", kCylinder);
  folder.put("in/c.py", kBroken);
  EXPECT_EQ(run({"exec", folder.path("in"), "--stl-dir", folder.path("out"), "--step-dir", folder.path("out"),
                 "--brep-dir", folder.path("breps")})
                .exitCode,
            4);
  EXPECT_EQ(folder.names(),
            (std::vector<std::string>{"breps/a.brep", "breps/sub/b.brep", "in/a.py", "in/c.py", "in/sub/b.py",
                                      "out/a.step", "out/a.stl", "out/sub/b.step", "out/sub/b.stl"}));
}

TEST(Exec, IdsCannotLeadOutOfTheFolder) {
  Folder folder;
  const std::string lines =
      jsonLines({{"../../evil", kBox}, {"/etc/evil", kBox}, {"a;b;c", kBox}, {"a\nb;c", kBox}, {"", kBox}});
  EXPECT_EQ(run({"exec", "-", "--stl-dir", folder.path("out")}, lines).exitCode, 0);
  EXPECT_EQ(folder.names(), (std::vector<std::string>{"out/_./_./evil.stl", "out/_.stl", "out/a_b_c#2.stl",
                                                      "out/a_b_c.stl", "out/etc/evil.stl"}));
}

TEST(Exec, EqualIdsAreToldApart) {
  Folder folder;
  const std::string lines = jsonLines({{"x", kBox}, {"x", kCylinder}, {"x", kBox}});
  Answer answer = run({"exec", "-", "--jsonl", "--stl-dir", folder.path("out")}, lines);
  std::set<std::string> ids;
  for (const json& row : answer.lines()) ids.insert(row["id"].get<std::string>());
  EXPECT_EQ(ids.size(), 3u);
  EXPECT_EQ(folder.names().size(), 3u);
}

TEST(Exec, AMalformedLineIsAnItemThatNamesItsPlace) {
  Folder folder;
  const std::string path =
      folder.put("s.jsonl", jsonLines({{"a", kBox}}) + "{broken\n" + jsonLines({{"b", kCylinder}}));
  Answer answer = run({"exec", path, "--jsonl"});
  EXPECT_EQ(answer.exitCode, 4);
  auto rows = answer.lines();
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[1]["status"], "syntax_error");
  EXPECT_NE(rows[1]["error"]["message"].get<std::string>().find("s.jsonl:2"), std::string::npos);
  EXPECT_EQ(rows[2]["status"], "ok");
}

TEST(Exec, NumbersAreJsonAndRoundTrip) {
  json object = execute("import cadquery as cq\nr = cq.Workplane().box(1/3, 0.1+0.2, 7e-3)\n");
  EXPECT_NEAR(object["volume"].get<double>(), (1.0 / 3) * (0.1 + 0.2) * 7e-3, 1e-17);
  EXPECT_GE(object["volume"].dump().size(), 15u) << "digits are missing";
  Answer answer =
      run({"exec", "-", "--json"}, "import cadquery as cq\nr = cq.Workplane().box(float('inf'), 1, float('nan'))\n");
  EXPECT_NO_THROW(answer.object()) << answer.out;
  EXPECT_NE(answer.object()["status"], "ok");
}

TEST(Exec, OneJobAndManyPrintTheSameBytes) {
  std::vector<std::pair<std::string, std::string>> scripts;
  for (int i = 0; i < 60; ++i) {
    const std::string n = std::to_string(i + 1);
    scripts.emplace_back("s" + n, "import cadquery as cq\nprint(" + n + ")\nr = cq.Workplane().box(" + n +
                                      ", 2, 3).union(cq.Workplane().circle(" + n +
                                      " / 3).extrude(4)).edges('|Z').fillet(0.1)\n");
    if (i % 9 == 4) scripts.back().second = kBroken;
  }
  const std::string lines = jsonLines(scripts);
  Answer one = run({"exec", "-", "--jsonl", "--no-times", "--jobs", "1"}, lines);
  Answer many = run({"exec", "-", "--jsonl", "--no-times", "--jobs", "4"}, lines);
  EXPECT_EQ(one.lines().size(), scripts.size());
  EXPECT_EQ(one.out, many.out);
}

// A program at the other end may send a line, wait for its answer, and only then send the next.
TEST(Exec, AnswersALineBeforeTheNextIsSent) {
  int in[2], out[2];
  ASSERT_EQ(::pipe(in), 0);
  ASSERT_EQ(::pipe(out), 0);
  pid_t child = ::fork();
  if (child == 0) {
    ::dup2(in[0], 0);
    ::dup2(out[1], 1);
    for (int end : {in[0], in[1], out[0], out[1]}) ::close(end);
    ::execl(CADRECODE_BINARY, "cadrecode", "exec", "-", "--jsonl", nullptr);
    ::_exit(127);
  }
  ::close(in[0]);
  ::close(out[1]);
  FILE* answers = ::fdopen(out[0], "r");
  for (const char* id : {"first", "second", "third"}) {
    const std::string line = jsonLines({{id, kBox}});
    ASSERT_EQ(::write(in[1], line.data(), line.size()), static_cast<ssize_t>(line.size()));
    char* got = nullptr;
    std::size_t size = 0;
    ASSERT_GT(::getline(&got, &size, answers), 0);
    EXPECT_EQ(json::parse(got)["id"], id);
    ::free(got);
  }
  ::close(in[1]);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 0);
  ::fclose(answers);
}

TEST(Exec, AnInterruptEndsTheRunWithItsCode) {
  Folder folder;
  const std::string script = folder.put("endless.py", "while True:\n    pass\n");
  const std::string other = folder.put("box.py", kBox);
  const std::string output = folder.path("rows");
  Answer answer = shell("cadrecode exec " + other + " " + script + " --jsonl --jobs 1 --timeout 1000 >" + output +
                        " & until [ -s " + output + " ]; do sleep 0.1; done; kill -INT $!; wait $!; code=$?; cat " +
                        output + "; exit $code");
  EXPECT_EQ(answer.exitCode, 130);
  EXPECT_EQ(answer.lines().size(), 1u);
}

// Killed at any moment, the program leaves the old file or the new one, never a part.
TEST(Exec, KillingTheProgramNeverLeavesHalfAFile) {
  Folder folder;
  const std::string script = folder.put("part.py", kCylinder), output = folder.path("part.step");
  ASSERT_EQ(run({"exec", script, "-o", output}).exitCode, 0);
  const std::string tail = "END-ISO-10303-21;";
  for (int i = 0; i < 25; ++i) {
    shell("cadrecode exec " + script + " -o " + output + " & sleep 0.0" + std::to_string(10 + 3 * i) +
          "; kill -9 $!; wait $! 2>/dev/null");
    const std::string bytes = bytesOf(output);
    EXPECT_NE(bytes.find(tail), std::string::npos) << i;
  }
}

TEST(Measure, ReadsBackWhatExecWrote) {
  Folder folder;
  const std::string script = folder.put("part.py", kCylinder);
  ASSERT_EQ(run({"exec", script, "-o", folder.path("part.step")}).exitCode, 0);
  ASSERT_EQ(run({"exec", script, "-o", folder.path("part.brep")}).exitCode, 0);
  for (const char* name : {"part.step", "part.brep"}) {
    json object = run({"measure", folder.path(name), "--json"}).object();
    EXPECT_EQ(object["status"], "ok") << object;
    EXPECT_NEAR(object["volume"].get<double>(), M_PI * 25 * 7, 1e-9 * M_PI * 25 * 7);
    EXPECT_EQ(object["n_faces"], 3);
  }
  EXPECT_EQ(run({"measure", folder.path("part.step"), "-o", folder.path("part.stl")}).exitCode, 0);
  EXPECT_GT(bytesOf(folder.path("part.stl")).size(), 1000u);
  EXPECT_EQ(run({"measure", folder.path("part.step"), folder.path("part.brep")}).exitCode, 2);
}

TEST(Measure, MalformedFilesFailInWords) {
  Folder folder;
  ASSERT_EQ(run({"exec", folder.put("part.py", kCylinder), "-o", folder.path("part.step")}).exitCode, 0);
  const std::string whole = bytesOf(folder.path("part.step"));
  for (const std::string& bytes :
       {std::string(), std::string("no STEP at all"), std::string(100000, '('), whole.substr(0, whole.size() / 2)}) {
    json object = run({"measure", folder.put("bad.step", bytes), "--json", "--timeout", "10"}).object();
    if (object["status"] == "ok") {
      EXPECT_EQ(object["n_objects"], 0) << "half a file gives a shape: " << object;
    } else {
      EXPECT_NE(object["error"]["message"], "");
    }
  }
}

}  // namespace
}  // namespace cadrecode::end_to_end
