// Text as flat faces or as a solid.
#include <BRepPrimAPI_MakePrism.hxx>
#include <Graphic3d_HorizontalTextAlignment.hxx>
#include <Graphic3d_VerticalTextAlignment.hxx>
#include <StdPrs_BRepTextBuilder.hxx>

#include "cadquery/fonts.hpp"
#include "cadquery/shape.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {

namespace {

Font_FontAspect aspectOf(const std::string& kind) {
  if (kind == "regular") return Font_FA_Regular;
  if (kind == "bold") return Font_FA_Bold;
  if (kind == "italic") return Font_FA_Italic;
  throw Error("KeyError", kind);
}

}  // namespace

Shape flatText(const std::string& text, double size, const Compound::TextOptions& options) {
  const auto font = openFont(options.font, aspectOf(options.kind), size, options.fontPath);
  const auto horizontal = options.halign == "left"     ? Graphic3d_HTA_LEFT
                          : options.halign == "center" ? Graphic3d_HTA_CENTER
                                                       : Graphic3d_HTA_RIGHT;
  const auto vertical = options.valign == "bottom"   ? Graphic3d_VTA_BOTTOM
                        : options.valign == "center" ? Graphic3d_VTA_CENTER
                                                     : Graphic3d_VTA_TOP;
  StdPrs_BRepTextBuilder builder;
  return Shape(builder.Perform(*font, text.c_str(), gp_Ax3(), horizontal, vertical));
}

Shape Compound::makeText(const std::string& text, double size, double height, const TextOptions& options,
                         const Plane& position) {
  const Shape flat = flatText(text, size, options);
  if (height == 0) return flat.transformShape(position.rG());
  const std::vector<Shape> faces = flat.faces();
  if (faces.empty()) throw Error("IndexError", "list index out of range");
  const Vector normal = faces.front().asFace().normalAt() * height;
  return Shape(BRepPrimAPI_MakePrism(flat.wrapped(), normal.wrapped()).Shape()).transformShape(position.rG());
}

}  // namespace cadrecode::cadquery
