// A chart on a canvas: shaded stages, bands, lines that grow, marks of lever moves, a cursor. Along
// the axis are days lived: a day's numbers stand at its evening, a move at the morning it was made.
// All series lie here, in the page; the server sends only new days.

/** The height of text on a canvas, in CSS pixels: it grows with that of the page. */
export const size = () => Math.max(13, 0.86 * parseFloat(getComputedStyle(document.documentElement).fontSize));
const pads = (em) => ({ left: 3.8 * em, right: 10, top: 1.4 * em, bottom: 1.9 * em });
/** A colour of the page (comsim/present/palette.py). */
export const tone = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
const HAIR = "rgba(0,0,0,0.07)";

/** The longest stretch of days that the axis has room for: it grows with the life, and stops. */
export function lastDay(state) {
  let lived = 0;
  for (const future of state.futures.values()) lived = Math.max(lived, future.n);
  return Math.min(state.days, Math.max(60, Math.ceil(lived * 1.08)));
}

/** How many days had been lived at a place on a chart, or null beside it. */
export function dayAt(canvas, clientX, state) {
  const box = canvas.getBoundingClientRect(), pad = pads(size());
  const share = (clientX - box.left - pad.left) / (box.width - pad.left - pad.right);
  return share < -0.01 || share > 1.01 ? null : Math.round(share * lastDay(state));
}

/** Fit a canvas to its place; its context, in CSS pixels, wiped, and the height of its text. */
export function fresh(canvas) {
  const scale = window.devicePixelRatio || 1, em = size();
  const width = canvas.clientWidth, height = canvas.clientHeight;
  if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
  }
  const pen = canvas.getContext("2d");
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.clearRect(0, 0, width, height);
  pen.font = `${em}px system-ui, 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif`;
  return { pen, width, height, em };
}

/** The lines of a chart: all measures of one future, or the main ones of several. */
export function linesOf(chart, state) {
  if (!state.futures.size) return [];
  if (state.futures.size < 2)
    return chart.lines.map((line) => ({ ...line, future: [...state.futures.keys()][0] }));
  const found = [];
  for (const id of state.futures.keys())
    for (const line of chart.lines.filter((one) => one.main))
      found.push({ ...line, future: id, colour: state.colours[id], dash: line.main === 2 });
  return found;
}

export function draw(canvas, chart, state) {
  const { pen, width, height, em } = fresh(canvas), pad = pads(em), left = pad.left;
  const right = width - pad.right, bottom = height - pad.bottom;
  const end = lastDay(state);
  const labels = chart.names ? placed(pen, state.marks, end, left, right) : [];
  const top = pad.top + 1.2 * em * Math.max(0, ...labels.map((label) => label.row + 0.5));
  const x = (day) => left + (day / end) * (right - left);
  const lines = linesOf(chart, state);
  const reach = (chart.reach || []).map((column) => ({ column, future: state.chosen }));
  const [low, high] = chart.range || bounds([...lines, ...reach], state);
  const steps = ticks(low, high, Math.max(2, Math.floor((bottom - top) / (3 * em))));
  const bounded = chart.range || [Math.min(low, steps[0]), Math.max(high, steps[steps.length - 1])];
  const y = (value) => bottom - ((value - bounded[0]) / (bounded[1] - bounded[0] || 1)) * (bottom - top);

  shadeStages(pen, chart, state, x, top, bottom);
  axes(pen, em, state, steps, end, x, y, left, right, bottom);
  pen.save();
  pen.beginPath();
  pen.rect(left, top - 2, right - left, bottom - top + 4);
  pen.clip();
  const chosen = state.futures.get(state.chosen);
  if (chosen)
    for (const band of chart.bands || []) {
      const colour = state.futures.size < 2 ? band.colour : state.colours[state.chosen];
      if (state.futures.size < 2 || band.main) areaBetween(pen, chosen, band, colour, x, y);
    }
  for (const line of lines) {
    const future = state.futures.get(line.future);
    const thick = state.futures.size > 1 && line.future === state.chosen ? 2.4 : 1.6;
    const today = state.day;
    trace(pen, future, line, 0, Math.min(today, future.n), 1, thick, x, y);
    trace(pen, future, line, Math.max(today - 1, 0), future.n, 0.35, thick, x, y);
  }
  pen.restore();
  if (chosen && chart.even) even(pen, em, state, chosen.columns[chart.even] || [], x, y(0), right);
  planned(pen, em, state, end, x, bottom, left, right);
  marks(pen, em, state, labels, x, top, bottom, right);
  cursor(pen, x(Math.min(state.today ?? state.day, end)), top, bottom, tone("ink"), [2, 3]);
  if (state.hover !== null && state.hover <= end) cursor(pen, x(state.hover), top, bottom, tone("grey"), []);
}

