#include "models/matrices.hpp"

namespace verifier {

bool has_heads(Layout layout) {
  return layout == Layout::heads_in_head || layout == Layout::heads_head_out;
}

std::optional<Cut> Cut::of(const Map& map, const std::vector<std::uint64_t>& shape) {
  const std::size_t dimensions = has_heads(map.layout) ? 3 : 2, stacked = map.index ? 1 : 0;
  if (shape.size() != dimensions + stacked) return std::nullopt;
  Cut cut;
  cut.layout_ = map.layout;
  if (map.index) {
    if (*map.index >= shape.front()) return std::nullopt;
    cut.slice_ = *map.index, cut.slices_ = shape.front();
  }
  for (std::size_t i = 0; i < dimensions; ++i) {
    const std::uint64_t all = shape[stacked + i];
    const std::optional<Range>& range = i == 0 ? map.rows : map.columns; // of the first and of the last
    const Range taken = i == 0 || i + 1 == dimensions ? range.value_or(Range{0, all}) : Range{0, all};
    if (taken.from >= taken.to || taken.to > all) return std::nullopt;
    cut.from_.push_back(taken.from), cut.size_.push_back(taken.to - taken.from), cut.of_.push_back(all);
  }
  return cut;
}

MatrixShape Cut::shape() const {
  switch (layout_) {
  case Layout::in_out:
  case Layout::tokens_width:
    break;
  case Layout::out_in:
  case Layout::width_tokens:
    return {size_[1], size_[0]};
  case Layout::heads_in_head:
    return {size_[1], size_[0] * size_[2]};
  case Layout::heads_head_out:
    return {size_[0] * size_[1], size_[2]};
  }
  return {size_[0], size_[1]};
}

std::uint64_t Cut::elements_of_whole_bias() const {
  switch (layout_) {
  case Layout::in_out:
  case Layout::tokens_width:
    break;
  case Layout::out_in:
  case Layout::width_tokens:
    return slices_ * of_[0];
  case Layout::heads_in_head:
    return slices_ * of_[0] * of_[2];
  case Layout::heads_head_out:
    return slices_ * of_[2];
  }
  return slices_ * of_[1];
}

std::size_t Cut::place(std::uint64_t row, std::uint64_t column) const {
  const auto at = [&](std::initializer_list<std::uint64_t> indices) {
    std::size_t place = slice_, i = 0;
    for (const std::uint64_t index : indices) place = place * of_[i] + from_[i] + index, ++i;
    return place;
  };
  switch (layout_) {
  case Layout::in_out:
  case Layout::tokens_width:
    break;
  case Layout::out_in:
  case Layout::width_tokens:
    return at({column, row});
  case Layout::heads_in_head:
    return at({column / size_[2], row, column % size_[2]});
  case Layout::heads_head_out:
    return at({row / size_[1], row % size_[1], column});
  }
  return at({row, column});
}

std::size_t Cut::place_of_bias(std::uint64_t column) const {
  switch (layout_) {
  case Layout::in_out:
  case Layout::tokens_width:
    break;
  case Layout::out_in:
  case Layout::width_tokens:
    return slice_ * of_[0] + from_[0] + column;
  case Layout::heads_in_head:
    return (slice_ * of_[0] + from_[0] + column / size_[2]) * of_[2] + from_[2] + column % size_[2];
  case Layout::heads_head_out:
    return slice_ * of_[2] + from_[2] + column;
  }
  return slice_ * of_[1] + from_[1] + column;
}

Matrix matrix(const Map& map, const Tensors& tensors) {
  const Tensor& tensor = tensors.at(map.weight);
  const Cut cut = Cut::of(map, tensor.shape).value();
  const auto [rows, columns] = cut.shape();
  Matrix matrix{rows, columns, {}};
  matrix.entries.reserve(rows * columns);
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = 0; c < columns; ++c) matrix.entries.push_back(real_value(tensor, cut.place(r, c)));
  return matrix;
}

std::optional<Matrix> bias(const Map& map, const Tensors& tensors) {
  if (!map.bias) return std::nullopt;
  const Cut cut = Cut::of(map, tensors.at(map.weight).shape).value();
  const Tensor& tensor = tensors.at(*map.bias);
  const std::size_t columns = cut.shape().columns;
  const bool is_whole = elements(tensor) != columns;
  Matrix row{1, columns, {}};
  for (std::size_t c = 0; c < columns; ++c)
    row.entries.push_back(real_value(tensor, is_whole ? cut.place_of_bias(c) : c));
  return row;
}

Matrix first_rows(const std::string& name, std::size_t rows, const Tensors& tensors) {
  const Tensor& tensor = tensors.at(name);
  Matrix first{rows, tensor.shape.at(1), {}};
  for (std::size_t i = 0; i < rows * first.columns; ++i) first.entries.push_back(real_value(tensor, i));
  return first;
}

std::optional<Matrix> one_row(const std::optional<std::string>& name, const Tensors& tensors) {
  if (!name) return std::nullopt;
  std::vector<kernel::Stored> entries = real_values(tensors.at(*name));
  return Matrix{1, entries.size(), std::move(entries)};
}

} // namespace verifier
