/* What is wider than its place and scrolls, code and tables, can be reached by keyboard: then the
 * arrow keys scroll it. Plain JavaScript; it is asked again when the window changes its size. */
(function () {
  "use strict";
  const WIDE = "main pre, main table, main .cell_output .output, main .pst-scrollable-table-container";

  function scrolls(one) {
    const how = getComputedStyle(one).overflowX;
    return (how === "auto" || how === "scroll") && one.scrollWidth > one.clientWidth;
  }

  function reach() {
    for (const one of document.querySelectorAll(WIDE)) {
      if (scrolls(one)) {
        one.tabIndex = 0;
        one.dataset.reached = "";
      } else if ("reached" in one.dataset) {
        one.removeAttribute("tabindex");
        delete one.dataset.reached;
      }
    }
  }

  window.addEventListener("load", reach);
  window.addEventListener("resize", reach);
  document.addEventListener("toggle", reach, true); // a dropdown was opened
})();
