// Five optimisers race over a map from one start, each with its own rule.
import { BLUE, GREEN, GREY, ORANGE, button, chart, choice, element, number, panel, slider } from "./panel.js";
import * as Plot from "./plot.min.js";

const [TEXT, LAST] = ["currentColor", 300];

// A sum over the three errors of Beale's function, c − x + x yᵏ.
const beale = (x, y, term) =>
  [1.5, 2.25, 2.625].reduce((sum, c, i) => sum + term(c - x + x * y ** (i + 1), i + 1), 0);

// Each map with its height and gradient, the part of the plane to draw, and `best`: the lesson's best
// rates as powers of ten, in the order of the runners, and NaN where no rate of its twelve arrived.
export const maps = {
  ravine: {
    ...{ name: "ravine", start: [9.4, 0.83], lowest: [[0, 0]] },
    ...{ across: [-11, 11], up: [-2.5, 2.5], best: [-2, -1.5, 2, -2, 0] },
    f: (x, y) => (x ** 2 + 100 * y ** 2) / 2,
    gradient: (x, y) => [x, 100 * y],
  },
  turned: {
    ...{ name: "turned ravine", start: [6.06, 7.24], lowest: [[0, 0]] },
    ...{ across: [-8, 8], up: [-8, 8], best: [-2, -1.5, 0, -1.5, 0] },
    f: (x, y) => (x + y) ** 2 / 4 + 25 * (y - x) ** 2,
    gradient: (x, y) => [(x + y) / 2 - 50 * (y - x), (x + y) / 2 + 50 * (y - x)],
  },
  rosenbrock: {
    ...{ name: "bent valley of Rosenbrock", start: [-1.25, 0.37], lowest: [[1, 1]] },
    ...{ across: [-2, 1.7], up: [-0.8, 2.4], best: [NaN, -3, NaN, NaN, 0] },
    f: (x, y) => (1 - x) ** 2 + 100 * (y - x ** 2) ** 2,
    gradient: (x, y) => [2 * (x - 1) - 400 * x * (y - x ** 2), 200 * (y - x ** 2)],
  },
  beale: {
    ...{ name: "flat valley of Beale", start: [0.64, 0.42], lowest: [[3, 0.5]] },
    ...{ across: [-0.5, 4.5], up: [-1.2, 1.6], best: [-1.5, -2, 0, -1.5, -0.5] },
    f: (x, y) => beale(x, y, (e) => e ** 2),
    gradient: (x, y) =>
      [(k) => y ** k - 1, (k) => k * x * y ** (k - 1)].map((by) => beale(x, y, (e, k) => 2 * e * by(k))),
  },
  saddle: {
    ...{ name: "saddle", start: [0.98, -0.005], lowest: [[0, 1], [0, -1]] },
    ...{ across: [-1.1, 1.1], up: [-1.3, 1.3], best: [-1, -0.5, -0.5, -2, -0.5] },
    f: (x, y) => 5 * x ** 2 + (y ** 2 - 1) ** 2 / 40,
    gradient: (x, y) => [10 * x, ((y ** 2 - 1) * y) / 10],
  },
};

// Each rule turns a gradient g into a step, with the averages it keeps and the count t of steps; the
// options and `rate`, the default learning rate, are those of torch, with momentum 0.9.
const rules = {
  SGD: (g) => g,
  momentum: (g, kept) => (kept.v = 0.9 * kept.v + g),
  AdaGrad: (g, kept) => g / (Math.sqrt((kept.s += g ** 2)) + 1e-10),
  RMSprop: (g, kept) => g / (Math.sqrt((kept.s = 0.99 * kept.s + 0.01 * g ** 2)) + 1e-8),
  Adam(g, kept, t) {
    kept.m = 0.9 * kept.m + 0.1 * g;
    kept.v = 0.999 * kept.v + 0.001 * g ** 2;
    return kept.m / (1 - 0.9 ** t) / (Math.sqrt(kept.v / (1 - 0.999 ** t)) + 1e-8);
  },
};
export const runners = {
  SGD: { rate: 0.001, colour: GREY, sign: "●", symbol: "circle" },
  momentum: { rate: 0.001, colour: BLUE, sign: "■", symbol: "square" },
  AdaGrad: { rate: 0.01, colour: GREEN, sign: "▲", symbol: "triangle" },
  RMSprop: { rate: 0.01, colour: TEXT, sign: "★", symbol: "star" },
  Adam: { rate: 0.001, colour: ORANGE, sign: "◆", symbol: "diamond" },
};

