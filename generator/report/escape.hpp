// Text made fit for the languages that a report is written in. Whatever others wrote is first made printable.
#pragma once

#include <string>
#include <string_view>

namespace proofmark {

std::string html(std::string_view);  // for text and quoted attributes of HTML, SVG and XML; line breaks stay
std::string latex(std::string_view); // for text of LaTeX; what is not printable ASCII becomes \xHH, spelt out

} // namespace proofmark
