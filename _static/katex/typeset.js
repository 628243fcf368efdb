// Typesets what Sphinx marked as a formula; one that KaTeX cannot read stays as text and is reported.
// A page of many formulas is done in slices, so that it answers to its reader meanwhile.
{
  const slice = 30; // ms
  const formulas = [...document.querySelectorAll(".math")];
  const options = {
    delimiters: [
      { left: "\\(", right: "\\)", display: false },
      { left: "\\[", right: "\\]", display: true },
    ],
    throwOnError: true,
  };
  const typeset = () => {
    const end = performance.now() + slice;
    while (formulas.length && performance.now() < end) {
      const formula = formulas.shift();
      renderMathInElement(formula, options);
      formula.dataset.typeset = "";
    }
    if (formulas.length) setTimeout(typeset);
  };
  typeset();
}
