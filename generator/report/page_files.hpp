// page.html, with the names of what page.cpp writes in braces, and page.css: two themes, paper, narrow screens. Pictures carry
// their own colours for a light page; the classes of svg.cpp get those of the theme there. Text and its ground contrast by 4.5 to
// 1 or more, marks by 3 to 1. This program carries both files (support/embed.py).
#pragma once

#include "support/embedded.hpp"

namespace proofmark {

const std::vector<EmbeddedFile>& page_files();

} // namespace proofmark
