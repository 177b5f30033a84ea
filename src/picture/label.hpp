// Short texts in pictures, in letters of five by seven pixels. Stateless, any thread.
#pragma once

#include <cstddef>
#include <string_view>

#include "picture/image.hpp"

namespace cadrecode::picture {

// Letters, digits and a few signs; others leave a gap. Each pixel of a letter becomes `scale` by `scale`; what lies
// outside of the image is left out.
void drawLabel(Image& image, std::string_view text, std::size_t x, std::size_t y, std::size_t scale = 2,
               Color color = {38, 48, 60});

// In pixels, the gap behind the last letter included; the height is 7 times the scale.
std::size_t labelWidth(std::string_view text, std::size_t scale = 2);

}  // namespace cadrecode::picture
