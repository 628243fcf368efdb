// Typesets what Sphinx marked as a formula; one that KaTeX cannot read stays as text and is reported.
for (const element of document.querySelectorAll(".math")) {
  renderMathInElement(element, {
    delimiters: [
      { left: "\\(", right: "\\)", display: false },
      { left: "\\[", right: "\\]", display: true },
    ],
    throwOnError: true,
  });
}
