#include "networks/stored_map.hpp"

#include "models/tensors.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"

#include <fmt/format.h>

#include <array>

namespace proofmark::networks {

namespace {

using Shape = std::vector<std::uint64_t>;

// Some dimensions of a tensor, perhaps cut.
struct View {
  std::uint64_t offset = 0;
  Shape sizes, strides;

  explicit View(Shape shape) : sizes(std::move(shape)), strides(sizes.size(), 1) {
    for (std::size_t i = sizes.size(); i-- > 1;) strides[i - 1] = strides[i] * sizes[i];
  }
  void take(std::uint64_t index) {
    offset += index * strides[0];
    sizes.erase(sizes.begin()), strides.erase(strides.begin());
  }
  void cut(std::size_t dimension, const Cut& cut) {
    offset += cut.from * strides[dimension];
    sizes[dimension] = cut.to - cut.from;
  }
};

[[noreturn]] void refuse(const Tensor& tensor, const std::string& expected, const std::string& hint) {
  throw Error(
      Exit::data,
      fmt::format("tensor {} has shape {}, expected {}", in_quotes(tensor.name), shape_text(tensor.shape), expected),
      hint);
}

constexpr const char* cuts_hint =
    "index comes first, then rows (of the first dimension) and columns (of the last), then "
    "the layout";

View cut_view(const Tensor& tensor, const NamedMap& map, const std::string& place) {
  View view(tensor.shape);
  const auto require = [&](bool holds, const std::string& what) {
    if (!holds) refuse(tensor, fmt::format("{} ({})", what, place), cuts_hint);
  };
  const auto beyond = [&](const char* word, const Cut& cut) {
    return fmt::format("{} [{}, {}] to be in it and not empty", word, cut.from, cut.to);
  };
  if (map.index) {
    require(!view.sizes.empty() && *map.index < view.sizes[0], fmt::format("more than {} instances", *map.index));
    view.take(*map.index);
  }
  const auto fits = [&](const Cut& cut, std::size_t dimension) {
    return dimension < view.sizes.size() && cut.from < cut.to && cut.to <= view.sizes[dimension];
  };
  if (map.rows) require(fits(*map.rows, 0), beyond("rows", *map.rows)), view.cut(0, *map.rows);
  if (map.columns) {
    const std::size_t last = view.sizes.empty() ? 0 : view.sizes.size() - 1;
    require(fits(*map.columns, last), beyond("columns", *map.columns)), view.cut(last, *map.columns);
  }
  return view;
}

bool by_heads(Layout layout) {
  return layout == Layout::heads_in_head || layout == Layout::heads_head_out;
}

bool transposed(Layout layout) {
  return layout == Layout::out_in || layout == Layout::width_tokens;
}

Layout turned(Layout layout) {
  constexpr std::array other = {Layout::out_in,       Layout::in_out,        Layout::width_tokens,
                                Layout::tokens_width, Layout::heads_in_head, Layout::heads_head_out};
  return other[static_cast<std::size_t>(layout)];
}

struct Sizes {
  std::uint64_t in, out;
};

Sizes matrix_sizes(const Shape& s, Layout layout) {
  if (layout == Layout::heads_in_head) return {s[1], s[0] * s[2]};
  if (layout == Layout::heads_head_out) return {s[0] * s[1], s[2]};
  return transposed(layout) ? Sizes{s[1], s[0]} : Sizes{s[0], s[1]};
}

bool fits(const Sizes& found, const Wanted& wanted) {
  return (!wanted.in || *wanted.in == found.in) && (!wanted.out || *wanted.out == found.out);
}

// "[8, 16, h]": the shape that such a map has in a layout.
std::string expected_shape(const Wanted& wanted, Layout layout) {
  const auto size = [](const std::optional<std::uint64_t>& known, const char* letter) {
    return known ? std::to_string(*known) : letter;
  };
  const auto of_head = [&](const std::optional<std::uint64_t>& known) {
    return known && *known % wanted.heads == 0 ? std::to_string(*known / wanted.heads) : "h";
  };
  const std::string in = size(wanted.in, wanted.in_letter), out = size(wanted.out, wanted.out_letter);
  if (layout == Layout::heads_in_head) return fmt::format("[{}, {}, {}]", wanted.heads, in, of_head(wanted.out));
  if (layout == Layout::heads_head_out) return fmt::format("[{}, {}, {}]", wanted.heads, of_head(wanted.in), out);
  return transposed(layout) ? fmt::format("[{}, {}]", out, in) : fmt::format("[{}, {}]", in, out);
}

void require_fitting(const Tensor& tensor, const NamedMap& map, const Wanted& wanted, const Shape& shape) {
  const bool heads = by_heads(map.layout), cut = map.index || map.rows || map.columns;
  const std::string as = fmt::format("{}{} ({} as {})", expected_shape(wanted, map.layout),
                                     cut ? " after its cuts" : "", wanted.place, name(map.layout));
  if (shape.size() != (heads ? 3u : 2u))
    refuse(tensor, as,
           shape.size() == 3 ? "a stack of matrices is read with index, heads with heads,in,head or heads,head,out"
                             : "the layout may be another");
  const bool head_count = !heads || shape[0] == wanted.heads;
  const Sizes sizes = matrix_sizes(shape, map.layout);
  if (head_count && fits(sizes, wanted)) return;
  const Layout other = turned(map.layout);
  if (!heads && fits(matrix_sizes(shape, other), wanted))
    refuse(tensor, as, fmt::format("it fits transposed: \"layout\": \"{}\"", name(other)));
  refuse(tensor, as,
         heads && !head_count ? "its first dimension is the number of heads"
                              : "the description or another tensor says these sizes; docs/interop.md");
}

void require_finite(const Tensor& tensor) {
  if (const std::optional<std::string> what = not_finite(tensor))
    throw Error(Exit::data, fmt::format("{}, expected finite numbers", *what), not_finite_hint(tensor));
}

// By which dimensions of the tensor (after index) the columns of the matrix are counted.
std::vector<std::size_t> column_dimensions(Layout layout) {
  if (layout == Layout::heads_in_head) return {0, 2};
  if (layout == Layout::heads_head_out) return {2};
  return {transposed(layout) ? std::size_t{0} : std::size_t{1}};
}

Matrices<double>::Vector stored_bias(const NamedMap& map, const Wanted& wanted, const Tensor& weight,
                                     const Tensor& bias, std::uint64_t columns) {
  require_finite(bias);
  const std::uint64_t count = bias.bytes.size() / size_of(bias.dtype);
  const auto whole = [&] {
    Matrices<double>::Vector result(static_cast<Eigen::Index>(columns));
    for (std::uint64_t i = 0; i < columns; ++i) result[static_cast<Eigen::Index>(i)] = element(bias, i);
    return result;
  };
  if (count == columns) return whole();
  // Before the cuts: [instances, columns by their dimensions]; it is cut as the tensor is.
  Shape shape;
  const std::size_t first = map.index ? 1 : 0, last = weight.shape.size() - 1 - first;
  if (map.index) shape.push_back(weight.shape[0]);
  for (const std::size_t dimension : column_dimensions(map.layout)) shape.push_back(weight.shape[dimension + first]);
  std::uint64_t uncut = 1;
  for (const std::uint64_t size : shape) uncut *= size;
  if (count != uncut)
    refuse(bias,
           uncut == columns
               ? fmt::format("{} elements (bias of {})", columns, wanted.place)
               : fmt::format("{} elements, or {} before the cuts (bias of {})", columns, uncut, wanted.place),
           "");
  View view(shape);
  if (map.index) view.take(*map.index);
  const std::vector<std::size_t> dimensions = column_dimensions(map.layout);
  for (std::size_t i = 0; i < dimensions.size(); ++i) {
    if (dimensions[i] == 0 && map.rows) view.cut(i, *map.rows);
    if (dimensions[i] == last && map.columns) view.cut(i, *map.columns);
  }
  Matrices<double>::Vector result(static_cast<Eigen::Index>(columns));
  const std::uint64_t inner = view.sizes.back();
  for (std::uint64_t c = 0; c < columns; ++c) {
    const std::uint64_t outer = view.sizes.size() == 2 ? c / inner * view.strides[0] : 0;
    result[static_cast<Eigen::Index>(c)] = element(bias, view.offset + outer + c % inner * view.strides.back());
  }
  return result;
}

} // namespace

Matrices<double>::Map stored_map(const NamedMap& map, const Wanted& wanted, const Tensor& weight, const Tensor* bias) {
  if (by_heads(map.layout) && map.layout != wanted.heads_layout)
    throw Error(Exit::data,
                fmt::format("{} has the layout {}, which does not fit there", wanted.place, name(map.layout)),
                wanted.heads_layout ? fmt::format("of the layouts by heads, {} fits there", name(*wanted.heads_layout))
                                    : "heads,in,head fits query, key and value, heads,head,out fits output");
  const View view = cut_view(weight, map, wanted.place);
  require_fitting(weight, map, wanted, view.sizes);
  require_finite(weight);
  const auto [rows, columns] = matrix_sizes(view.sizes, map.layout);
  Matrices<double>::Map result;
  result.weight.resize(static_cast<Eigen::Index>(rows), static_cast<Eigen::Index>(columns));
  const Shape &size = view.sizes, &stride = view.strides;
  double* to = result.weight.data();
  for (std::uint64_t i = 0; i < rows; ++i)
    for (std::uint64_t j = 0; j < columns; ++j) {
      std::uint64_t at = view.offset;
      if (map.layout == Layout::heads_in_head)
        at += j / size[2] * stride[0] + i * stride[1] + j % size[2] * stride[2];
      else if (map.layout == Layout::heads_head_out)
        at += i / size[1] * stride[0] + i % size[1] * stride[1] + j * stride[2];
      else
        at += transposed(map.layout) ? j * stride[0] + i * stride[1] : i * stride[0] + j * stride[1];
      *to++ = element(weight, at);
    }
  if (bias) result.bias = stored_bias(map, wanted, weight, *bias, columns);
  return result;
}

Matrices<double>::Vector stored_vector(const Tensor& tensor, std::uint64_t size, const std::string& place) {
  const std::uint64_t count = tensor.bytes.size() / size_of(tensor.dtype);
  if (count != size) refuse(tensor, fmt::format("{} elements ({})", size, place), "");
  require_finite(tensor);
  Matrices<double>::Vector result(static_cast<Eigen::Index>(size));
  for (std::uint64_t i = 0; i < size; ++i) result[static_cast<Eigen::Index>(i)] = element(tensor, i);
  return result;
}

Matrices<double>::Table stored_rows(const Tensor& tensor, std::uint64_t rows, std::uint64_t columns,
                                    const std::string& place) {
  if (tensor.shape.size() != 2 || tensor.shape[0] < rows || tensor.shape[1] != columns) {
    const bool other = tensor.shape.size() == 2 && tensor.shape[0] == columns && tensor.shape[1] >= rows;
    refuse(tensor, fmt::format("[{} or more, {}] ({})", rows, columns, place),
           other ? "it is transposed: save its transpose, .T.contiguous()"
                 : "its rows are positions, as wide as the rows of the token embedding");
  }
  require_finite(tensor);
  Matrices<double>::Table result(static_cast<Eigen::Index>(rows), static_cast<Eigen::Index>(columns));
  for (Eigen::Index i = 0; i < result.size(); ++i) result.data()[i] = element(tensor, static_cast<std::size_t>(i));
  return result;
}

} // namespace proofmark::networks
