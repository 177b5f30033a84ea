#include "benchmark/page.hpp"

#include <string_view>

#include "core/error.hpp"

namespace cadrecode::benchmark {

// Of the build's page files: "page", "style", "script", "three", "controls"; in a file that the build makes.
std::string_view pageFile(std::string_view name);

namespace {

// "@name@" in the frame becomes the text.
void fill(std::string& page, std::string_view name, std::string_view text) {
  const std::string mark = "@" + std::string(name) + "@";
  const std::size_t place = page.find(mark);
  if (place == std::string::npos) throw Error("RuntimeError", "the page has no place for " + mark);
  page.replace(place, mark.size(), text);
}

// JSON that may stand in a <script>: nothing in it ends the element.
std::string scriptSafe(const Json& json) {
  std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  for (std::size_t at = 0; (at = text.find('<', at)) != std::string::npos;) text.replace(at, 1, "\\u003c");
  return text;
}

}  // namespace

std::string pageOf(const std::string& folder, const Json& report, const Json& settings, const std::vector<Json>& rows,
                   const PageLimits& limits) {
  std::string page(pageFile("page"));
  // The last first: what was put in is not searched.
  fill(page, "script", pageFile("script"));
  fill(page, "controls", pageFile("controls"));
  fill(page, "three", pageFile("three"));
  fill(page, "data", scriptSafe(pageData(folder, report, settings, rows, limits)));
  fill(page, "style", pageFile("style"));
  return page;
}

}  // namespace cadrecode::benchmark
