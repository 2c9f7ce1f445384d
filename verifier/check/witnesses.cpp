#include "check/witnesses.hpp"

#include "reading/reason.hpp"

#include <algorithm>
#include <utility>

namespace verifier {

Witnesses read_witnesses(const Certificate& certificate, std::span<const Rule* const> of_steps) {
  if (certificate.parts == Parts::inputs) return read_network_witnesses(certificate, of_steps);
  if (shape_of(certificate.architecture) == ModelShape::token_sum)
    return read_token_sum_witnesses(certificate, of_steps);
  return read_attention_witnesses(certificate);
}

const Tensor* find_witness(const Certificate& certificate, std::string_view name) {
  const auto found = std::ranges::find(certificate.witnesses, name, &Tensor::name);
  return found == certificate.witnesses.end() ? nullptr : &*found;
}

std::string witness_pointer(const Tensor& tensor) {
  return "/witnesses/" + tensor.name;
}

std::string at_element(const Tensor& tensor, std::size_t i) {
  return "element " + std::to_string(i) + " of \"" + tensor.name + "\"";
}

void require_witness_shape(const Tensor& tensor, bool dtype_fits, std::string_view dtypes, bool shape_fits,
                           const std::string& shape) {
  require(dtype_fits, reason::witness_shape, witness_pointer(tensor) + "/dtype", std::string(dtypes),
          std::string(name(tensor.dtype)));
  require(shape_fits, reason::witness_shape, witness_pointer(tensor) + "/shape", shape, shape_in_words(tensor.shape));
}

std::vector<kernel::Index> indices_of_any_shape(const Tensor& tensor, std::uint64_t most) {
  std::vector<kernel::Index> values;
  for (const auto value : unsigned_values(tensor)) {
    require(value <= most, reason::witness_value, witness_pointer(tensor), "at most " + std::to_string(most),
            at_element(tensor, values.size()) + " is " + std::to_string(value));
    values.push_back(static_cast<kernel::Index>(value));
  }
  return values;
}

std::vector<kernel::Index> different_in_rows(const Tensor& tensor, std::uint64_t vocabulary) {
  const std::vector<kernel::Index> outputs = indices_of_any_shape(tensor, vocabulary - 1);
  std::vector<std::uint64_t> seen(vocabulary, 0); // 1 + the row in which an output was seen last
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const std::uint64_t row = i / tensor.shape[1] + 1;
    require(std::exchange(seen[outputs[i]], row) != row, reason::witness_value, witness_pointer(tensor),
            "different outputs in each row", at_element(tensor, i) + " repeats one");
  }
  return outputs;
}

std::vector<kernel::Index> indices(const Tensor& tensor, DType type, const std::vector<std::uint64_t>& shape,
                                   std::uint64_t most) {
  require_witness_shape(tensor, tensor.dtype == type, name(type), tensor.shape == shape, shape_in_words(shape));
  return indices_of_any_shape(tensor, most);
}

std::vector<kernel::Stored> factors(const Tensor& tensor, std::uint64_t count, bool zero_allowed) {
  const std::vector<std::uint64_t> shape = {count};
  require_witness_shape(tensor, tensor.dtype == DType::float32 || tensor.dtype == DType::float64, "float32 or float64",
                        tensor.shape == shape, shape_in_words(shape));
  require_finite(tensor, witness_pointer(tensor), reason::witness_value);
  std::vector<kernel::Stored> numbers = real_values(tensor);
  for (std::size_t i = 0; i < numbers.size(); ++i)
    require(numbers[i] > 0 || (zero_allowed && numbers[i] == 0), reason::witness_value, witness_pointer(tensor),
            zero_allowed ? "numbers of at least 0" : "positive numbers", at_element(tensor, i) + " is not");
  return numbers;
}

} // namespace verifier
