// Two boxes to drag: what they share, what they cover together, and the ratio of the two.
import { BLUE, GREEN, GREY, ORANGE, chart, choice, number, panel, slider } from "./panel.js";
import * as Plot from "./plot.min.js";

// The boxes A and B of the lesson, corners (x₁, y₁, x₂, y₂) in pixels, in a picture of 8 by 7.
export const start = { A: [0, 0, 4, 3], B: [2, 1, 6, 5] };
const [W, H, STEP] = [8, 7, 0.5];

export const area = ([x1, y1, x2, y2]) => (x2 - x1) * (y2 - y1);

// Left, top, right and bottom of what two boxes share; where they are apart, right lies before left.
export const shared = (a, b) => a.map((edge, i) => (i < 2 ? Math.max : Math.min)(edge, b[i]));

// Each side is clamped, since two negative sides would have a positive product.
export function overlap(a, b) {
  const [x1, y1, x2, y2] = shared(a, b);
  const both = Math.max(0, x2 - x1) * Math.max(0, y2 - y1);
  const union = area(a) + area(b) - both;
  return { both, union, iou: union > 0 ? both / union : 0 };
}

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
const snap = (value) => Math.round(value / STEP) * STEP;

// A box moved, or its lower right corner moved, by whole steps and not out of the picture.
export function moved([x1, y1, x2, y2], dx, dy) {
  const [right, down] = [clamp(snap(dx), -x1, W - x2), clamp(snap(dy), -y1, H - y2)];
  return [x1 + right, y1 + down, x2 + right, y2 + down];
}
export function resized([x1, y1, x2, y2], dx, dy) {
  return [x1, y1, clamp(x2 + snap(dx), x1 + STEP, W), clamp(y2 + snap(dy), y1 + STEP, H)];
}

const corners = { x1: ([x]) => x, y1: ([, y]) => y, x2: ([, , x]) => x, y2: ([, , , y]) => y };
const colours = { A: BLUE, B: ORANGE };

const MARGIN = 50; // what the axes take of the width
const whole = (n) => [...Array(n + 1).keys()];
const fit = (width) => Math.min(width, 560);

// Lets a mark of one element tell which box it holds, and what a drag does: "moved" or "resized".
const held = (box, act) => ({
  render(...given) {
    const group = given.pop()(...given);
    Object.assign(group.firstChild.dataset, { box, act });
    group.style.cursor = { moved: "move", resized: "nwse-resize" }[act];
    return group;
  },
});

function picture(width, boxes) {
  const { iou, both } = overlap(boxes.A, boxes.B);
  const box = (name) => {
    const look = { fill: colours[name], fillOpacity: 0.2, stroke: colours[name], strokeWidth: 2.5 };
    return Plot.rect([boxes[name]], { ...corners, ...look, ...held(name, "moved") });
  };
  // A corner to resize by; its wide invisible stroke makes room for a finger.
  const corner = (name) => {
    const look = { symbol: "square", r: 5, fill: colours[name], stroke: "transparent", strokeWidth: 18 };
    return Plot.dot([boxes[name]], { x: corners.x2, y: corners.y2, ...look, ...held(name, "resized") });
  };
  const names = Object.keys(boxes);
  const letter = { x: (name) => boxes[name][0], y: (name) => boxes[name][1], dx: 10, dy: 11, text: (name) => name };
  const drawing = chart(fit(width), {
    ariaLabel: `Box A ${boxes.A.join(", ")} and box B ${boxes.B.join(", ")}, IoU ${number(iou, 3)}`,
    ...{ height: ((fit(width) - MARGIN) * H) / W + 70, marginTop: 30, marginLeft: 40, marginRight: 10 },
    x: { domain: [0, W], ticks: whole(W), tickFormat: "d", label: "x in pixels" },
    y: { domain: [H, 0], ticks: whole(H), tickFormat: "d", label: "y in pixels" },
    marks: [
      Plot.gridX(whole(W)),
      Plot.gridY(whole(H)),
      Plot.frame({ stroke: GREY }),
      names.map(box),
      Plot.rect(both ? [shared(boxes.A, boxes.B)] : [], { ...corners, fill: GREEN, fillOpacity: 0.5, pointerEvents: "none" }),
      Plot.text(names, { ...letter, fontWeight: "bold", pointerEvents: "none" }),
      names.map(corner),
    ],
  });
  drawing.setAttribute("role", "group"); // no picture only, since one can go into it
  for (const part of drawing.querySelectorAll("[data-act=moved]")) {
    const name = `Box ${part.dataset.box}: arrow keys move it, with Shift they resize it`;
    Object.assign(part, { tabIndex: 0, role: "application", ariaLabel: name });
  }
  return drawing;
}

