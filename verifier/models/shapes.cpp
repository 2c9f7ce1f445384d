#include "models/shapes.hpp"

namespace verifier {

ModelShape shape_of(const Architecture& architecture) {
  const bool adds_positions = architecture.position_tensor.has_value();
  const std::size_t blocks = architecture.blocks.size(), maps = architecture.readout.size();
  if (!adds_positions && blocks == 0 && architecture.pool == Pool::sum && maps == 2) return ModelShape::token_sum;
  const bool one_head = blocks == 1 && architecture.blocks.front().heads == 1;
  if (adds_positions && one_head && architecture.pool == Pool::last && maps == 1) return ModelShape::attention_only;
  return ModelShape::other;
}

Matrix matrix(const Map& map, const Tensors& tensors) {
  const Tensor& tensor = tensors.at(map.weight);
  const MatrixShape shape = matrix_shape(tensor, map.layout).value();
  std::vector<kernel::Stored> stored = real_values(tensor);
  const std::size_t rows = shape.rows, columns = shape.columns;
  // Where the entry of row r and column c is stored.
  const std::size_t head = tensor.shape.back(); // of heads,in,head: columns of one slice
  const auto place = [&](std::size_t r, std::size_t c) {
    switch (map.layout) {
    case Layout::out_in:
    case Layout::width_tokens:
      return c * rows + r;
    case Layout::heads_in_head:
      return (c / head * rows + r) * head + c % head;
    case Layout::in_out:
    case Layout::tokens_width:
    case Layout::heads_head_out:
      break;
    }
    return r * columns + c;
  };
  std::vector<kernel::Stored> entries(stored.size());
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = 0; c < columns; ++c) entries[r * columns + c] = stored[place(r, c)];
  return {rows, columns, std::move(entries)};
}

Matrix matrix(const std::string& name, const Tensors& tensors) {
  const Tensor& tensor = tensors.at(name);
  return {tensor.shape.at(0), tensor.shape.at(1), real_values(tensor)};
}

} // namespace verifier
