// In what the file of a described network says of itself: its description, and the inputs and labels that it was trained on, as a
// command line has them.
#pragma once

namespace proofmark {

inline constexpr const char *architecture_key = "proofmark.architecture", *inputs_key = "proofmark.inputs",
                            *label_key = "proofmark.label";

} // namespace proofmark