const arrows = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };

// Moves and resizes by pointer and by arrow keys; `change(name, box)` is told the new box.
function handle(place, boxes, change) {
  let drag = null;
  place.addEventListener("pointerdown", ({ target, pointerId, clientX, clientY }) => {
    const { box: name, act } = target.dataset;
    if (!name) return;
    const unit = (target.ownerSVGElement.clientWidth - MARGIN) / W;
    drag = { name, act: { moved, resized }[act], from: boxes[name], unit, clientX, clientY };
    place.setPointerCapture(pointerId); // by the place, since the drawing is made anew with every move
  });
  place.addEventListener("pointermove", ({ clientX, clientY }) => {
    if (!drag) return;
    const [dx, dy] = [clientX - drag.clientX, clientY - drag.clientY].map((pixels) => pixels / drag.unit);
    change(drag.name, drag.act(drag.from, dx, dy));
  });
  for (const end of ["pointerup", "pointercancel"]) place.addEventListener(end, () => (drag = null));
  // A finger on a box moves the box and not the page.
  place.addEventListener("touchstart", (event) => event.target.dataset.box && event.preventDefault());
  place.addEventListener("keydown", (event) => {
    const { box: name } = event.target.dataset;
    if (!name || !(event.key in arrows)) return;
    event.preventDefault();
    change(name, (event.shiftKey ? resized : moved)(boxes[name], ...arrows[event.key]));
  });
}

function sentence({ A, B }) {
  const [x1, y1, x2, y2] = shared(A, B);
  const { both, union, iou } = overlap(A, B);
  const sides = (box) => `${box[2] - box[0]} · ${box[3] - box[1]} = ${area(box)}`;
  const common = `max(0, ${x2} − ${x1}) · max(0, ${y2} − ${y1}) = ${both}`;
  return `Area of A ${sides(A)}, of B ${sides(B)}; intersection ${common}, union ${area(A)} + ${area(B)} − ${both} = ${union}; IoU = ${both} / ${union} = ${number(iou, 3)}.`;
}

export function draw(place) {
  const boxes = { ...start };
  let name = "B";
  const which = choice("Box", { A: "A", B: "B" }, name);
  const ranges = [["x₁", 0, W - STEP], ["y₁", 0, H - STEP], ["Width x₂ − x₁", STEP, W], ["Height y₂ − y₁", STEP, H]];
  const sliders = ranges.map(([label, min, max]) => slider(label, { min, max, step: STEP, value: min }));
  const parts = ([x1, y1, x2, y2]) => [x1, y1, x2 - x1, y2 - y1];
  const write = () => parts(boxes[name]).forEach((value, i) => sliders[i].write(value));
  write();
  const redraw = panel(place, "Drag the boxes and their corners", [which, ...sliders], (width) => {
    if (which.read() === name) {
      const [dx, dy, dw, dh] = parts(boxes[name]).map((value, i) => sliders[i].read() - value);
      boxes[name] = resized(moved(boxes[name], dx, dy), dw, dh);
    }
    name = which.read();
    write();
    return { drawing: picture(width, boxes), says: sentence(boxes) };
  });
  handle(place, boxes, (changed, box) => {
    boxes[changed] = box;
    which.label.querySelector("select").value = name = changed;
    write();
    redraw();
    place.querySelector(`[data-box=${name}]`).focus({ preventScroll: true }); // it is a new one
  });
}
