// A threshold over the scores of real tumours: what it calls, the four counts, and where it stands on
// the ROC curve and on the precision-recall curve.
import { BLUE, GREEN, GREY, ORANGE, chart, element, number, panel, slider } from "./panel.js";
import * as Plot from "./plot.min.js";

// The first 120 tumours of the lesson's x_train, scored as its `pair` is: by mean radius and mean
// texture, with cross_val_predict in ten parts. Sorted, and rounded to thousandths.
export const scores = {
  malignant: [
    0.048, 0.054, 0.171, 0.235, 0.283, 0.378, 0.381, 0.41, 0.446, 0.477, 0.504, 0.596, 0.624, 0.646, 0.709, 0.711,
    0.724, 0.746, 0.78, 0.787, 0.797, 0.797, 0.824, 0.847, 0.848, 0.875, 0.878, 0.883, 0.948, 0.95, 0.951, 0.954,
    0.96, 0.962, 0.97, 0.971, 0.974, 0.981, 0.982, 0.983, 0.987, 0.992, 0.995, 0.996, 0.997, 0.997, 0.998, 0.999,
    0.999, 1, 1, 1, 1,
  ],
  benign: [
    0.002, 0.002, 0.002, 0.003, 0.005, 0.005, 0.005, 0.007, 0.007, 0.008, 0.011, 0.013, 0.013, 0.015, 0.018, 0.022,
    0.029, 0.03, 0.035, 0.035, 0.036, 0.036, 0.037, 0.041, 0.047, 0.049, 0.051, 0.053, 0.055, 0.056, 0.056, 0.062,
    0.064, 0.067, 0.069, 0.084, 0.091, 0.093, 0.094, 0.096, 0.098, 0.098, 0.107, 0.123, 0.137, 0.138, 0.14, 0.145,
    0.148, 0.16, 0.16, 0.161, 0.172, 0.195, 0.2, 0.204, 0.314, 0.335, 0.363, 0.382, 0.418, 0.453, 0.502, 0.528,
    0.531, 0.547, 0.674,
  ],
};

// A score counts as called from the threshold on, as in the lesson.
export function counts(threshold) {
  const [TP, FP] = [scores.malignant, scores.benign].map((s) => s.filter((p) => p >= threshold).length);
  return { TP, FP, FN: scores.malignant.length - TP, TN: scores.benign.length - FP };
}

// The shares that are read off the counts; without calls, precision is 0 / 0 and thus NaN.
export const rates = ({ TP, FP, FN, TN }) => ({
  precision: TP / (TP + FP),
  recall: TP / (TP + FN),
  fpr: FP / (FP + TN),
});

// One point for each distinct score, from high to low.
export function sweep() {
  const thresholds = [...new Set(Object.values(scores).flat())].sort((a, b) => b - a);
  return thresholds.map((threshold) => ({ threshold, ...rates(counts(threshold)) }));
}

const points = sweep();
const roc = [{ fpr: 0, recall: 0 }, ...points];
const curve = [{ recall: 0, precision: points[0].precision }, ...points];
const pairs = (path) => path.slice(1).map((point, k) => [path[k], point]);
const total = (values) => values.reduce((sum, value) => sum + value, 0);

// The area under the ROC curve by trapezoids, and average precision by rectangles.
export const auc = total(pairs(roc).map(([a, b]) => ((b.fpr - a.fpr) * (a.recall + b.recall)) / 2));
export const ap = total(pairs(curve).map(([a, b]) => (b.recall - a.recall) * b.precision));

// Dots that would touch are stacked: each takes the lowest level that is free at its score.
export function stack(sorted, gap) {
  const last = [];
  return sorted.map((score) => {
    const free = last.findIndex((other) => score - other >= gap);
    const level = free < 0 ? last.length : free;
    last[level] = score;
    return { score, level };
  });
}

