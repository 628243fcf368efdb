// A window slides over a small picture, with padding, stride and dilation: the pixels it reads, the
// number it gives, and the size of the output.
import { BLUE, GREY, ORANGE, chart, choice, number, panel, slider } from "./panel.js";
import * as Plot from "./plot.min.js";

// The picture of the lesson on kernels, with two rows and a column more.
export const x = [
  [1, 1, 1, 6, 6, 6],
  [1, 1, 1, 6, 6, 6],
  [1, 1, 6, 6, 6, 6],
  [1, 1, 6, 6, 6, 6],
  [1, 6, 6, 6, 6, 6],
  [1, 6, 6, 6, 6, 6],
];
const H = x.length;

export const kernels = {
  edges: { name: "3 × 3, upright edges", w: [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]] },
  numbers: { name: "3 × 3, from 1 to 9", w: [[1, 2, 3], [4, 5, 6], [7, 8, 9]] },
  ones: { name: "2 × 2, ones", w: [[1, 1], [1, 1]] },
};

// How far the last pixel of the first window can move on; negative where no window fits.
const room = (k, { p, d }) => H + 2 * p - d * (k - 1) - 1;

export const outputSize = (k, set) => Math.max(0, Math.floor(room(k, set) / set.s) + 1);

// The rows (or columns) that window i reads; those below 0 and above H − 1 are padding.
export const positions = (i, k, { p, s, d }) => Array.from({ length: k }, (_, u) => i * s - p + u * d);

// The pixels under the window of output (i, j) with their weights, row by row.
export function under(w, i, j, set) {
  const [rows, columns] = [i, j].map((at) => positions(at, w.length, set));
  const pixel = (row, column) => x[row]?.[column] ?? 0;
  const term = (row, u, column, v) => ({ row, column, weight: w[u][v], pixel: pixel(row, column) });
  return rows.map((row, u) => columns.map((column, v) => term(row, u, column, v)));
}

export function convolve(w, set) {
  const places = Array.from({ length: outputSize(w.length, set) }, (_, i) => i);
  const y = (i, j) => under(w, i, j, set).flat().reduce((sum, { weight, pixel }) => sum + weight * pixel, 0);
  return places.map((i) => places.map((j) => y(i, j)));
}

// The rows that no window reads, which are also the columns.
export function unread(k, set) {
  const read = Array.from({ length: outputSize(k, set) }, (_, i) => positions(i, k, set)).flat();
  return [...x.keys()].filter((u) => !read.includes(u));
}

// Squares around the middles of cells {left, top, value}, and what is written in them.
const squares = (cells, look) =>
  Plot.rect(cells, {
    ...{ x1: ({ left }) => left - 0.5, x2: ({ left }) => left + 0.5 },
    ...{ y1: ({ top }) => top - 0.5, y2: ({ top }) => top + 0.5 },
    ...{ stroke: GREY, ...look },
  });
const words = (cells, look) =>
  Plot.text(cells, { x: "left", y: "top", text: ({ value }) => number(value, 0), ...look });

