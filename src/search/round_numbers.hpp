// People draw with round numbers: a program's own, in the part's units, rounded as far as the fit allows.
#pragma once

#include <functional>
#include <optional>

#include "cloud/frame.hpp"
#include "search/dialect_program.hpp"

namespace cadrecode::search {

// Every length in the part's units, and every plane's origin at the part's place, as a multiple of `step`.
Program roundedTo(double step, const Program& program, const cloud::Frame& frame);

// The program of the greatest step (10, 5, 2, 1, 0.5 ... of a power of ten) up to a hundredth of the part's longest
// side, which is `side` in the program's numbers, that loses no more than `loss` of the fit. Nothing when none does
// down to a thousandth of a hundredth.
std::optional<Program> withRoundNumbers(const Program& program, const cloud::Frame& frame, double side, double loss,
                                        const std::function<double(const Program&)>& fitOf);

}  // namespace cadrecode::search
