// Fonts for text: which installed file stands for a name, as OpenCASCADE's font manager finds it, and its bytes mapped
// into memory, so that a process locked in after warmUpFonts() needs to open nothing. One thread a process.
#pragma once

#include <Font_FontAspect.hxx>
#include <StdPrs_BRepFont.hxx>
#include <optional>
#include <string>

namespace cadrecode::cadquery {

// Finds the installed fonts and maps their files. A font not reached by then falls back to the default one.
void warmUpFonts();

// The outlines of a font at a size in model units. path: the file of an installed font, which goes before the name; any
// other file is passed over, as scripts may not read files. A name not installed gives the font manager's substitute.
// Error when no font is installed at all.
opencascade::handle<StdPrs_BRepFont> openFont(const std::string& name, Font_FontAspect aspect, double size,
                                              const std::optional<std::string>& path = std::nullopt);

}  // namespace cadrecode::cadquery
