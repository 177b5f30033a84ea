// Eigenvalues and vectors of small symmetric matrices by Jacobi's rotations. Stateless, any thread.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace cadrecode::metrics {

template <std::size_t N>
struct Eigen {
  std::array<double, N> values;                  // largest first
  std::array<std::array<double, N>, N> vectors;  // of length 1, in the same order
};

template <std::size_t N>
Eigen<N> symmetricEigen(std::array<std::array<double, N>, N> m) {
  std::array<std::array<double, N>, N> v{};
  for (std::size_t i = 0; i < N; ++i) v[i][i] = 1;
  for (int sweep = 0; sweep < 60; ++sweep) {
    double off = 0, on = 0;
    for (std::size_t i = 0; i < N; ++i) {
      on += m[i][i] * m[i][i];
      for (std::size_t j = i + 1; j < N; ++j) off += m[i][j] * m[i][j];
    }
    if (off <= 1e-30 * on) break;
    for (std::size_t p = 0; p < N; ++p) {
      for (std::size_t q = p + 1; q < N; ++q) {
        if (m[p][q] == 0) continue;
        const double theta = (m[q][q] - m[p][p]) / (2 * m[p][q]);
        const double t = (theta >= 0 ? 1 : -1) / (std::abs(theta) + std::sqrt(theta * theta + 1));
        const double c = 1 / std::sqrt(t * t + 1), s = t * c;
        for (std::size_t k = 0; k < N; ++k) {
          const double a = m[k][p], b = m[k][q];
          m[k][p] = c * a - s * b;
          m[k][q] = s * a + c * b;
        }
        for (std::size_t k = 0; k < N; ++k) {
          const double a = m[p][k], b = m[q][k];
          m[p][k] = c * a - s * b;
          m[q][k] = s * a + c * b;
        }
        for (std::size_t k = 0; k < N; ++k) {
          const double a = v[k][p], b = v[k][q];
          v[k][p] = c * a - s * b;
          v[k][q] = s * a + c * b;
        }
      }
    }
  }
  std::array<std::size_t, N> order;
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return m[a][a] > m[b][b]; });
  Eigen<N> result;
  for (std::size_t i = 0; i < N; ++i) {
    result.values[i] = m[order[i]][order[i]];
    for (std::size_t k = 0; k < N; ++k) result.vectors[i][k] = v[k][order[i]];
  }
  return result;
}

}  // namespace cadrecode::metrics
