#include "witness.hpp"

#include "reason.hpp"

#include <algorithm>

namespace verifier {

std::string witness_pointer(const std::string& name) {
  return "/witnesses/" + name;
}

const Tensor* find_witness(const Certificate& certificate, const std::string& name) {
  const auto found = std::ranges::find(certificate.witnesses, name, &Tensor::name);
  return found == certificate.witnesses.end() ? nullptr : &*found;
}

const Tensor& need_witness(const Certificate& certificate, const std::string& name, std::string_view why) {
  const Tensor* found = find_witness(certificate, name);
  require(found != nullptr, Reason::witness_missing, "/witnesses", "\"" + name + "\": " + std::string(why));
  return *found;
}

void require_witness_shape(const Tensor& tensor, bool dtype_fits, std::string_view dtypes, bool shape_fits,
                           const std::string& shape) {
  require(dtype_fits, Reason::witness_shape, witness_pointer(tensor.name) + "/dtype", std::string(dtypes),
          std::string(name(tensor.dtype)));
  require(shape_fits, Reason::witness_shape, witness_pointer(tensor.name) + "/shape", shape,
          shape_in_words(tensor.shape));
}

std::string at_element(const Tensor& tensor, std::size_t i) {
  return "element " + std::to_string(i) + " of \"" + tensor.name + "\"";
}

} // namespace verifier
