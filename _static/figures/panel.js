// What all figures share: a panel with controls, a drawing and a sentence that reads it.
import * as Plot from "./plot.min.js";

export const BLUE = "var(--play-blue)";
export const ORANGE = "var(--play-orange)";
export const GREEN = "var(--play-green)";
export const GREY = "var(--play-grey)";

// Make an element: element("p", { className: "note" }, "text", child).
export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

// A labelled slider; `show` turns its value into the text beside it, and `write` moves it.
export function slider(label, { min, max, step, value, show = String }) {
  const input = element("input", { type: "range", min, max, step, value });
  const text = element("output", {}, show(value));
  input.addEventListener("input", () => (text.value = show(input.valueAsNumber)));
  const write = (to) => {
    input.value = to;
    input.dispatchEvent(new Event("input"));
  };
  return { label: element("label", {}, `${label} `, input, text), read: () => input.valueAsNumber, write };
}

// A labelled list to choose from: options is {value: text}, and `value` the one chosen first.
export function choice(label, options, value) {
  const entries = Object.entries(options).map(([value, text]) => new Option(text, value));
  const input = element("select", {}, ...entries);
  input.value = value ?? Object.keys(options)[0];
  return { label: element("label", {}, `${label} `, input), read: () => input.value };
}

// A button that does something before the panel is drawn again.
export function button(text, act) {
  const made = element("button", { type: "button" }, text);
  made.addEventListener("click", act);
  return { label: made };
}

// A chart of Observable Plot, as wide as the panel, with words as large as the page's.
export function chart(width, options) {
  const style = { background: "none", fontFamily: "inherit", fontSize: "14px", overflow: "visible" };
  const shared = { width, marginLeft: 45, marginBottom: 40, style };
  const made = Plot.plot({ ...shared, height: Math.min(340, 0.75 * width), ...options });
  // A picture has one name; those that Plot gives its marks ("dot", "rule") say nothing.
  for (const part of made.querySelectorAll("[aria-label]")) part.removeAttribute("aria-label");
  made.setAttribute("role", "img");
  return made;
}

// Fill a place with a title, controls, drawings and a sentence; `update(width)` is called with every
// change and gives {drawing, says}: an element (or several) and the sentence that reads it.
export function panel(place, title, controls, update) {
  const heading = element("p", { className: "play-title" }, title);
  const form = element("form", {}, ...controls.map((control) => control.label));
  const drawing = element("div", { className: "play-drawing" });
  const says = element("p", { className: "play-says" });
  says.setAttribute("aria-live", "polite");
  const redraw = () => {
    const made = update(drawing.clientWidth);
    drawing.replaceChildren(...[made.drawing].flat());
    says.textContent = made.says;
  };
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", redraw);
  form.addEventListener("click", (event) => event.target.type === "button" && redraw());
  place.replaceChildren(element("figure", { className: "play" }, heading, form, drawing, says));
  new ResizeObserver(redraw).observe(form);
  return redraw;
}

// Write a number with a fixed count of decimals and a true minus sign.
export function number(value, decimals = 2) {
  const text = value.toFixed(decimals);
  return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", "−");
}