function bounds(lines, state) {
  let low = 0, high = 0;
  for (const line of lines) {
    const values = state.futures.get(line.future).columns[line.column] || [];
    for (let day = 0; day < values.length; day++) {
      const value = values[day];
      if (value > high) high = value;
      else if (value < low) low = value;
    }
  }
  return high > low ? [low, high] : [0, 1];
}

function ticks(low, high, wanted) {
  const rough = (high - low || 1) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((s) => s >= rough);
  const found = [];
  for (let at = Math.floor(low / step + 1e-9) * step; at <= high + step * 0.999; at += step) found.push(at);
  return found;
}

/** Stages by day: in retrospect where all days are known, else as one could tell them that day. */
export const stagesOf = (future, days) => (future?.n === days && future.after) || future?.columns.stage || [];

function shadeStages(pen, chart, state, x, top, bottom) {
  const stages = stagesOf(state.futures.get(state.chosen), state.days);
  const until = Math.min(stages.length, state.day);
  for (let from = 0, day = 1; day <= until; day++) {
    if (day < until && stages[day] === stages[from]) continue;
    const { name, tint } = state.stages[stages[from]] ?? { name: state.nobody, tint: tone("paper") };
    pen.fillStyle = tint;
    pen.fillRect(x(from), top, x(day) - x(from), bottom - top);
    if (chart.names && pen.measureText(name).width + 8 < x(day) - x(from)) {
      pen.fillStyle = tone("soft");
      pen.textAlign = "left";
      pen.textBaseline = "top";
      pen.fillText(name, x(from) + 4, top + 3);
    }
    from = day;
  }
}

function axes(pen, em, state, steps, end, x, y, left, right, bottom) {
  pen.strokeStyle = tone("faint");
  pen.lineWidth = 1;
  pen.fillStyle = tone("soft");
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  for (const value of steps) {
    const at = Math.round(y(value)) + 0.5;
    if (at < 6 || at > bottom + 1) continue;
    pen.strokeStyle = value === 0 ? tone("grey") : HAIR;
    line(pen, left, at, right, at);
    pen.fillText(state.short(value), left - 6, at);
  }
  pen.textAlign = "center";
  pen.textBaseline = "top";
  const days = ticks(0, end, Math.max(2, Math.floor((right - left) / (4.5 * em)))).filter((d) => d <= end);
  for (const day of days) pen.fillText(day === 0 ? state.dayZero : state.short(day), Math.max(x(day), left + 8), bottom + 6);
}

function areaBetween(pen, future, band, colour, x, y) {
  const low = future.columns[band.low] || [], high = future.columns[band.high] || [];
  const known = [];
  for (let day = 0; day < low.length; day++) if (low[day] !== null && low[day] !== undefined) known.push(day);
  if (known.length < 2) return;
  pen.beginPath();
  for (const day of known) pen.lineTo(x(day + 1), y(high[day]));
  for (const day of known.reverse()) pen.lineTo(x(day + 1), y(low[day]));
  pen.closePath();
  pen.globalAlpha = 0.16;
  pen.fillStyle = colour;
  pen.fill();
  pen.globalAlpha = 1;
}

function trace(pen, future, what, from, to, alpha, thick, x, y) {
  const values = future.columns[what.column] || [];
  if (to - from < 1) return;
  pen.beginPath();
  let down = false;
  for (let day = from; day < to; day++) {
    const value = values[day];
    if (value === null || value === undefined) { down = false; continue; }
    if (down) pen.lineTo(x(day + 1), y(value));
    else pen.moveTo(x(day + 1), y(value));
    down = true;
  }
  pen.globalAlpha = alpha;
  pen.strokeStyle = what.colour;
  pen.lineWidth = what.thin ? 1 : thick;
  pen.lineJoin = "round";
  pen.setLineDash(what.dash ? [5, 3] : []);
  pen.stroke();
  pen.setLineDash([]);
  pen.globalAlpha = 1;
}

