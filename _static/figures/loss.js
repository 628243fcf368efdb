// A regression loss over the prediction, its slope, and a prediction that slides along both.
import { BLUE, GREEN, GREY, ORANGE, chart, choice, number, panel, slider } from "./panel.js";
import * as Plot from "./plot.min.js";

// Each loss of one error d = y - t with its derivative; at the kink of L1 the slope is 0, as in autograd.
export const losses = {
  mse: { name: "MSE", f: (d) => d ** 2, slope: (d) => 2 * d },
  l1: { name: "L1", f: Math.abs, slope: Math.sign },
  smooth_l1: {
    name: "Smooth L1",
    parameter: "β",
    f: (d, beta) => (Math.abs(d) < beta ? d ** 2 / (2 * beta) : Math.abs(d) - beta / 2),
    slope: (d, beta) => (Math.abs(d) < beta ? d / beta : Math.sign(d)),
  },
  huber: {
    name: "Huber",
    parameter: "δ",
    f: (d, delta) => delta * losses.smooth_l1.f(d, delta),
    slope: (d, delta) => delta * losses.smooth_l1.slope(d, delta),
  },
};

// The errors from left to right; counted in hundredths, so that the kink is met exactly.
const errors = Array.from({ length: 1601 }, (_, i) => (i - 800) / 100);

function picture(width, { name, f, slope }, y, t, beta) {
  const d = y - t;
  const tangent = [y - 1, y + 1].map((u) => ({ x: u, y: f(d, beta) + slope(d, beta) * (u - y) }));
  // No line across the jump of a slope.
  const jumps = slope(0.001, beta) - slope(-0.001, beta) > 1;
  const slopes = (e) => (jumps && e === 0 ? NaN : slope(e, beta));
  const curve = { x: (e) => t + e, strokeWidth: 2.5, clip: true };
  return chart(width, {
    ariaLabel: `${name} and its slope over the prediction, target ${number(t)}, point at y = ${number(y)}`,
    x: { domain: [0, 8], label: "prediction y", ticks: 8 },
    y: { domain: [-5, 5], label: null, ticks: 10 },
    marks: [
      Plot.gridX(),
      Plot.gridY(),
      Plot.ruleY([0], { stroke: GREY }),
      Plot.ruleX([t], { stroke: GREEN, strokeWidth: 1.5 }),
      Plot.ruleX([y], { stroke: GREY, strokeDasharray: "4 4" }),
      Plot.line(errors, { ...curve, y: (e) => f(e, beta), stroke: BLUE }),
      Plot.line(errors, { ...curve, y: slopes, stroke: ORANGE }),
      Plot.line(tangent, { x: "x", y: "y", stroke: BLUE, strokeDasharray: "2 3", clip: true }),
      Plot.dot([y], { x: y, y: f(d, beta), r: 6, fill: BLUE, clip: true }),
      Plot.dot([y], { x: y, y: slope(d, beta), r: 6, symbol: "square", fill: ORANGE, clip: true }),
      Plot.text(["loss", "slope", "target t"], {
        x: 7.9,
        y: (_, i) => -2.8 - 0.9 * i,
        text: (word) => word,
        fill: (_, i) => [BLUE, ORANGE, GREEN][i],
        textAnchor: "end",
        fontWeight: "bold",
      }),
    ],
  });
}

// What a step of gradient descent does with this slope.
function pull(slope) {
  if (slope === 0) return "a step of descent leaves y where it is";
  return `a step of descent ${slope > 0 ? "lowers" : "raises"} y by ${number(Math.abs(slope), 3)} · lr`;
}

export function draw(place) {
  const names = Object.fromEntries(Object.entries(losses).map(([id, { name }]) => [id, name]));
  const which = choice("Loss", names, "smooth_l1");
  const range = { min: 0, max: 8, step: 0.05, show: number };
  const bend = slider("β (Huber: δ)", { min: 0.1, max: 4, step: 0.1, value: 1, show: number });
  const target = slider("Target t", { ...range, value: 5 });
  const prediction = slider("Prediction y", { ...range, value: 3 });
  panel(place, "Slide the prediction: loss and slope", [which, bend, target, prediction], (width) => {
    const chosen = losses[which.read()];
    const [beta, t, y] = [bend.read(), target.read(), prediction.read()];
    bend.label.querySelector("input").disabled = !chosen.parameter;
    const bent = chosen.parameter ? ` with ${chosen.parameter} = ${number(beta)}` : "";
    const [value, slope] = [chosen.f(y - t, beta), chosen.slope(y - t, beta)];
    const numbers = `loss ${number(value, 3)}, slope ${number(slope, 3)}`;
    const says = `${chosen.name}${bent}, error d = y − t = ${number(y - t)}: ${numbers}, so ${pull(slope)}.`;
    return { drawing: picture(width, chosen, y, t, beta), says };
  });
}
