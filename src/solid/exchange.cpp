#include "solid/exchange.hpp"

#include <BRepPrimAPI_MakeBox.hxx>
#include <BRepPrimAPI_MakeCylinder.hxx>
#include <BRepTools.hxx>
#include <BRep_Builder.hxx>
#include <HeaderSection_FileName.hxx>
#include <IFSelect_ReturnStatus.hxx>
#include <Interface_Static.hxx>
#include <STEPControl_Controller.hxx>
#include <STEPControl_Reader.hxx>
#include <STEPControl_Writer.hxx>
#include <Standard_Failure.hxx>
#include <StepBasic_Product.hxx>
#include <StepData_Protocol.hxx>
#include <StepData_StepModel.hxx>
#include <StepData_StepWriter.hxx>
#include <StepRepr_NextAssemblyUsageOccurrence.hxx>
#include <StepShape_ShellBasedSurfaceModel.hxx>
#include <StepShape_SolidModel.hxx>
#include <TCollection_HAsciiString.hxx>
#include <TopTools_ListOfShape.hxx>
#include <TopoDS_Compound.hxx>
#include <TopoDS_Iterator.hxx>
#include <Transfer_TransientProcess.hxx>
#include <XSControl_TransferReader.hxx>
#include <XSControl_WorkSession.hxx>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <sstream>
#include <streambuf>
#include <string>

#include "core/error.hpp"
#include "solid/kernel.hpp"

namespace cadrecode::solid {
namespace {

[[noreturn]] void throwInput(const std::string& message) { throw Error(ErrorCode::input, "ValueError", message); }

// Reads from bytes that somebody else keeps, without a copy.
class ViewBuffer : public std::streambuf {
 public:
  explicit ViewBuffer(std::string_view bytes) {
    char* begin = const_cast<char*>(bytes.data());  // streambuf's interface; a get area is never written to
    setg(begin, begin, begin + bytes.size());
  }

 protected:
  pos_type seekoff(off_type offset, std::ios_base::seekdir direction, std::ios_base::openmode which) override {
    if (!(which & std::ios_base::in)) return pos_type(off_type(-1));
    char* base = direction == std::ios_base::beg ? eback() : direction == std::ios_base::cur ? gptr() : egptr();
    char* target = base + offset;
    if (target < eback() || target > egptr()) return pos_type(off_type(-1));
    setg(eback(), target, egptr());
    return pos_type(target - eback());
  }
  pos_type seekpos(pos_type position, std::ios_base::openmode which) override {
    return seekoff(off_type(position), std::ios_base::beg, which);
  }
};

void prepareSession() {
  static const bool prepared = [] {
    prepareKernel();
    STEPControl_Controller::Init();
    Interface_Static::SetCVal("xstep.cascade.unit", "MM");
    Interface_Static::SetCVal("write.step.unit", "MM");
    Interface_Static::SetCVal("write.step.schema", "AP214IS");
    Interface_Static::SetIVal("write.surfacecurve.mode", 1);
    Interface_Static::SetIVal("write.precision.mode", 0);
    return true;
  }();
  static_cast<void>(prepared);
}

void collectParts(const TopoDS_Shape& shape, TopTools_ListOfShape& parts) {
  if (shape.IsNull()) return;
  if (shape.ShapeType() != TopAbs_COMPOUND) {
    parts.Append(shape);
    return;
  }
  for (TopoDS_Iterator child(shape); child.More(); child.Next()) collectParts(child.Value(), parts);
}

// Bodies of the model without a result. A root without one is only a loss where such bodies exist: products may well
// hold nothing but an axis system.
int bodiesLeftOut(const STEPControl_Reader& reader) {
  const Handle(Interface_InterfaceModel) model = reader.Model();
  const Handle(Transfer_TransientProcess) process = reader.WS()->TransferReader()->TransientProcess();
  int lost = 0;
  for (int i = 1; i <= model->NbEntities(); ++i) {
    const Handle(Standard_Transient) entity = model->Value(i);
    const bool body = entity->IsKind(STANDARD_TYPE(StepShape_SolidModel)) ||
                      entity->IsKind(STANDARD_TYPE(StepShape_ShellBasedSurfaceModel));
    lost += body && !process->IsBound(entity) ? 1 : 0;
  }
  return lost;
}

// The only part itself, or all parts of nested compounds in one compound.
TopoDS_Shape flattened(const TopTools_ListOfShape& parts) {
  if (parts.Extent() == 1) return parts.First();
  BRep_Builder builder;
  TopoDS_Compound compound;
  builder.MakeCompound(compound);
  for (const TopoDS_Shape& part : parts) builder.Add(compound, part);
  return compound;
}

void appendFloat(std::string& out, double value) {
  const auto f = static_cast<float>(value);
  char bytes[4];
  std::memcpy(bytes, &f, 4);
  out.append(bytes, 4);
}

// The kernel numbers products and placements by how many files this process wrote, and notes the time. The same shape
// is to give the same bytes.
void fixNames(StepData_StepModel& model) {
  int products = 0, placements = 0;
  for (int i = 1; i <= model.NbEntities(); ++i) {
    const auto placement = Handle(StepRepr_NextAssemblyUsageOccurrence)::DownCast(model.Value(i));
    if (!placement.IsNull()) placement->SetId(new TCollection_HAsciiString(++placements));
    const Handle(StepBasic_Product) product = Handle(StepBasic_Product)::DownCast(model.Value(i));
    if (product.IsNull()) continue;
    const std::string name = ++products == 1 ? "part" : "part " + std::to_string(products);
    product->SetId(new TCollection_HAsciiString(name.c_str()));
    product->SetName(new TCollection_HAsciiString(name.c_str()));
  }
  const Handle(HeaderSection_FileName) file =
      Handle(HeaderSection_FileName)::DownCast(model.HeaderEntity(STANDARD_TYPE(HeaderSection_FileName)));
  if (!file.IsNull()) file->SetTimeStamp(new TCollection_HAsciiString("1970-01-01T00:00:00"));
}

}  // namespace

std::string writeStep(const TopoDS_Shape& shape) {
  if (shape.IsNull()) throw Error("ValueError", "there is no shape to write as STEP");
  prepareSession();
  STEPControl_Writer writer;
  if (writer.Transfer(shape, STEPControl_AsIs) != IFSelect_RetDone) {
    throw Error("RuntimeError", "the shape could not be translated to STEP");
  }
  const Handle(StepData_StepModel) model = writer.Model();
  fixNames(*model);
  const Handle(StepData_Protocol) protocol = Handle(StepData_Protocol)::DownCast(writer.WS()->Protocol());
  StepData_StepWriter text(model);
  text.SendModel(protocol);
  std::ostringstream out;
  if (!text.Print(out) || !out.good()) throw Error("RuntimeError", "the STEP text could not be written");
  return std::move(out).str();
}

std::string writeBrep(const TopoDS_Shape& shape) {
  if (shape.IsNull()) throw Error("ValueError", "there is no shape to write as BREP");
  std::ostringstream out;
  BRepTools::Write(shape, out, Standard_False, Standard_False, TopTools_FormatVersion_CURRENT);
  if (!out.good()) throw Error("RuntimeError", "the BREP text could not be written");
  return std::move(out).str();
}

std::string writeStl(const Mesh& mesh) {
  std::string out(80, '\0');
  const char title[] = "binary STL";
  std::memcpy(out.data(), title, sizeof title - 1);
  out.reserve(84 + 50 * mesh.triangles.size());
  const auto count = static_cast<std::uint32_t>(mesh.triangles.size());
  for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<char>((count >> shift) & 0xffu));
  for (const auto& triangle : mesh.triangles) {
    const auto& a = mesh.vertices[triangle[0]];
    const auto& b = mesh.vertices[triangle[1]];
    const auto& c = mesh.vertices[triangle[2]];
    const double u[3] = {b[0] - a[0], b[1] - a[1], b[2] - a[2]};
    const double v[3] = {c[0] - a[0], c[1] - a[1], c[2] - a[2]};
    double n[3] = {u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]};
    const double length = std::sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2]);
    for (double x : n) appendFloat(out, length > 0.0 ? x / length : 0.0);
    for (const auto* p : {&a, &b, &c}) {
      for (double x : *p) appendFloat(out, x);
    }
    out.append(2, '\0');
  }
  return out;
}

