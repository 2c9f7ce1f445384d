#include "training/panels.hpp"

#include "support/parallel.hpp"

#include <algorithm>

namespace proofmark {

std::size_t panels(Eigen::Index whole, Eigen::Index size) {
  return static_cast<std::size_t>((whole + size - 1) / size);
}

Panel panel(std::size_t number, Eigen::Index whole, Eigen::Index size) {
  const Eigen::Index begin = static_cast<Eigen::Index>(number) * size;
  return {begin, std::min(size, whole - begin)};
}

void for_each_panel(Eigen::Index rows, unsigned threads, const std::function<void(Panel)>& work) {
  for_each_piece(panels(rows, panel_rows), threads, [&](std::size_t number) { work(panel(number, rows, panel_rows)); });
}

} // namespace proofmark
