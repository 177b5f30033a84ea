// Compares `cadrecode exec` with what real CadQuery made of the scripts in ../shared (beside the checkout, where the
// project is developed): exact values, meshes, counts, stacks, errors. Skipped, and said so, where that folder is
// absent.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace {

using nlohmann::json;

std::filesystem::path shared() { return std::filesystem::path(CADRECODE_SOURCE_DIR).parent_path() / "shared"; }

std::vector<json> readLines(std::istream& in) {
  std::vector<json> rows;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty()) rows.push_back(json::parse(line));
  }
  return rows;
}

// The rows `cadrecode exec` prints for a JSONL file, in the order of the file.
std::vector<json> execute(const std::filesystem::path& scripts, const std::string& options) {
  const std::string command = std::string(CADRECODE_BINARY) + " exec --jsonl --jobs 2 --timeout 60 " + options + " " +
                              scripts.string() + " 2>/dev/null";
  FILE* pipe = popen(command.c_str(), "r");
  std::string text;
  char buffer[65536];
  for (std::size_t n = 0; (n = fread(buffer, 1, sizeof buffer, pipe)) > 0;) text.append(buffer, n);
  pclose(pipe);
  std::istringstream in(text);
  return readLines(in);
}

bool close(double a, double b, double relative, double absolute = 1e-9) {
  return std::abs(a - b) <= absolute || std::abs(a - b) <= relative * std::max(std::abs(a), std::abs(b));
}

