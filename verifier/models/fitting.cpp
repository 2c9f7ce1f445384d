#include "models/fitting.hpp"

#include "models/matrices.hpp"
#include "reading/limits.hpp"
#include "reading/text.hpp"

#include <algorithm>
#include <set>

namespace verifier {
namespace {

std::string words(const MatrixShape& shape) {
  return std::to_string(shape.rows) + " x " + std::to_string(shape.columns);
}

void require_vocabulary(std::uint64_t size, const std::string& what, const std::string& pointer) {
  require(size <= limits::vocabulary, reason::limit_vocabulary, pointer,
          "at most " + std::to_string(limits::vocabulary) + " " + what, std::to_string(size));
}

// Looks tensors up by the names in a description, follows a row from part to part, and knows which tensors it has seen.
class Fitting {
public:
  Fitting(const Tensors& tensors, const std::string& pointer) : tensors_(tensors), pointer_(pointer) {}

  Sizes of(const Architecture& architecture) {
    const std::uint64_t n = architecture.positions;
    Sizes sizes{{}, 0, 0};
    for (const Map& map : architecture.tokens) {
      const MatrixShape table = matrix(map);
      require_vocabulary(table.rows, "tokens", pointer_);
      if (sizes.tokens.empty()) sizes.width = table.columns, require_width(sizes.width);
      require_shape(table.columns == sizes.width, map.weight,
                    "a width of " + std::to_string(sizes.width) + layout(map));
      sizes.tokens.push_back(table.rows);
    }
    sizes.tokens.resize(n, sizes.tokens.front());
    if (architecture.position_table) {
      const std::string& name = architecture.position_table->tensor;
      const auto& shape = tensor(name).shape;
      require_shape(shape.size() == 2 && shape[0] >= n && shape[1] == sizes.width, name,
                    "at least " + words({n, sizes.width}));
    }
    for (const Block& block : architecture.blocks) {
      if (block.attention) attention(*block.attention, sizes.width);
      if (block.mlp) mlp(*block.mlp, sizes.width);
    }
    norm(architecture.norm, sizes.width);
    sizes.classes = readout(architecture.readout, sizes.width);
    require_vocabulary(sizes.classes, "classes", pointer_);
    require_all_used();
    return sizes;
  }

private:
  // The matrix of a map; its bias fits it.
  MatrixShape matrix(const Map& map) {
    const auto cut = Cut::of(map, tensor(map.weight).shape);
    const std::string dimensions = std::string(has_heads(map.layout) ? "three" : "two") + " dimensions" +
                                   (map.index ? " of each of the stack" : "");
    require_shape(cut.has_value(), map.weight,
                  dimensions + (map.is_cut() ? ", with what is cut from it" : "") + layout(map));
    const MatrixShape shape = cut->shape();
    if (!map.bias) return shape;
    const std::uint64_t given = elements(tensor(*map.bias)), whole = cut->elements_of_whole_bias();
    require_shape(
        given == shape.columns || (map.is_cut() && given == whole), *map.bias,
        std::to_string(shape.columns) + " elements, one for each column of " + shown(map.weight) +
            (map.is_cut() && whole != shape.columns ? ", or " + std::to_string(whole) + " before the cut" : ""));
    return shape;
  }
  // A map of these rows; how many columns it has.
  std::uint64_t map_of(const Map& map, std::uint64_t rows) {
    require_flat(map);
    const MatrixShape shape = matrix(map);
    require_shape(shape.rows == rows, map.weight, std::to_string(rows) + " rows" + layout(map));
    return shape.columns;
  }
  void require_flat(const Map& map) { // its slices, if it had some, would be no heads
    require_shape(!has_heads(map.layout), map.weight, "a layout without heads");
  }
  void map_to(const Map& map, const MatrixShape& expected) {
    const MatrixShape found = matrix(map);
    require_shape(found == expected, map.weight, words(expected) + layout(map) + ", and not " + words(found));
  }
  void sliced(const Map& map, Layout fitting, std::uint64_t heads) {
    if (!has_heads(map.layout)) return;
    const auto cut = Cut::of(map, tensor(map.weight).shape);
    require_shape(map.layout == fitting && cut && cut->heads() == heads, map.weight,
                  std::to_string(heads) + " slices, one a head, " + std::string(name(fitting)));
  }

  void attention(const Attention& a, std::uint64_t width) {
    norm(a.norm, width);
    const auto head_width = [&](const Map& map) {
      const MatrixShape found = matrix(map);
      require_shape(a.heads >= 1 && found.columns % a.heads == 0, map.weight,
                    std::to_string(a.heads) + " heads, at least one, of the same width");
      require_width(found.columns / a.heads);
      return found.columns;
    };
    if (a.query) {
      const MatrixShape in{width, head_width(*a.query)};
      for (const Map* map : {&*a.query, &*a.key}) map_to(*map, in), sliced(*map, Layout::heads_in_head, a.heads);
    }
    const std::uint64_t mixed = head_width(a.value);
    map_to(a.value, {width, mixed}), sliced(a.value, Layout::heads_in_head, a.heads);
    map_to(a.output, {mixed, width}), sliced(a.output, Layout::heads_head_out, a.heads);
  }
  void mlp(const Mlp& mlp, std::uint64_t width) {
    norm(mlp.norm, width);
    const std::uint64_t inner = map_of(mlp.in, width);
    require_width(inner);
    require_flat(mlp.out);
    map_to(mlp.out, {inner, width});
  }
  void norm(const std::optional<Norm>& norm, std::uint64_t width) {
    if (!norm) return;
    for (const auto& name : {norm->weight, norm->bias})
      if (name)
        require_shape(elements(tensor(*name)) == width, *name, std::to_string(width) + " elements, as the row has");
  }
  std::uint64_t readout(const std::vector<ReadoutPart>& parts, std::uint64_t width) {
    for (const ReadoutPart& part : parts) {
      if (const auto* norm_of_row = std::get_if<Norm>(&part)) norm(*norm_of_row, width);
      if (const auto* map = std::get_if<Map>(&part)) {
        require_width(width);
        width = map_of(*map, width);
      }
    }
    return width;
  }

  const Tensor& tensor(const std::string& name) {
    const auto found = tensors_.find(name);
    require(found != tensors_.end(), reason::tensor_missing, pointer_ + "/tensors", "the tensor " + shown(name),
            "none");
    used_.insert(name);
    return found->second;
  }
  void require_shape(bool fits, const std::string& name, const std::string& expected) {
    require(fits, reason::tensor_shape, place(name) + "/shape", expected, shape_in_words(tensor(name).shape));
  }
  void require_width(std::uint64_t width) const {
    require(width <= limits::width, reason::limit_width, pointer_,
            "a width of at most " + std::to_string(limits::width), std::to_string(width));
  }
  void require_all_used() const {
    for (const auto& [name, tensor] : tensors_)
      require(used_.contains(name), reason::tensor_unused, place(name), "tensors that the description names",
              shown(name));
    for (const auto& [name, tensor] : tensors_) require_finite(tensor, place(name), reason::weight_not_finite);
  }
  static std::string layout(const Map& map) { return ", as " + std::string(name(map.layout)); }
  std::string place(const std::string& name) const { return pointer_ + "/tensors/" + escaped_pointer(name); }

  const Tensors& tensors_;
  const std::string& pointer_;
  std::set<std::string> used_;
};

} // namespace

Sizes require_fitting(const Architecture& architecture, const Tensors& tensors, const std::string& pointer) {
  return Fitting(tensors, pointer).of(architecture);
}

} // namespace verifier
