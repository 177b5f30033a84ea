#include "search/part_script.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace cadrecode::search {
namespace {

class Writer {
 public:
  Writer(const Program& program, const cloud::Frame& frame) : program_(program), frame_(frame) {
    digits_ = std::clamp(static_cast<int>(std::ceil(4 - std::log10(frame.unit))), 0, 15);
  }

  std::string write(const std::string& about) {
    std::string bodies;
    for (std::size_t i = 0; i < program_.bodies.size(); ++i) bodies += body(program_.bodies[i], i + 1);
    std::string text;
    for (std::size_t from = 0; from < about.size();) {
      const std::size_t end = std::min(about.find('\n', from), about.size());
      text += "# " + about.substr(from, end - from) + "\n";
      from = end + 1;
    }
    text += "import cadquery as cq\n\n# Dimensions\n" + dimensions_ + "\n" + bodies + "result = body_1";
    for (std::size_t i = 2; i <= program_.bodies.size(); ++i) text += fmt::format(".union(body_{})", i);
    return text + "\nr = result\n";
  }

 private:
  std::string number(double value) const {
    std::string text = fmt::format("{:.{}f}", value, digits_);
    if (text.find('.') != std::string::npos) {
      while (text.back() == '0') text.pop_back();
      if (text.back() == '.') text.pop_back();
    }
    return text == "-0" ? "0" : text;
  }
  std::string length(double local) const { return number(local * frame_.unit); }
  std::string point(const Vector2& p) const { return "(" + length(p.x) + ", " + length(p.y) + ")"; }

  std::string dimension(const std::string& name, double local) {
    dimensions_ += name + " = " + length(local) + "\n";
    return name;
  }

  std::string plane(const Plane& plane, double offset) const {
    static constexpr const char* kNames[] = {"XY", "YZ", "ZX"};
    cloud::Point origin = plane.origin;
    origin[static_cast<std::size_t>(axesOf(plane.name).normal)] += offset;
    origin = frame_.toPart(origin);
    return fmt::format("cq.Workplane(\"{}\", origin=({}, {}, {}))", kNames[static_cast<int>(plane.name)],
                       number(origin[0]), number(origin[1]), number(origin[2]));
  }

  std::string loop(const Loop& loop, const std::string& indent) const {
    std::string text;
    bool first = true;
    for (const Edge& edge : loop.edges) {
      text += indent + (edge.arc ? ".arc(" : ".segment(");
      if (first) text += point(loop.start) + ", ";
      if (edge.arc) text += point(edge.middle) + ", ";
      text += point(edge.end) + ")\n";
      first = false;
    }
    return text + (loop.closed ? indent + ".close()\n" : "") + indent + ".assemble()\n";
  }

  std::string body(const Body& body, std::size_t index) {
    const std::string suffix = fmt::format("_{}", index);
    const Plane& at = program_.planes[body.plane];
    const std::string name = "body" + suffix;
    std::string text = name + " = (\n    ";
    if (body.kind != Body::Kind::sketch) {
      text += plane(at, body.extent / 2) + "\n";
      if (body.at != Vector2{}) text += "    .moveTo(" + length(body.at.x) + ", " + length(body.at.y) + ")\n";
      const std::string height = dimension("height" + suffix, std::abs(body.extent));
      if (body.kind == Body::Kind::cylinder) {
        return text + "    .cylinder(" + height + ", " + dimension("radius" + suffix, body.width) + ")\n)\n";
      }
      const std::string width = dimension("width" + suffix, body.width);
      return text + "    .box(" + width + ", " + dimension("depth" + suffix, body.height) + ", " + height + ")\n)\n";
    }
    text += plane(at, 0) + "\n    .sketch()\n";
    int circles = 0, rects = 0;
    for (const Region& region : body.regions) {
      if (region.place == Region::Place::reset) text += "    .reset()\n";
      if (region.place == Region::Place::push) text += "    .push([" + point(region.at) + "])\n";
      const std::string mode = region.subtract ? ", mode=\"s\"" : "";
      switch (region.kind) {
        case Region::Kind::loop:
          text += loop(region.loop, "    ");
          break;
        case Region::Kind::face:
          text += "    .face(\n        cq.Sketch()\n" + loop(region.loop, "        ") + "    " + mode + ")\n";
          break;
        case Region::Kind::circle:
          text +=
              "    .circle(" + dimension(fmt::format("radius{}_{}", suffix, ++circles), region.width) + mode + ")\n";
          break;
        case Region::Kind::rect: {
          const std::string width = dimension(fmt::format("width{}_{}", suffix, ++rects), region.width);
          text += "    .rect(" + width + ", " + dimension(fmt::format("depth{}_{}", suffix, rects), region.height) +
                  mode + ")\n";
          break;
        }
      }
    }
    return text + "    .finalize()\n    .extrude(" + dimension("height" + suffix, body.extent) + ")\n)\n";
  }

  const Program& program_;
  cloud::Frame frame_;
  int digits_;
  std::string dimensions_;
};

}  // namespace

std::string partScript(const Program& program, const cloud::Frame& frame, const std::string& about) {
  return Writer(program, frame).write(about);
}

std::string partScript(const std::string& script, const cloud::Frame& frame, const std::string& about) {
  // As the engine finds it: `r` where the script has one, else `result`.
  bool hasR = false;
  for (std::size_t at = 0; at < script.size(); at = std::min(script.find('\n', at), script.size() - 1) + 1) {
    hasR |= script.compare(at, 2, "r=") == 0 || script.compare(at, 3, "r =") == 0;
  }
  return fmt::format(
      "# {}\n{}\n\n# From the candidate's frame to the part's units and place.\nimport cadquery as cq\n\n"
      "shapes = {}.vals() if hasattr({}, \"vals\") else [{}]\n"
      "result = cq.Workplane(cq.Compound.makeCompound(shapes).scale({}).translate(cq.Vector({}, {}, {})))\nr = "
      "result\n",
      about, script, hasR ? "r" : "result", hasR ? "r" : "result", hasR ? "r" : "result", frame.unit, frame.origin[0],
      frame.origin[1], frame.origin[2]);
}

}  // namespace cadrecode::search
