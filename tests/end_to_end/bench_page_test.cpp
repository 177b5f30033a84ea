// The page of a benchmark in a headless browser: nothing fails, sorting sorts, the viewer draws.
#include <gtest/gtest.h>

#include <algorithm>

#include "end_to_end/command.hpp"

namespace cadrecode::end_to_end {
namespace {

constexpr const char* kBefore = R"(<script>
const failures = [];
addEventListener('error', (event) => failures.push(event.message));
console.error = (...parts) => failures.push(parts.join(' '));
console.warn = console.error;
</script>)";

constexpr const char* kAfter = R"(<script>
{
  const result = {failures};
  const byId = (id) => document.getElementById(id);
  const set = (id, value) => { byId(id).value = value; byId(id).dispatchEvent(new Event('change')); };
  const order = () => [...document.querySelectorAll('#gallery .card')].map((card) => card.dataset.id);
  set('filter', 'every');
  set('sortModel', '0');
  for (const way of ['worst', 'best']) { set('sortOrder', way); result[way] = order(); }
  result.pictures = document.querySelectorAll('#gallery img').length;
  result.bars = document.querySelectorAll('#histograms rect').length;
  result.dots = document.querySelectorAll('#scatter circle').length;
  result.failedRows = document.querySelectorAll('#failures tbody tr').length;
  document.querySelector('.card.hasMeshes button').click();
  const canvas = byId('canvas'), copy = document.createElement('canvas');
  copy.width = canvas.width;
  copy.height = canvas.height;
  copy.getContext('2d').drawImage(canvas, 0, 0);
  const panels = document.querySelectorAll('#labels span').length;
  result.colors = [];
  for (let i = 0; i < panels; ++i) {
    const width = Math.floor(canvas.width / panels);
    const pixels = copy.getContext('2d').getImageData(i * width, 0, width, canvas.height).data;
    const seen = new Set();
    for (let at = 0; at < pixels.length; at += 4) seen.add(pixels[at] << 16 | pixels[at + 1] << 8 | pixels[at + 2]);
    result.colors.push(seen.size);
  }
  document.body.append(Object.assign(document.createElement('pre'), {id: 'result', textContent: JSON.stringify(result)}));
}
</script>)";

TEST(BenchPage, WorksInABrowser) {
  if (shell("command -v chromium").exitCode != 0) GTEST_SKIP() << "no chromium";
  const Folder folder;
  std::vector<std::pair<std::string, std::string>> truth;
  for (int i = 0; i < 6; ++i) {
    const std::string id = "part" + std::to_string(i);
    const std::string head = "import cadquery as cq\nr=cq.Workplane('XY').box(20,10,";
    truth.emplace_back(id, head + "10)\n");
    folder.put("a/" + id + ".py", i == 4 ? "r=1/0\n" : head + std::to_string(10 + (i * 2) % 5) + ")\n");
  }
  const std::string out = folder.path("out"), data = folder.put("truth.jsonl", jsonLines(truth));
  const Answer bench = run({"bench", "--data-path", data, "--predictions", folder.path("a"), "-o", out, "--profile",
                            "absolute", "--metric-points", "200"});
  ASSERT_EQ(bench.exitCode, 4) << bench.err;

  std::string page = readAll(out + "/report.html");
  EXPECT_EQ(page.find("http-equiv"), std::string::npos);
  const std::size_t head = page.find("<head>") + 6;
  page.insert(head, kBefore);
  page.insert(page.rfind("</body>"), kAfter);
  const std::string file = folder.put("page.html", page);
  const Answer browser = shell(
      "timeout 200 chromium --headless --no-sandbox --disable-gpu --use-gl=angle --use-angle=swiftshader "
      "--enable-unsafe-swiftshader --disable-quic --no-first-run --disable-background-networking "
      "--disable-component-update --disable-sync --user-data-dir=" +
      folder.path("profile") + " --window-size=1400,1000 --dump-dom file://" + file);
  const std::size_t start = browser.out.find("<pre id=\"result\">");
  ASSERT_NE(start, std::string::npos) << browser.err.substr(0, 2000);
  const std::size_t text = browser.out.find('{', start);
  const nlohmann::json result =
      nlohmann::json::parse(browser.out.substr(text, browser.out.find("</pre>", text) - text));
  EXPECT_EQ(result["failures"], nlohmann::json::array());
  // Heights 10, 12, 14, 11, failed, 10: the failure is worst, then the largest.
  EXPECT_EQ(result["worst"], nlohmann::json({"part4", "part2", "part1", "part3", "part0", "part5"}));
  nlohmann::json best = result["best"];
  EXPECT_EQ(best.back(), "part4");
  EXPECT_EQ(best[3], "part1");
  EXPECT_EQ(result["pictures"], 6 + 6 + 5);  // clouds, references, predictions
  EXPECT_EQ(result["bars"], 30);
  EXPECT_EQ(result["dots"], 5);
  EXPECT_EQ(result["failedRows"], 1);
  ASSERT_EQ(result["colors"].size(), 3u);
  for (const nlohmann::json& colors : result["colors"]) EXPECT_GT(colors.get<int>(), 3);
}

}  // namespace
}  // namespace cadrecode::end_to_end