// What differs between an answer and the expectation; empty when they agree.
class Difference {
 public:
  void number(const char* name, const json& ours, const json& theirs, double relative, double absolute) {
    if (!ours.is_number() || !close(ours, theirs, relative, absolute)) say(name, ours, theirs);
  }
  void numbers(const char* name, const json& ours, const json& theirs, double absolute) {
    bool same = ours.is_array() && ours.size() == theirs.size();
    for (std::size_t i = 0; same && i < theirs.size(); ++i) same = close(ours[i], theirs[i], 0, absolute);
    if (!same) say(name, ours, theirs);
  }
  void exact(const char* name, const json& ours, const json& theirs) {
    if (ours != theirs) say(name, ours, theirs);
  }
  void say(const char* name, const json& ours, const json& theirs) {
    text_ += std::string(text_.empty() ? "" : "; ") + name + " " + ours.dump() + " for " + theirs.dump();
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

double sizeOf(const json& bbox) {
  double size = 1;
  for (int axis = 0; axis < 3; ++axis) size = std::max(size, double(bbox[axis + 3]) - double(bbox[axis]));
  return size;
}

void compareShape(Difference& out, const json& ours, const json& theirs, double boxTolerance) {
  const auto at = [&](const char* key) { return ours.value(key, json()); };
  for (const char* key : {"volume", "area"}) {
    if (theirs.contains(key)) out.number(key, at(key), theirs[key], 1e-6, 1e-9);
  }
  const double size = theirs.contains("bbox") ? sizeOf(theirs["bbox"]) : 1;
  for (const char* key : {"center", "bbox"}) {
    if (theirs.contains(key)) out.numbers(key, at(key), theirs[key], boxTolerance * size);
  }
  for (const char* key :
       {"shape_type", "n_solids", "n_faces", "n_edges", "n_vertices", "valid", "n_objects", "stack_size"}) {
    if (theirs.contains(key)) out.exact(key, at(key), theirs[key]);
  }
}

void compareStack(Difference& out, const json& ours, const json& theirs, double size, bool anyOrder) {
  if (!ours.is_array() || ours.size() != theirs.size()) return out.say("stack", ours, theirs);
  std::vector<json> left = theirs;
  for (const json& item : ours) {
    bool found = false;
    for (std::size_t i = 0; i < left.size() && !found; ++i) {
      bool same = item.size() == left[i].size() && item[0] == left[i][0];
      for (std::size_t k = 1; same && k < item.size(); ++k) same = close(item[k], left[i][k], 0, 1e-5 * size);
      if (same) {
        left.erase(left.begin() + static_cast<std::ptrdiff_t>(i));
        found = true;
      }
      if (!anyOrder) break;
    }
    if (!found) return out.say("stack", ours, theirs);
  }
}

void compareGolden(Difference& out, const json& ours, const json& golden) {
  const json& expect = golden["expect"];
  const std::string topic = golden["topic"];
  const bool ok = expect["ok"];
  if (ok != (ours["status"] == "ok")) {
    return out.say("status", ours["status"].dump() + " " + ours.value("error", json()).dump(),
                   ok ? json("ok") : expect["error_type"]);
  }
  if (!ok) {
    const json error = ours.value("error", json::object());
    // A call that the binding refuses has no words worth comparing, and a script without result has no type of its own.
    if (expect["source"] != "oracle") out.exact("error type", error.value("type", json()), expect["error_type"]);
    if (expect["source"] != "oracle" && error.contains("bases"))
      out.exact("error bases", error["bases"], expect["error_bases"]);
    if (!expect["line"].is_null()) out.exact("line", error.value("line", json()), expect["line"]);
    if (expect.contains("column") && !expect["column"].is_null())
      out.exact("column", error.value("column", json()), expect["column"]);
    if (expect["message_exact"]) out.exact("message", error.value("message", json()), expect["message"]);
    return;
  }
  const bool curved = topic == "loft_sweep_revolve" ||
                      golden["script"].get<std::string>().find("spline") != std::string::npos ||
                      golden["script"].get<std::string>().find("taper") != std::string::npos;
  const std::vector<std::string> unstable = expect.value("unstable", std::vector<std::string>());
  compareShape(out, ours, expect, curved ? 1e-5 : 1e-6);
  const double size = expect.contains("bbox") ? sizeOf(expect["bbox"]) : 1;
  if (expect.contains("stack")) {
    compareStack(out, ours.value("stack", json()), expect["stack"], size,
                 std::find(unstable.begin(), unstable.end(), "stack") != unstable.end());
  }
  if (expect.contains("plane")) {
    for (const char* key : {"origin", "xDir", "zDir"}) {
      out.numbers(key, ours.value("plane", json::object()).value(key, json()), expect["plane"][key], 1e-6 * size);
    }
  }
  for (const char* key : {"pending", "result", "result_type", "stdout"}) {
    if (expect.contains(key)) out.exact(key, ours.value(key, json()), expect[key]);
  }
}

// Runs all scripts of a file and returns how many agree; prints those that do not.
struct Tally {
  int agree = 0, all = 0;
};
Tally compareFile(const std::filesystem::path& file, const std::string& options,
                  const std::function<void(Difference&, const json&, const json&)>& compare) {
  std::ifstream in(file);
  const std::vector<json> expected = readLines(in);
  const std::vector<json> answers = execute(file, options);
  EXPECT_EQ(answers.size(), expected.size()) << "a row a script";
  Tally tally;
  for (std::size_t i = 0; i < expected.size() && i < answers.size(); ++i) {
    Difference difference;
    compare(difference, answers[i], expected[i]);
    ++tally.all;
    if (difference.text().empty()) {
      ++tally.agree;
    } else {
      std::printf("  %s: %.600s\n", expected[i]["id"].get<std::string>().c_str(), difference.text().c_str());
    }
  }
  std::printf("%s: %d of %d agree\n", file.filename().c_str(), tally.agree, tally.all);
  return tally;
}

void compareCorpus(Difference& out, const json& ours, const json& theirs) {
  if (ours["status"] != "ok")
    return out.say("status", ours["status"].dump() + ours.value("error", json()).dump(), "ok");
  compareShape(out, ours, theirs["brep"], 1e-6);
  if (theirs.contains("mesh_volume")) {
    // The file has nine digits.
    out.number("mesh volume", ours["mesh"]["volume"], theirs["mesh_volume"], 1e-6, 0);
    out.number("mesh area", ours["mesh"]["area"], theirs["mesh_area"], 1e-6, 0);
  }
}

class Parity : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(shared() / "corpus"))
      GTEST_SKIP() << "no folder " << shared() << ": nothing to compare with";
  }
};

TEST_F(Parity, GroundTruthScriptsGiveCadQuerysSolidsAndMeshes) {
  const Tally tally =
      compareFile(shared() / "corpus/cadrecode_v15.jsonl", "--tolerance 0.001 --angular 0.1", compareCorpus);
  EXPECT_EQ(tally.agree, tally.all);
}

TEST_F(Parity, PredictedScriptsGiveCadQuerysSolids) {
  const Tally tally = compareFile(shared() / "corpus/cadrecode_predictions.jsonl", "--no-mesh", compareCorpus);
  EXPECT_EQ(tally.agree, tally.all);
}

TEST_F(Parity, GeneralScriptsAgree) {
  const Tally tally = compareFile(shared() / "goldens/cadquery/general.jsonl", "--no-mesh", compareGolden);
  EXPECT_GE(tally.agree, 0.97 * tally.all);
}

}  // namespace
