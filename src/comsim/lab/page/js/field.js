// The field of members: interest across, trust up, a colour for role or state; and the table of
// who stayed.

import { fresh, size, tone } from "./plot.js";

const GRID = 64;

function bytes(text, Kind = Uint8Array) {
  const raw = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  return new Kind(raw.buffer);
}

export function unpack(packed) {
  return {
    row: bytes(packed.row, Uint32Array), x: bytes(packed.x), y: bytes(packed.y), kind: bytes(packed.kind),
    density: packed.density && bytes(packed.density), counts: packed.counts,
  };
}

function frameOf(width, height, em) {
  const left = 3.5 * em, top = 0.7 * em, bottom = 2.7 * em;
  return {
    x: (value) => left + (value / 255) * (width - left - 10),
    y: (value) => height - bottom - (value / 255) * (height - top - bottom),
  };
}

/** `colours` are those of the kinds of members, in the order of KINDS in view.py. */
export function drawField(canvas, field, colours, words, picked, hidden) {
  const { pen, width, height, em } = fresh(canvas);
  const { x, y } = frameOf(width, height, em);
  pen.fillStyle = tone("ground");
  pen.fillRect(x(0), y(255), x(255) - x(0), y(0) - y(255));
  if (field.density) drawDensity(pen, field.density, x, y);
  pen.strokeStyle = "rgba(0,0,0,0.08)";
  pen.fillStyle = tone("soft");
  pen.textBaseline = "middle";
  for (const share of [0, 0.25, 0.5, 0.75, 1]) {
    const at = share * 255;
    pen.strokeRect(x(at), y(255), 0, y(0) - y(255));
    pen.strokeRect(x(0), y(at), x(255) - x(0), 0);
    if (share * 2 !== Math.round(share * 2)) continue;
    pen.textAlign = "right";
    pen.fillText(`${share}`, x(0) - 5, y(at));
    pen.textAlign = share === 1 ? "right" : share === 0 ? "left" : "center";
    pen.fillText(`${share}`, x(at), y(0) + 0.8 * em);
  }
  pen.textAlign = "center";
  pen.fillText(words.interest + " →", x(127), height - 0.6 * em);
  pen.save();
  pen.translate(0.8 * em, y(127));
  pen.rotate(-Math.PI / 2);
  pen.fillText(words.trust + " →", 0, 0);
  pen.restore();
  const wide = field.density ? 6 : Math.min(10, Math.max(3, 220 / Math.sqrt(field.x.length)));
  for (let kind = 0; kind < colours.length; kind++) {
    if (hidden.has(kind)) continue;
    pen.fillStyle = pen.strokeStyle = colours[kind];
    pen.globalAlpha = kind === 8 ? 0.8 : 0.75;
    for (let i = 0; i < field.x.length; i++) {
      if (field.kind[i] !== kind) continue;
      const left = x(field.x[i]) - wide / 2, top = y(field.y[i]) - wide / 2;
      if (kind === 8) pen.strokeRect(left, top, wide, wide); // gone: an empty place
      else pen.fillRect(left, top, wide, wide);
    }
  }
  pen.globalAlpha = 1;
  const at = picked === null ? -1 : field.row.indexOf(picked);
  if (at >= 0) {
    pen.strokeStyle = tone("ink");
    pen.lineWidth = 2;
    pen.beginPath();
    pen.arc(x(field.x[at]), y(field.y[at]), 8, 0, 7);
    pen.stroke();
    pen.lineWidth = 1;
  }
}

function drawDensity(pen, density, x, y) {
  const across = (x(255) - x(0)) / GRID, up = (y(0) - y(255)) / GRID;
  pen.fillStyle = tone("soft");
  for (let row = 0; row < GRID; row++)
    for (let column = 0; column < GRID; column++) {
      const dense = density[row * GRID + column];
      if (!dense) continue;
      pen.globalAlpha = 0.06 + (dense / 255) * 0.6;
      pen.fillRect(x(0) + column * across, y(0) - (row + 1) * up, across + 0.5, up + 0.5);
    }
  pen.globalAlpha = 1;
}

/** The member's row nearest to a place, or null where there is none near it. */
export function memberAt(canvas, field, event, hidden) {
  const box = canvas.getBoundingClientRect();
  const { x, y } = frameOf(box.width, box.height, size());
  let found = null, least = 14 * 14;
  for (let i = 0; i < field.x.length; i++) {
    if (hidden.has(field.kind[i])) continue;
    const far = (x(field.x[i]) - event.clientX + box.left) ** 2 + (y(field.y[i]) - event.clientY + box.top) ** 2;
    if (far < least) [found, least] = [field.row[i], far];
  }
  return found;
}

/** The place of the member next to one in a direction (-1, 0 or 1 across and up); without one, that
 * of the first that is shown, or -1. */
export function memberToward(field, from, across, up, hidden) {
  let found = from, least = Infinity;
  for (let i = 0; i < field.x.length; i++) {
    if (i === from || hidden.has(field.kind[i])) continue;
    if (from < 0) return i;
    const right = field.x[i] - field.x[from], higher = field.y[i] - field.y[from];
    const ahead = right || higher ? right * across + higher * up : (i > from) * 0.1; // on one spot
    const aside = Math.abs(right * up) + Math.abs(higher * across);
    if (ahead > 0 && ahead + 2 * aside < least) [found, least] = [i, ahead + 2 * aside];
  }
  return found;
}

const MONTH = 30; // days, as in comsim.model.periods

/** Retention: cohorts down, months across; the darker, the more visited. */
export function drawRetention(canvas, table, words) {
  const { pen, width, height, em } = fresh(canvas);
  const rows = table.length, columns = Math.max(3, ...table.map((row) => row.length));
  const left = 4 * em, top = 1.5 * em, bottom = height - 0.5 * em, low = tone("low"), high = tone("high");
  pen.fillStyle = tone("soft");
  pen.textBaseline = "middle";
  if (!rows) {
    pen.textAlign = "center";
    pen.fillText(words.waiting, width / 2, height / 2);
    return;
  }
  const across = (width - left - 10) / columns, down = Math.min((bottom - top) / Math.max(rows, 6), 2.2 * em);
  table.forEach((row, cohort) => {
    row.forEach((share, month) => {
      pen.fillStyle = `color-mix(in srgb, ${high} ${100 * share ** 0.75}%, ${low})`; // as in the report
      pen.fillRect(left + month * across, top + cohort * down, across - 1, down - 1);
      if (across > 2.8 * em && down > 1.1 * em) {
        pen.fillStyle = share > 0.36 ? tone("paper") : tone("ink");
        pen.textAlign = "center";
        pen.fillText(`${Math.round(share * 100)}%`, left + (month + 0.5) * across, top + (cohort + 0.5) * down);
      }
    });
    if (cohort % Math.ceil((1.1 * em) / down) === 0) {
      pen.fillStyle = tone("soft");
      pen.textAlign = "right";
      pen.fillText(`${cohort * MONTH}`, left - 6, top + (cohort + 0.5) * down);
    }
  });
  pen.fillStyle = tone("soft");
  pen.textAlign = "left";
  pen.fillText(words.joined, 4, 0.6 * em);
}
