// How training cuts its work into pieces whose size does not depend on the number of threads, because it decides
// how sums are rounded.
#pragma once

#include <Eigen/Core>

#include <functional>

namespace proofmark {

template <class Scalar>
using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// A range of consecutive rows or columns.
struct Panel {
  Eigen::Index begin, size;
};

inline constexpr Eigen::Index panel_rows = 128; // of a batch

// How many panels of that size a whole is cut into, and the one of that number.
std::size_t panels(Eigen::Index whole, Eigen::Index size);
Panel panel(std::size_t number, Eigen::Index whole, Eigen::Index size);

// Calls work(panel) once for each of the panels that `rows` rows of a batch are cut into.
void for_each_panel(Eigen::Index rows, unsigned threads, const std::function<void(Panel)>& work);

} // namespace proofmark