function picture(width, w, i, j, set) {
  const [y, side, wide] = [convolve(w, set), H + 2 * set.p, width > 500];
  const n = y.length;
  // The output stands beside the input, or below it on a phone.
  const [right, down] = wide ? [H + 3, -set.p] : [-set.p, H + set.p + 1];
  const [columns, rows] = wide ? [20, Math.max(side, n)] : [10, side + n + 1];
  const spots = Array.from({ length: side }, (_, u) => u - set.p);
  const input = spots.flatMap((top) => spots.map((left) => ({ left, top, value: x[top]?.[left] ?? 0 })));
  const within = ({ left, top }) => left in x && top in x;
  const [inside, frame] = [true, false].map((is) => input.filter((cell) => within(cell) === is));
  const output = y.flatMap((row, u) => row.map((value, v) => ({ left: right + v, top: down + u, value })));
  const read = n ? under(w, i, j, set).flat() : [];
  const window = read.map(({ row, column, weight }) => ({ left: column, top: row, value: weight }));
  const rest = unread(w.length, set);
  const grey = inside.filter(({ left, top }) => rest.includes(left) || rest.includes(top));
  const titles = [
    { left: -set.p - 0.5, top: -set.p - 1, value: `input ${H} × ${H}${set.p ? `, padded ${side} × ${side}` : ""}` },
    { left: right - 0.5, top: down - 1, value: n ? `output ${n} × ${n}` : "no output" },
  ];
  const chosen = { fill: BLUE, fillOpacity: 0.25, stroke: BLUE, strokeWidth: 2 };
  return chart(width, {
    ariaLabel: `${titles.map(({ value }) => value).join(", ")}${n ? `, with the window of output (${i}, ${j})` : ""}`,
    ...{ height: ((rows + 1) * width) / columns, margin: 0, marginLeft: 0, marginBottom: 0 },
    x: { axis: null, domain: [-set.p - 0.5, columns - set.p - 0.5] },
    y: { axis: null, domain: [rows - set.p - 0.5, -set.p - 1.5] },
    marks: [
      squares(frame, { strokeDasharray: "2 3" }),
      squares(inside, {}),
      squares(grey, { fill: GREY, fillOpacity: 0.4 }),
      squares(output, {}),
      squares(window, chosen),
      squares(output.slice(i * n + j, i * n + j + 1), chosen),
      words(input, { dx: -4, dy: -4 }),
      words(window, { dx: 7, dy: 8, fontSize: 12, fill: ORANGE, fontWeight: "bold" }),
      words(output, {}),
      words(titles, { text: "value", textAnchor: "start", fontWeight: "bold" }),
    ],
  });
}

// The size by its formula, and one output with its sum written out, a bracket for each row.
function sentence(w, i, j, set) {
  const [k, { p, s, d }] = [w.length, set];
  const n = outputSize(k, set);
  const size = `⌊(${H} + 2 · ${p} − ${d} · (${k} − 1) − 1) / ${s}⌋ + 1`;
  if (n === 0) return `In ${size} the numerator is ${number(room(k, set), 0)}, so not even one window fits.`;
  const [rows, columns] = [i, j].map((at) => positions(at, k, set).map((u) => number(u, 0)).join(", "));
  const product = ({ weight, pixel }) => `${number(weight, 0)} · ${pixel}`;
  const sum = under(w, i, j, set).map((row) => `(${row.map(product).join(" + ")})`);
  const rest = unread(k, set);
  const lines = rest.length > 1 ? "rows and columns" : "row and column";
  const never = rest.length ? ` No window reads ${lines} ${rest.join(", ")}, in grey.` : "";
  const y = number(convolve(w, set)[i][j], 0);
  const reads = `(${i}, ${j}) reads rows ${rows} and columns ${columns}: ${sum.join(" + ")} = ${y}`;
  return `The output has ${size} = ${n} rows and columns; ${reads}.${never}`;
}

export function draw(place) {
  const names = Object.fromEntries(Object.entries(kernels).map(([id, { name }]) => [id, name]));
  const which = choice("Kernel", names);
  const padding = slider("Padding p", { min: 0, max: 2, step: 1, value: 1 });
  const stride = slider("Stride s", { min: 1, max: 3, step: 1, value: 1 });
  const dilation = slider("Dilation d", { min: 1, max: 3, step: 1, value: 1 });
  let n = H;
  const index = (at) => (n ? [Math.floor(at / n), at % n] : []);
  const show = (at) => (n ? `(${index(at).join(", ")})` : "none");
  const at = slider("Output", { min: 0, max: n * n - 1, step: 1, value: 2, show });
  panel(place, "Slide the window over the picture", [which, padding, stride, dilation, at], (width) => {
    const { w } = kernels[which.read()];
    const set = { p: padding.read(), s: stride.read(), d: dilation.read() };
    n = outputSize(w.length, set);
    at.label.querySelector("input").max = Math.max(0, n * n - 1);
    at.write(at.read()); // written again, since its place depends on the size
    const [i, j] = index(at.read());
    return { drawing: picture(width, w, i, j, set), says: sentence(w, i, j, set) };
  });
}
