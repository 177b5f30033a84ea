#include "cadquery/fonts.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <Font_FTFont.hxx>
#include <Font_FontMgr.hxx>
#include <Font_SystemFont.hxx>
#include <NCollection_Buffer.hxx>
#include <map>

#include "core/error.hpp"
#include "solid/kernel.hpp"

namespace cadrecode::cadquery {

namespace {

using FontBytes = opencascade::handle<NCollection_Buffer>;

// The bytes of a font file, mapped once and kept; null when it cannot be read.
FontBytes fontBytes(const std::string& path) {
  static std::map<std::string, FontBytes> cache;
  const auto known = cache.find(path);
  if (known != cache.end()) return known->second;
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return {};
  FontBytes bytes;
  struct stat info {};
  if (fstat(file, &info) == 0 && info.st_size > 0) {
    const auto size = static_cast<std::size_t>(info.st_size);
    void* memory = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
    if (memory != MAP_FAILED) bytes = new NCollection_Buffer({}, size, static_cast<Standard_Byte*>(memory));
  }
  close(file);
  cache[path] = bytes;
  return bytes;
}

// A font of outlines read from memory; OpenCASCADE's own constructors open the file.
class MappedFont final : public StdPrs_BRepFont {
 public:
  bool load(const FontBytes& bytes, const TCollection_AsciiString& path, int faceId, bool italic, bool singleStroke,
            double size) {
    // OpenCASCADE renders outlines at 72 points and 4800 dots an inch and scales them to the size.
    constexpr unsigned kPoints = 72, kResolution = 4800;
    Font_FTFontParams params(kPoints, kResolution);
    params.ToSynthesizeItalic = italic;
    params.IsSingleStrokeFont = singleStroke;
    myScaleUnits = size / kPoints * 72.0 / kResolution;
    return myFTFont->Init(bytes, path, params, faceId);
  }
};

opencascade::handle<StdPrs_BRepFont> load(const Font_SystemFont& font, Font_FontAspect aspect, double size) {
  bool italic = false;
  Standard_Integer faceId = 0;
  const TCollection_AsciiString& path = font.FontPathAny(aspect, italic, faceId);
  const FontBytes bytes = fontBytes(path.ToCString());
  opencascade::handle<MappedFont> loaded = new MappedFont;
  if (bytes.IsNull() || !loaded->load(bytes, path, faceId, italic, font.IsSingleStrokeFont(), size)) return {};
  return loaded;
}

// The face of an installed font file.
opencascade::handle<StdPrs_BRepFont> loadFile(const Font_FontMgr& manager, const std::string& path, double size) {
  for (const opencascade::handle<Font_SystemFont>& font : manager.GetAvailableFonts())
    for (int i = 0; i < Font_FontAspect_NB; ++i) {
      const auto aspect = static_cast<Font_FontAspect>(i);
      if (font->FontPath(aspect).IsEqual(path.c_str())) return load(*font, aspect, size);
    }
  return {};
}

}  // namespace

void warmUpFonts() {
  for (const opencascade::handle<Font_SystemFont>& font : Font_FontMgr::GetInstance()->GetAvailableFonts())
    for (int aspect = 0; aspect < Font_FontAspect_NB; ++aspect) {
      const TCollection_AsciiString& path = font->FontPath(static_cast<Font_FontAspect>(aspect));
      if (!path.IsEmpty()) fontBytes(path.ToCString());
    }
}

opencascade::handle<StdPrs_BRepFont> openFont(const std::string& name, Font_FontAspect aspect, double size,
                                              const std::optional<std::string>& path) {
  // OpenCASCADE renders no outlines at such a size and then reads through a null pointer.
  if (size <= 1e-5) throwValueError("the size of a text must be greater than zero");
  solid::prepareKernel();
  const opencascade::handle<Font_FontMgr> manager = Font_FontMgr::GetInstance();
  if (path && !path->empty()) {
    if (const auto font = loadFile(*manager, *path, size); !font.IsNull()) return font;
  }
  for (const std::string& wanted : {name, std::string("Arial"), std::string()}) {
    Font_FontAspect found = aspect;
    const opencascade::handle<Font_SystemFont> system =
        manager->FindFont(wanted.c_str(), Font_StrictLevel_Any, found, false);
    if (system.IsNull()) continue;
    if (const auto font = load(*system, found, size); !font.IsNull()) return font;
  }
  throw Error(ErrorCode::resources, "RuntimeError", "no font is installed: text needs one (Debian: fonts-liberation)");
}

}  // namespace cadrecode::cadquery