/** After how many days their sums, once below zero, came back for good as far as is known, or null. */
export function paysAfter(sums) {
  const day = sums.findLastIndex((sum) => sum < 0) + 1;
  return day === 0 || day === sums.length ? null : day + 1;
}

function even(pen, em, state, sums, x, at, right) {
  const day = paysAfter(sums.slice(0, state.day));
  if (day === null) return;
  const here = x(day), words = state.pays.replace("{day}", day);
  pen.fillStyle = pen.strokeStyle = tone("ink");
  pen.lineWidth = 2;
  pen.beginPath();
  pen.arc(here, at, 4, 0, 7);
  pen.stroke();
  pen.textAlign = "left";
  pen.textBaseline = "top";
  written(pen, words, Math.min(here, right - pen.measureText(words).width), at + 0.5 * em);
}

/** Text that can be read on whatever lies beneath. */
function written(pen, text, left, at) {
  pen.strokeStyle = tone("paper");
  pen.lineWidth = 4;
  pen.lineJoin = "round";
  pen.strokeText(text, left, at);
  pen.fillText(text, left, at);
}

/** Labels of marks in up to four lines: the earlier a mark, the higher, so that none stands upon
 * another, and none in the way of another's stem. */
function placed(pen, marks, end, start, right) {
  const taken = [];
  return marks.filter((mark) => mark.day <= end).sort((a, b) => b.day - a.day).map((mark) => {
    const at = start + (mark.day / end) * (right - start), wide = pen.measureText(mark.label).width;
    const left = Math.max(start, Math.min(at + 4, right - wide));
    let row = 0;
    while (row < 4 && left + wide + 8 > (taken[row] ?? Infinity)) row += 1;
    taken[row] = left;
    return { ...mark, left, row };
  }).filter((label) => label.row < 4);
}

function marks(pen, em, state, labels, x, top, bottom, right) {
  const colourOf = (mark) => state.futures.size > 1 && mark.future !== null ? state.colours[mark.future] : tone("soft");
  for (const mark of state.marks) {
    const at = x(mark.day);
    if (at > right) continue;
    pen.fillStyle = colourOf(mark);
    cursor(pen, at, top - 4, bottom, colourOf(mark), [4, 3]);
    pen.beginPath();
    pen.moveTo(at - 4, top - 8);
    pen.lineTo(at + 4, top - 8);
    pen.lineTo(at, top - 1);
    pen.fill();
  }
  pen.textAlign = "left";
  pen.textBaseline = "bottom";
  for (const label of labels) {
    const foot = top - 8 - 1.2 * em * label.row;
    cursor(pen, x(label.day), foot - em, top - 8, colourOf(label), []);
    pen.fillStyle = colourOf(label);
    written(pen, label.label, label.left, foot);
  }
}

/** Small triangles on the axis where the scenario has something in store; the words of the one that
 * is pointed at. */
function planned(pen, em, state, end, x, bottom, left, right) {
  const here = state.planned.filter((one) => one.day <= end);
  pen.fillStyle = tone("soft");
  for (const { day } of here) {
    pen.beginPath();
    pen.moveTo(x(day) - 4, bottom);
    pen.lineTo(x(day) + 4, bottom);
    pen.lineTo(x(day), bottom - 7);
    pen.fill();
  }
  const near = here.filter((one) => state.hover !== null && Math.abs(x(one.day) - x(state.hover)) < 6)[0];
  if (!near) return;
  pen.textAlign = "left";
  pen.textBaseline = "bottom";
  written(pen, near.label, Math.max(left, Math.min(x(near.day) + 6, right - pen.measureText(near.label).width)), bottom - 0.5 * em);
}

function cursor(pen, at, top, bottom, colour, dash) {
  pen.strokeStyle = colour;
  pen.lineWidth = 1;
  pen.setLineDash(dash);
  line(pen, Math.round(at) + 0.5, top, Math.round(at) + 0.5, bottom);
  pen.setLineDash([]);
}

function line(pen, x1, y1, x2, y2) {
  pen.beginPath();
  pen.moveTo(x1, y1);
  pen.lineTo(x2, y2);
  pen.stroke();
}
