// One step of training on a 2-2-2 network: forward, backward and the step, number by number.
import { BLUE, GREEN, GREY, ORANGE, button, chart, panel, slider } from "./panel.js";
import * as Plot from "./plot.min.js";

const given = { x1: 0.05, x2: 0.1, t1: 0.01, t2: 0.99 };
const { x1, x2, t1, t2 } = given;
const hidden = { w1: 0.15, w2: 0.2, w3: 0.25, w4: 0.3, b_h1: 0.35, b_h2: 0.35 };
export const start = { ...hidden, w5: 0.4, w6: 0.45, w7: 0.5, w8: 0.55, b_y1: 0.6, b_y2: 0.6 };
const ends = { w1: "x1 h1", w2: "x2 h1", w3: "x1 h2", w4: "x2 h2" };
Object.assign(ends, { w5: "h1 y1", w6: "h2 y1", w7: "h1 y2", w8: "h2 y2" });

const sigmoid = (z) => 1 / (1 + Math.exp(-z));

export function forward(p) {
  const [z_h1, z_h2] = [p.w1 * x1 + p.w2 * x2 + p.b_h1, p.w3 * x1 + p.w4 * x2 + p.b_h2];
  const [h1, h2] = [sigmoid(z_h1), sigmoid(z_h2)];
  const [z_y1, z_y2] = [p.w5 * h1 + p.w6 * h2 + p.b_y1, p.w7 * h1 + p.w8 * h2 + p.b_y2];
  const [y1, y2] = [sigmoid(z_y1), sigmoid(z_y2)];
  return { z_h1, z_h2, h1, h2, z_y1, z_y2, y1, y2, E: ((y1 - t1) ** 2 + (y2 - t2) ** 2) / 2 };
}

export function gradients(p) {
  const { h1, h2, y1, y2 } = forward(p);
  const [b_y1, b_y2] = [(y1 - t1) * y1 * (1 - y1), (y2 - t2) * y2 * (1 - y2)];
  const b_h1 = (b_y1 * p.w5 + b_y2 * p.w7) * h1 * (1 - h1);
  const b_h2 = (b_y1 * p.w6 + b_y2 * p.w8) * h2 * (1 - h2);
  const first = { w1: b_h1 * x1, w2: b_h1 * x2, w3: b_h2 * x1, w4: b_h2 * x2, b_h1, b_h2 };
  return { ...first, w5: b_y1 * h1, w6: b_y1 * h2, w7: b_y2 * h1, w8: b_y2 * h2, b_y1, b_y2 };
}

export const update = (p, g, lr) =>
  Object.fromEntries(Object.keys(p).map((name) => [name, p[name] - lr * g[name]]));

// Each result with its formula, in the order of paper; "g_w5" is the gradient of w5, δ that of a bias.
const formulas = `z_h1 = w1 · x1 + w2 · x2 + b_h1, h1 = σ(z_h1)
z_h2 = w3 · x1 + w4 · x2 + b_h2, h2 = σ(z_h2)
z_y1 = w5 · h1 + w6 · h2 + b_y1, y1 = σ(z_y1)
z_y2 = w7 · h1 + w8 · h2 + b_y2, y2 = σ(z_y2), E = ½ · (y1 − t1)² + ½ · (y2 − t2)²
δ_y1 = (y1 − t1) · y1 · (1 − y1), g_w5 = δ_y1 · h1, g_w6 = δ_y1 · h2
δ_y2 = (y2 − t2) · y2 · (1 − y2), g_w7 = δ_y2 · h1, g_w8 = δ_y2 · h2
δ_h1 = (δ_y1 · w5 + δ_y2 · w7) · h1 · (1 − h1), g_w1 = δ_h1 · x1, g_w2 = δ_h1 · x2
δ_h2 = (δ_y1 · w6 + δ_y2 · w8) · h2 · (1 − h2), g_w3 = δ_h2 · x1, g_w4 = δ_h2 · x2`;

const minus = (value) => String(value).replace("-", "−");
const digits = (value) => minus(Number(value.toFixed(6)));

// All steps: the values that each one sets, the weights it reads, and its sentence.
export function steps(lr) {
  const [old, g] = [forward(start), gradients(start)];
  const moved = update(start, g, lr);
  const now = forward(moved);
  const known = { ...given, ...start, ...old };
  for (const name in g) known[name.replace("b_", "δ_").replace("w", "g_w")] = g[name];
  const filled = (name) => (known[name] < 0 ? `(${digits(known[name])})` : digits(known[name]));
  const compute = (line) => {
    const [result, formula] = line.split(" = ");
    const numbers = formula.replace(/[δbz]_\w\d|[whxyt]\d/g, filled);
    const called = result.replace("g_", "∂E/∂").replace(/^δ(.*)/, "∂E/∂b$1 = δ$1");
    const way = called === result ? "Forward" : "Backward";
    const says = `${way}: ${called} = ${formula} = ${numbers} = ${digits(known[result])}.`;
    return [{ [result]: known[result] }, says, formula.match(/w\d/g) ?? []];
  };
  const from = (name) => `${name} goes from ${digits(old[name])} to ${digits(now[name])}`;
  const w5 = `w5 becomes 0.4 − ${lr} · ${digits(g.w5)} = ${digits(moved.w5)}`;
  const foretold = lr * Object.values(g).reduce((total, value) => total + value ** 2, 0);
  const gain = `by ${digits(old.E - now.E)}; lr times the sum of the squared gradients is ${digits(foretold)}`;
  const { E, ...again } = now;
  return [
    [{}, "Given are two inputs, two targets and twelve parameters; Next computes the first number."],
    ...formulas.split(/, |\n/).map(compute),
    [moved, `Step: all twelve parameters move by −lr times their gradients; ${w5}.`],
    [again, `Forward again: ${["h1", "h2", "y1", "y2"].map(from).join("; ")}.`],
    [{ E }, `After the step ${from("E")}, lower ${gain}.`],
  ].map(([sets, says, reads = []]) => ({ sets, says, reads }));
}