TopoDS_Shape readStep(std::string_view bytes) {
  prepareSession();
  ViewBuffer buffer(bytes);
  std::istream in(&buffer);
  STEPControl_Reader reader;
  TopTools_ListOfShape parts;
  try {
    const IFSelect_ReturnStatus status = reader.ReadStream("input.step", in);
    if (status != IFSelect_RetDone) throwInput("not a STEP file, or one with syntax errors");
    const int roots = reader.NbRootsForTransfer();
    if (roots == 0) throwInput("the STEP file holds no product or shape to read");
    bool complete = true;
    for (int i = 1; i <= roots; ++i) complete = reader.TransferRoot(i) && complete;
    if (reader.NbShapes() == 0) {
      const bool elsewhere = bytes.find("DOCUMENT_FILE") != bytes.npos;
      throwInput(elsewhere ? "the STEP file holds no shape: its parts are in other files"
                           : "the STEP file holds no shape");
    }
    if (const int lost = complete ? 0 : bodiesLeftOut(reader); lost > 0) {
      throwInput(std::to_string(lost) + " bodies of the STEP file could not be read");
    }
    for (int i = 1; i <= reader.NbShapes(); ++i) collectParts(reader.Shape(i), parts);
  } catch (const Standard_Failure& failure) {
    throwInput(std::string("the STEP file could not be read: ") + failure.DynamicType()->Name() + " " +
               failure.GetMessageString());
  }
  if (parts.IsEmpty()) throwInput("the STEP file holds no shape");
  return flattened(parts);
}

TopoDS_Shape readBrep(std::string_view bytes) {
  // The kernel complains of anything else on the standard output.
  if (bytes.find("CASCADE Topology V") == std::string_view::npos) throwInput("not a BREP file");
  ViewBuffer buffer(bytes);
  std::istream in(&buffer);
  TopoDS_Shape shape;
  BRep_Builder builder;
  try {
    BRepTools::Read(shape, in, builder);
  } catch (const Standard_Failure& failure) {
    throwInput(std::string("the BREP file could not be read: ") + failure.DynamicType()->Name() + " " +
               failure.GetMessageString());
  }
  if (shape.IsNull()) throwInput("the BREP file holds no shape");
  return shape;
}

void warmUpExchange() {
  // Naming the time zone's file keeps the C library from looking it up again for each STEP header.
  setenv("TZ", ":/etc/localtime", 0);
  const TopoDS_Shape box = BRepPrimAPI_MakeBox(1.0, 2.0, 3.0).Shape();
  readStep(writeStep(box));
  readBrep(writeBrep(box));
  tessellate(BRepPrimAPI_MakeCylinder(1.0, 2.0).Shape(), 0.1, 0.1);
}

}  // namespace cadrecode::solid
