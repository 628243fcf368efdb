// Lists the colours of code that stand out from their ground by less than 4.5 to 1 (WCAG 2, 1.4.3).
() => {
  const channels = (colour) => colour.match(/[\d.]+/g).map(Number);
  const linear = (c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
  const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const ground = (element) => {
    const colour = channels(getComputedStyle(element).backgroundColor);
    return colour[3] === 0 ? ground(element.parentElement) : colour;
  };
  const faint = new Set();
  for (const element of document.querySelectorAll("pre, pre span, code, code span")) {
    const colour = getComputedStyle(element).color;
    const [dark, light] = [channels(colour), ground(element)].map(luminance).sort((a, b) => a - b);
    const ratio = (light + 0.05) / (dark + 0.05);
    if (ratio < 4.5) faint.add(`${colour} ${ratio.toFixed(2)} ${element.textContent.trim()}`);
  }
  return [...faint];
};
