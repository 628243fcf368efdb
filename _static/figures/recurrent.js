// A recurrent cell, unrolled: its state goes from word to word, and each step reads word and state.
import { BLUE, GREEN, GREY, ORANGE, chart, choice, number, panel, slider } from "./panel.js";
import * as Plot from "./plot.min.js";

// The numbers of the lesson: one for each word, and the weights of a state of one number.
export const words = { dog: 1, bites: 0.5, man: -1 };
export const weights = { W_ih: 1, b_ih: 0.2, W_hh: 0.5, b_hh: -0.1 };
export const sentences = ["dog bites man", "man bites dog"];

// Each step with what it reads, x and the state `before`, the sum, and the state h that it leaves.
export function unroll(inputs, { W_ih, b_ih, W_hh, b_hh }) {
  let h = 0;
  return inputs.map((x) => {
    const before = h;
    const sum = W_ih * x + b_ih + W_hh * before + b_hh;
    h = Math.tanh(sum);
    return { x, before, sum, h };
  });
}

export const read = (sentence, numbers, set) => unroll(sentence.split(" ").map((word) => numbers[word]), set);

const low = (t) => "₀₁₂₃"[t];
const plain = (value) => String(value).replace("-", "−");
const state = (value, t) => (t === 0 ? "0" : number(value, 3)); // h₀ is exactly 0
const bracket = (text) => (text.startsWith("−") ? `(${text})` : text);

// The formula of step t, counted from 1, with its numbers.
export function formula(steps, t, { W_ih, b_ih, W_hh, b_hh }) {
  const { x, before, sum, h } = steps[t - 1];
  const products = [[W_ih, plain(x)], [W_hh, state(before, t - 1)]];
  const [input, recurrent] = products.map(([w, read]) => `${bracket(plain(w))} · ${bracket(read)}`);
  const numbers = `${input} + ${b_ih} + ${recurrent} − ${-b_hh}`;
  const letters = `W_ih · x${low(t)} + b_ih + W_hh · h${low(t - 1)} + b_hh`;
  return `h${low(t)} = tanh(${letters}) = tanh(${numbers}) = tanh(${number(sum, 3)}) = ${number(h, 3)}`;
}

function picture(width, sentence, steps, t) {
  const all = steps.map((step, i) => ({ ...step, i, word: sentence.split(" ")[i] }));
  const [done, next] = [all.slice(0, t), all.slice(t)];
  const now = all[t - 1];
  const small = width < 500;
  const [half, fontSize] = small ? [0.3, 13] : [0.28, 14]; // half the width of a cell's box
  const label = (at, look) => Plot.text(at, { x: "i", fill: "currentColor", ...look });
  // From box to box, from the word below and to the state above go arrows.
  const arrows = all.flatMap(({ i }) => [
    { i, x1: i - 1 + half, y1: 1, x2: i - half, y2: 1 },
    { i, x1: i, y1: 0.3, x2: i, y2: 0.68 },
    { i, x1: i, y1: 1.32, x2: i, y2: 1.7 },
  ]);
  const arrow = (which, look) =>
    Plot.arrow(which, { x1: "x1", y1: "y1", x2: "x2", y2: "y2", headLength: 7, ...look });
  const box = { x1: ({ i }) => i - half, x2: ({ i }) => i + half, y1: 0.7, y2: 1.3, rx: 6 };
  const carried = ({ i, before }) => `h${low(i)}${small ? "\n" : " = "}${state(before, i)}`;
  return chart(width, {
    ariaLabel: `The cell unrolled for ${sentence}, read up to step ${t}, where the state is ${number(now.h, 3)}`,
    ...{ height: small ? 250 : 270, margin: 0, marginLeft: 0, marginBottom: 0 },
    x: { axis: null, domain: [-0.74, 2.46] },
    y: { axis: null, domain: [-0.15, 2.2] },
    marks: [
      arrow(arrows.filter(({ i }) => i >= t), { stroke: GREY, strokeDasharray: "3 3" }),
      arrow(arrows.filter(({ i }) => i < t), { stroke: ({ i }) => (i === t - 1 ? BLUE : GREY), strokeWidth: 2 }),
      Plot.rect(next, { ...box, stroke: GREY, strokeDasharray: "3 3" }),
      Plot.rect(done, { ...box, stroke: GREY, strokeWidth: 1.5 }),
      Plot.rect([now], { ...box, stroke: BLUE, strokeWidth: 2.5, fill: BLUE, fillOpacity: 0.15 }),
      label(all, { y: 0.16, text: ({ i, x }) => `x${low(i + 1)} = ${plain(x)}`, fill: ORANGE, fontWeight: "bold" }),
      label(all, { y: -0.04, text: "word" }),
      label(done, { y: 1, text: ({ sum }) => `tanh${small ? "\n" : ""}(${number(sum, 3)})`, fontSize }),
      label(next, { y: 1, text: () => "cell", fill: GREY }),
      label(done, { y: 1.85, text: ({ i, h }) => `h${low(i + 1)} = ${number(h, 3)}`, fill: GREEN, fontSize, fontWeight: "bold" }),
      label(next, { y: 1.85, text: ({ i }) => `h${low(i + 1)}`, fill: GREY }),
      label(done, { x: ({ i }) => i - 0.5, y: 1.16, text: carried, fill: GREEN, fontSize: small ? 11 : 12 }),
    ],
  });
}

export function draw(place) {
  const order = choice("Sentence", Object.fromEntries(sentences.map((sentence) => [sentence, sentence])));
  const dog = slider("dog", { min: -2, max: 2, step: 0.1, value: words.dog, show: plain });
  const weight = slider("W_hh", { min: -2, max: 2, step: 0.1, value: weights.W_hh, show: plain });
  const at = slider("Step t", { min: 1, max: 3, step: 1, value: 2 });
  panel(place, "Pass the state on, word by word", [order, dog, weight, at], (width) => {
    const [sentence, t] = [order.read(), at.read()];
    const [numbers, set] = [{ ...words, dog: dog.read() }, { ...weights, W_hh: weight.read() }];
    const steps = read(sentence, numbers, set);
    const other = sentences.find((one) => one !== sentence);
    const end = t === 3 ? ` In the order ${other} it would be ${number(read(other, numbers, set)[2].h, 3)}.` : "";
    const says = `Step ${t}, ${sentence.split(" ")[t - 1]}: ${formula(steps, t, set)}.${end}`;
    return { drawing: picture(width, sentence, steps, t), says };
  });
}