function strips(width, threshold, count) {
  const gap = width < 500 ? 0.028 : 0.017;
  const r = (gap * (width - 30)) / 2.3;
  const stacks = [stack(scores.malignant, gap), stack(scores.benign, gap)];
  const [top, bottom] = stacks.map((dots) => Math.max(...dots.map(({ level }) => level)) + 3);
  // The dots of a class on their side of the axis, with its two counts at the ends.
  const half = (dots, side, stroke, ...words) => [
    Plot.dot(dots, {
      ...{ x: "score", y: ({ level }) => side * (level + 0.7), r, stroke },
      fill: ({ score }) => (score >= threshold ? stroke : "none"),
    }),
    ["left", "right"].map((end, i) => {
      const spot = { frameAnchor: `${side > 0 ? "top" : "bottom"}-${end}`, dx: i ? 0 : -8, dy: side > 0 ? 0 : -4 };
      return Plot.text([words[i]], { ...spot, fill: stroke, fontWeight: "bold" });
    }),
  ];
  return chart(width, {
    ariaLabel: `Scores of 120 tumours, malignant above and benign below, with a line at ${number(threshold)}`,
    ...{ height: (top + bottom) * 2 * r + 45, marginLeft: 15, marginRight: 15, marginTop: 5 },
    x: { domain: [0, 1.02], label: "score", ticks: width < 500 ? 5 : 10 },
    y: { axis: null, domain: [-bottom, top] },
    marks: [
      Plot.ruleY([0], { stroke: GREY }),
      half(stacks[0], 1, ORANGE, `malignant, FN ${count.FN}`, `TP ${count.TP}`),
      half(stacks[1], -1, BLUE, `benign, TN ${count.TN}`, `FP ${count.FP}`),
      Plot.ruleX([threshold], { strokeWidth: 2 }),
    ],
  });
}

function matrix({ TP, FP, FN, TN }) {
  const cell = (text, colour) => element("td", { style: `color: ${colour}; text-align: right` }, text);
  const row = (name, ...cells) => element("tr", {}, element("th", { scope: "row" }, name), ...cells);
  const heads = ["", "called benign", "called malignant"].map((text) => element(text ? "th" : "td", {}, text));
  const ariaLabel = "Confusion matrix, one row for each label and one column for each call";
  const style = "width: 250px; margin: 0 auto; align-self: center";
  return element(
    ...["table", { ariaLabel, style }, element("tr", {}, ...heads)],
    row("is benign", cell(`TN ${TN}`, BLUE), cell(`FP ${FP}`, BLUE)),
    row("is malignant", cell(`FN ${FN}`, ORANGE), cell(`TP ${TP}`, ORANGE)),
  );
}

const planes = [
  { title: `ROC\narea ${number(auc, 3)}`, x: "fpr", y: "recall", path: roc },
  { title: `precision-\nrecall\nAP ${number(ap, 3)}`, x: "recall", y: "precision", path: curve, curve: "step-before" },
];

// A curve through the points of all thresholds, and the point of this one, if it has one.
function plane(width, { title, x, y, path, ...look }, now) {
  const share = { domain: [0, 1], ticks: [0, 0.5, 1], grid: true, labelArrow: "none" };
  const [across, upwards] = [x, y].map((name) => name.replace("fpr", "false positive rate"));
  return chart(width, {
    ariaLabel: `${title}: ${upwards} ${number(now[y])} against ${across} ${number(now[x])}`,
    ...{ height: width + 10, marginLeft: 32, marginRight: 14, marginTop: 28 },
    x: { ...share, label: across },
    y: { ...share, label: upwards },
    marks: [
      Plot.line(path, { x, y, stroke: GREEN, strokeWidth: 2, ...look }),
      Plot.dot(Number.isNaN(now[y]) ? [] : [now], { x, y, r: 6, fill: GREEN }),
      Plot.text([title], { frameAnchor: "middle", dy: 20 }),
    ],
  });
}

function sentence(threshold, count) {
  const { TP, FP, FN, TN } = count;
  const { precision, recall, fpr } = rates(count);
  const share = (a, b, value) => `${a} / (${a} + ${b}) = ${number(value, 3)}`;
  const calls = TP + FP ? share(TP, FP, precision) : "0 / 0, which has no value, since nothing is called";
  return `At the threshold ${number(threshold)}, recall is ${share(TP, FN, recall)}, the false positive rate ${share(FP, TN, fpr)}, and precision ${calls}.`;
}

export function draw(place) {
  const at = slider("Threshold", { min: 0, max: 1.01, step: 0.01, value: 0.5, show: number });
  panel(place, "Move the threshold over 120 tumours", [at], (width) => {
    const [threshold, count] = [at.read(), counts(at.read())];
    const part = Math.max(90, width < 500 ? (width - 8) / 2 : (width - 290) / 2);
    const ariaLabel = "The two curves with the current point, and the confusion matrix";
    const style = "display: flex; flex-wrap: wrap; gap: 8px";
    const curves = planes.map((one) => plane(part, one, rates(count)));
    const below = element("div", { role: "group", ariaLabel, style }, ...curves, matrix(count));
    return { drawing: [strips(width, threshold, count), below], says: sentence(threshold, count) };
  });
}
