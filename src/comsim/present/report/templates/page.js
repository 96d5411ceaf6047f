"use strict";
// A readout for charts over days: a line where the pointer is, and the values of that day.
(() => {
  const days = JSON.parse(document.getElementById("days").textContent);
  if (!days.day) return;
  const language = document.documentElement.lang;
  const first = days.day[0];
  const wide = days.day[days.day.length - 1] - first || 1;
  const number = new Intl.NumberFormat(language, { maximumSignificantDigits: 4 });
  const date = new Intl.DateTimeFormat(
    language === "en" ? "en-GB" : language, { dateStyle: "medium", timeZone: "UTC" });
  const start = Date.parse(days.start + "T00:00:00Z");
  const element = (name, parent) => parent.appendChild(Object.assign(
    document.createElement(name === "cursor" || name === "tip" ? "div" : name),
    { className: name }));

  for (const figure of document.querySelectorAll("figure.time")) {
    const plots = [...figure.querySelectorAll(".plot")].map((plot) => ({
      plot, series: JSON.parse(plot.querySelector("script").textContent) }));
    const hide = () => figure.querySelectorAll(".cursor, .tip").forEach((old) => old.remove());
    let place = 0;
    const show = (here) => {
      hide();
      for (const { plot, series } of plots) {
        const x = (days.day[place] - first) / wide;
        element("cursor", plot).style.left = 100 * x + "%";
        if (plot !== here) continue;
        const tip = element("tip", plot);
        tip.setAttribute("role", "status");
        element("div", tip).textContent =
          [date.format(start + 864e5 * days.day[place]), days.word.replace("{n}", days.day[place])]
            .filter(Boolean).join(" · ");
        for (const { name, colour, values } of series) {
          if (values[place] === null) continue;
          const line = element("div", tip);
          element("i", line).className = colour;
          line.append(name);
          element("b", line).textContent = number.format(values[place]);
        }
        const room = plot.clientWidth, left = x * room;
        tip.style.left = Math.max(-40, Math.min(
          left + tip.offsetWidth + 14 < room ? left + 10 : left - tip.offsetWidth - 10,
          room - tip.offsetWidth + 8)) + "px";
      }
    };
    for (const { plot } of plots) {
      plot.tabIndex = 0;
      plot.addEventListener("pointermove", (event) => {
        const box = plot.getBoundingClientRect();
        const day = Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1) * wide + first;
        let low = 0, high = days.day.length - 1;
        while (low < high) {
          const middle = (low + high) >> 1;
          if (days.day[middle] < day - 0.5) low = middle + 1; else high = middle;
        }
        place = low;
        show(plot);
      });
      plot.addEventListener("pointerleave", hide);
      plot.addEventListener("blur", hide);
      plot.addEventListener("keydown", (event) => {
        const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -30, PageDown: 30 }[event.key];
        if (!step) return;
        event.preventDefault();
        place = Math.min(Math.max(place + step, 0), days.day.length - 1);
        show(plot);
      });
    }
  }
})();