// The places from the start on, one more than there are steps.
export function path(runner, { gradient, start }, lr, steps) {
  const kept = start.map(() => ({ s: 0, m: 0, v: 0 }));
  const places = [start];
  for (let t = 1; t <= steps; t += 1) {
    const here = places.at(-1);
    const g = gradient(...here);
    places.push(here.map((u, i) => u - lr * rules[runner](g[i], kept[i], t)));
  }
  return places;
}

const short = (rate) => Number(rate.toPrecision(3));
const lost = (size) => !(size < 1e6);
const height = (f) => (lost(f) ? "out of sight" : f < 0.001 ? "below 0.001" : `at ${number(f, f < 100 ? 3 : 0)}`);

function picture(width, { f, across: [x1, x2], up: [y1, y2], start, lowest, name }, racing, steps) {
  const paths = racing.flatMap(({ places, colour, symbol }) => {
    const seen = places.filter((place) => !lost(Math.hypot(...place)));
    return [
      Plot.line(seen, { stroke: colour, strokeWidth: 1.8, clip: true }),
      Plot.dot(seen.length === places.length ? seen.slice(-1) : [], { symbol, r: 7, fill: colour, clip: true }),
    ];
  });
  return chart(width, {
    ariaLabel: `The ${name} after ${steps} steps of ${racing.map(({ runner }) => runner).join(", ") || "no runner"}`,
    height: Math.min(440, 0.9 * width),
    x: { domain: [x1, x2], label: "x", ticks: 5 },
    y: { domain: [y1, y2], label: "y", ticks: 5 },
    marks: [
      Plot.contour({
        ...{ x1, x2, y1, y2, pixelSize: 4, stroke: GREY, strokeOpacity: 0.6, thresholds: [-2, -1, 0, 1, 2, 3] },
        value: (x, y) => Math.log10(f(x, y) + 1e-9),
      }),
      ...paths,
      Plot.dot([start], { r: 6, stroke: TEXT, strokeWidth: 2 }),
      Plot.text(lowest, { text: () => "✕", fill: TEXT, fontSize: 18 }),
    ],
  });
}

export function draw(place) {
  const named = Object.entries(maps).map(([id, { name }]) => [id, name]);
  const which = choice("Map", Object.fromEntries(named), "turned");
  const kinds = { best: "each its best of twelve", usual: "each its default in torch", same: "the same for all" };
  const kind = choice("Learning rates", kinds);
  const lr = slider("lr for all", { min: -3.5, max: 2, step: 0.5, value: -2, show: (k) => short(10 ** k) });
  const at = slider("Step", { min: 0, max: LAST, step: 1, value: 40 });
  const ticks = Object.entries(runners).map(([runner, { colour, sign }]) => {
    const input = element("input", { type: "checkbox", checked: true });
    return { label: element("label", { style: `color: ${colour}` }, input, `${sign} ${runner}`), input };
  });
  let timer = false;
  const play = button("Play", () => run(!timer));
  function run(on) {
    clearTimeout(timer);
    timer = on && setTimeout(advance, 50);
    play.label.textContent = on ? "Pause" : "Play";
    place.querySelector(".play-says").ariaLive = on ? "off" : "polite"; // no sentence for every frame
  }
  function advance() {
    at.write(at.read() === LAST ? 0 : at.read() + 1);
    run(at.read() < LAST);
    redraw();
  }
  const redraw = panel(place, "A race over five maps", [which, kind, lr, ...ticks, at, play], (width) => {
    const [map, steps] = [maps[which.read()], at.read()];
    lr.label.querySelector("input").disabled = kind.read() !== "same";
    const field = Object.entries(runners).map(([runner, look], i) => {
      const chosen = { best: 10 ** map.best[i], usual: look.rate, same: 10 ** lr.read() }[kind.read()];
      const [rate, note] = chosen ? [chosen, ""] : [look.rate, "; no rate arrives"];
      const places = path(runner, map, rate, steps);
      const f = map.f(...places.at(-1));
      return { ...look, runner, places, lr: `lr ${short(rate)}${note}`, f: lost(f) ? Infinity : f };
    });
    const racing = field.filter((_, i) => ticks[i].input.checked);
    const order = racing.toSorted((a, b) => a.f - b.f || 0); // two out of sight differ by NaN
    const said = order.map(({ runner, lr, f }) => `${runner} (${lr}) ${height(f)}`);
    const says = `Heights on the ${map.name} after ${steps} steps, lowest first: ${said.join(", ") || "no runner"}.`;
    return { drawing: picture(width, map, racing, steps), says };
  });
}
