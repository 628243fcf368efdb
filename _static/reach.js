// What scrolls in a box of its own can be reached, and so scrolled, by the keyboard.
const boxes = ".katex-display, .cell_output figure, .cell_output .output, .bd-article pre";

function mark() {
  for (const box of document.querySelectorAll(boxes)) {
    if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
}

addEventListener("DOMContentLoaded", () => new ResizeObserver(mark).observe(document.body));