// The numbers in each box, from top to bottom.
const rows = { x1: ["x1"], x2: ["x2"] };
for (const unit of ["h1", "h2"]) rows[unit] = [`b_${unit}`, `z_${unit}`, unit, `δ_${unit}`];
for (const i of [1, 2]) rows[`y${i}`] = [`b_y${i}`, `z_y${i}`, `y${i}`, `t${i}`, `δ_y${i}`];

// The box of a unit: layers go from left to right, and on a narrow panel from top to bottom.
function box(unit, width, wide) {
  const [layer, row] = ["xhy".indexOf(unit[0]), unit[1] - 1];
  const [w, h] = [[94, 112, 112][layer], [26, 80, 98][layer]];
  if (!wide) return { x: [56, width - 56][row], y: [13, 172, 370][layer], w, h };
  return { x: [47, width / 2 - 9, width - 56][layer], y: [52, 212][row], w, h };
}

// As in the lesson: gradients with three digits, and what was not given with four decimals.
const places = (value) => (value === Number(value.toFixed(2)) ? value : value.toFixed(4));
const short = (name, value) => minus(name[0] === "g" ? value.toPrecision(3) : places(value));

function picture(width, all, at) {
  const shown = Object.assign({ ...given, ...start }, ...all.slice(0, at + 1).map(({ sets }) => sets));
  const { sets, reads } = all[at];
  const [wide, height] = width >= 560 ? [true, 264] : [false, 422];
  const [texts, lines, frames, boxes] = [[], [], [], {}];
  const write = (name, x, y) => {
    const computed = /^[δg]/.test(name) ? GREEN : /^[zhyE]/.test(name) ? BLUE : "currentColor";
    const fill = name in sets ? ORANGE : name in shown ? computed : GREY;
    const text = `${name.split("_")[0]} = ${name in shown ? short(name, shown[name]) : "…"}`;
    texts.push({ name, x, y, fill, text });
  };
  for (const [unit, names] of Object.entries(rows)) {
    const { x, y, w, h } = (boxes[unit] = box(unit, width, wide));
    frames.push({ x1: x - w / 2, y1: y - h / 2, x2: x + w / 2, y2: y + h / 2 });
    names.forEach((name, i) => write(name, x, y + 18 * (i - (names.length - 1) / 2)));
  }
  for (const [weight, pair] of Object.entries(ends)) {
    const [a, b] = pair.split(" ").map((unit) => boxes[unit]);
    const [x1, y1] = wide ? [a.x + a.w / 2, a.y] : [a.x, a.y + a.h / 2];
    const [x2, y2] = wide ? [b.x - b.w / 2, b.y] : [b.x, b.y - b.h / 2];
    const part = pair[1] === pair[4] ? 0.65 : wide ? 0.3 : 0.25; // the labels keep clear of the crossing
    const [x, y] = [x1 + part * (x2 - x1), y1 + part * (y2 - y1)];
    const on = reads.includes(weight) || weight in sets || `g_${weight}` in sets;
    lines.push({ x1, y1, x2, y2, stroke: on ? ORANGE : GREY });
    write(weight, x, y - 9);
    if (`g_${weight}` in shown) write(`g_${weight}`, x, y + 9);
  }
  write("E", (boxes.y1.x + boxes.y2.x) / 2, (boxes.y1.y + boxes.y2.y) / 2);
  const corners = { x1: "x1", y1: "y1", x2: "x2", y2: "y2" };
  const halo = { stroke: "var(--pst-color-background)", strokeWidth: 5 }; // where lines pass behind words
  const channels = { x: "x", y: "y", text: "text", fill: "fill", ...halo };
  const [known, fresh] = [false, true].map((is) => texts.filter(({ name }) => name in sets === is));
  return chart(width, {
    ariaLabel: `Network of two inputs, two hidden and two output neurons, step ${at} of ${all.length - 1}`,
    ...{ height, marginLeft: 0, marginBottom: 0 },
    x: { axis: null, domain: [0, width], range: [0, width] },
    y: { axis: null, domain: [0, height], range: [0, height] },
    marks: [
      Plot.link(lines, { ...corners, stroke: "stroke", strokeWidth: 1.5 }),
      Plot.rect(frames, { ...corners, stroke: GREY, fill: "none", rx: 6 }),
      Plot.text(known, channels),
      Plot.text(fresh, { ...channels, fontWeight: "bold" }),
    ],
  });
}

export function draw(place) {
  const last = steps(1).length - 1;
  const lr = slider("Learning rate lr", { min: 0.5, max: 20, step: 0.5, value: 0.5 });
  const at = slider("Step", { min: 0, max: last, step: 1, value: 0, show: (k) => `${k} of ${last}` });
  const go = (text, by) => button(text, () => at.write(at.read() + by));
  panel(place, "One step, number by number", [lr, go("Back", -1), go("Next", 1), at], (width) => {
    const all = steps(lr.read());
    return { drawing: picture(width, all, at.read()), says: all[at.read()].says };
  });
}
