// An activation function, its derivative, and a point that slides along both.
import { BLUE, GREY, ORANGE, chart, choice, number, panel, slider } from "./panel.js";
import * as Plot from "./plot.min.js";

const sigmoid = (x) => 1 / (1 + Math.exp(-x));

// The error function by its series, and near 1 by its continued fraction.
function erf(x) {
  if (Math.abs(x) > 3) {
    let tail = 0;
    for (let k = 60; k > 0; k -= 1) tail = k / 2 / (Math.abs(x) + tail);
    const rest = Math.exp(-x * x) / (Math.sqrt(Math.PI) * (Math.abs(x) + tail));
    return Math.sign(x) * (1 - rest);
  }
  let term = x;
  let sum = x;
  for (let k = 1; k < 60; k += 1) {
    term *= (-x * x) / k;
    sum += term / (2 * k + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

const normal = (x) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
const below = (x) => (1 + erf(x / Math.SQRT2)) / 2;

// Each function with its derivative, as PyTorch defines them.
export const functions = {
  relu: { name: "ReLU", f: (x) => Math.max(0, x), slope: (x) => (x > 0 ? 1 : 0) },
  leaky_relu: {
    name: "leaky ReLU, slope 0.01",
    f: (x) => (x > 0 ? x : 0.01 * x),
    slope: (x) => (x > 0 ? 1 : 0.01),
  },
  sigmoid: { name: "sigmoid", f: sigmoid, slope: (x) => sigmoid(x) * sigmoid(-x) },
  tanh: { name: "tanh", f: Math.tanh, slope: (x) => 1 - Math.tanh(x) ** 2 },
  elu: {
    name: "ELU",
    f: (x) => (x > 0 ? x : Math.expm1(x)),
    slope: (x) => (x > 0 ? 1 : Math.exp(x)),
  },
  silu: {
    name: "SiLU",
    f: (x) => x * sigmoid(x),
    slope: (x) => sigmoid(x) * (1 + x * sigmoid(-x)),
  },
  gelu: { name: "GELU", f: (x) => x * below(x), slope: (x) => below(x) + x * normal(x) },
};

const grid = Array.from({ length: 1201 }, (_, i) => -6 + i / 100);

function picture(width, { f, slope, name }, x) {
  const tangent = [x - 1, x + 1].map((u) => ({ x: u, y: f(x) + slope(x) * (u - x) }));
  return chart(width, {
    ariaLabel: `${name} and its derivative, with a point at x = ${number(x)}`,
    x: { domain: [-6, 6], label: "x", ticks: 7 },
    y: { domain: [-1.5, 4], label: null, ticks: 6 },
    marks: [
      Plot.gridX(),
      Plot.gridY(),
      Plot.ruleX([0], { stroke: GREY }),
      Plot.ruleY([0], { stroke: GREY }),
      Plot.ruleX([x], { stroke: GREY, strokeDasharray: "4 4" }),
      Plot.line(grid, { x: (u) => u, y: f, stroke: BLUE, strokeWidth: 2.5, clip: true }),
      Plot.line(grid, { x: (u) => u, y: slope, stroke: ORANGE, strokeWidth: 2.5, clip: true }),
      Plot.line(tangent, { x: "x", y: "y", stroke: BLUE, strokeDasharray: "2 3", clip: true }),
      Plot.dot([x], { x, y: f(x), r: 6, fill: BLUE, clip: true }),
      Plot.dot([x], { x, y: slope(x), r: 6, symbol: "square", fill: ORANGE, clip: true }),
      Plot.text(["function", "derivative"], {
        x: -5.9,
        y: (_, i) => 3.7 - 0.45 * i,
        text: (word) => word,
        fill: (_, i) => [BLUE, ORANGE][i],
        textAnchor: "start",
        fontWeight: "bold",
      }),
    ],
  });
}

export function draw(place) {
  const names = Object.fromEntries(Object.entries(functions).map(([id, { name }]) => [id, name]));
  const which = choice("Function", names, "gelu");
  const at = slider("x", { min: -6, max: 6, step: 0.05, value: 1, show: number });
  panel(place, "Slide the point: value and slope", [which, at], (width) => {
    const chosen = functions[which.read()];
    const x = at.read();
    const says = `${chosen.name} at x = ${number(x)}: value ${number(chosen.f(x), 4)}, slope ${number(chosen.slope(x), 4)}.`;
    return { drawing: picture(width, chosen, x), says };
  });
}
