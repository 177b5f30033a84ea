#include "picture/label.hpp"

#include <cstdint>

namespace cadrecode::picture {
namespace {

// A sign, then its seven rows of five pixels, each a digit of base 32, the left pixel first.
constexpr std::string_view kSigns =
    "%PP248JJ (2488842 )8422248 +044V440 ,0000C48 -000V000 .00000CC /11248GG 0EHJLPHE 14C4444E "
    "2EH1248V 3V2421HE 426AIV22 5VGU11HE 668GUHHE 7V124888 8EHHEHHE 9EHHF12C :0CC0CC0 =00V0V00 "
    "AEHHVHHH BUHHUHHU CEHGGGHE DUHHHHHU EVGGUGGV FVGGUGGG GEHGNHHE HHHHVHHH IE44444E J72222IC "
    "KHIKOKIH LGGGGGGV MHRLLHHH NHPLJHHH OEHHHHHE PUHHUGGG QEHHHLID RUHHUKIH SFGGE11U TV444444 "
    "UHHHHHHE VHHHHHA4 WHHHLLRH XHHA4AHH YHHA4444 ZV1248GV _000000V a00E1FHF bGGMPHHU c00EGGHE "
    "d11DJHHF e00EHVGE f698S888 g0FHHF1E hGGMPHHH i40C444E j20622IC kGGIKOKI lC44444E m00QLLHH "
    "n00MPHHH o00EHHHE p00UHUGG q00DJF11 r00MPGGG s00EGE1U t88S8896 u00HHHJD v00HHHA4 w00HHLLA "
    "x00HA4AH y00HHF1E z00V248V ";

std::string_view rowsOf(char sign) {
  for (std::size_t i = 0; i + 8 < kSigns.size(); i += 9) {
    if (kSigns[i] == sign) return kSigns.substr(i + 1, 7);
  }
  return {};
}

}  // namespace

std::size_t labelWidth(std::string_view text, std::size_t scale) { return text.size() * 6 * scale; }

void drawLabel(Image& image, std::string_view text, std::size_t x, std::size_t y, std::size_t scale, Color color) {
  for (const char sign : text) {
    const std::string_view rows = rowsOf(sign);
    for (std::size_t row = 0; row < rows.size() * scale; ++row) {
      const char digit = rows[row / scale];
      const int bits = digit <= '9' ? digit - '0' : digit - 'A' + 10;
      for (std::size_t column = 0; column < 5 * scale; ++column) {
        if ((bits >> (4 - column / scale) & 1) == 0) continue;
        if (x + column < image.width && y + row < image.height) image.at(x + column, y + row) = color;
      }
    }
    x += 6 * scale;
  }
}

}  // namespace cadrecode::picture
