// The play bar, the charts and the field of members. It keeps all days that it was sent.

import * as lab from "comsim-lab";

/** A tip that would not fit to the right of its word opens to the left. */
function flip(event) {
  const word = event.target.closest?.(".tip");
  if (word) word.classList.toggle("flipped", word.getBoundingClientRect().left + 290 > window.innerWidth);
}

export default {
  template: `
<div class="world" @pointerup="letGo($event)">
  <div class="bar">
    <button class="play" :class="{on: playing}" :aria-label="playing ? say.pause : say.play" @click="$emit('play', !playing)">
      {{ playing ? "❚❚" : "▶" }} <span class="word">{{ playing ? say.pause : say.play }}</span></button>
    <button :aria-label="say.back" :title="say.back" @click="$emit('step', -1)">‹</button>
    <button :aria-label="say.step" :title="say.step" @click="$emit('step', 1)">›</button>
    <button class="week" :aria-label="say.week" :title="say.week" @click="$emit('step', 7)">»</button>
    <button class="undo" :aria-label="say.undo" :title="say.undo" :disabled="!now?.undo" @click="$emit('undo', now.id)">↶</button>
    <label class="speed">{{ say.speed }}
      <select :value="pace" @change="pace = Number($event.target.value); $emit('speed', pace); $event.target.blur()">
        <option v-for="s in speeds" :key="s" :value="s">{{ s ? s + " " + say.a_second : say.fastest }}</option>
      </select></label>
    <input class="scrub" type="range" min="0" :max="days" ref="scrub" :aria-label="say.day"
      @input="scrubbing = true; seeking($event.target.value)" @change="scrubbing = false; seek($event.target.value)">
    <span class="when"><output ref="today" class="today" :aria-live="playing ? 'off' : 'polite'"></output> <span ref="stage" class="stage"></span></span>
    <button class="unfold" ref="unfold" :aria-expanded="sheet" @click="unfold(!sheet)">{{ say.levers }}</button>
  </div>
  <div class="futures" v-if="futures.length > 1">
    <span v-for="(f, i) in futures" :key="f.id" class="future" :class="{chosen: f.id === chosen}">
      <button @click="$emit('choose', f.id)" :aria-pressed="f.id === chosen">
        <i :style="{background: colours[f.id]}"></i>{{ f.name }}</button>
      <input v-if="renaming === f.id" :maxlength="longest" :aria-label="say.rename" @vue:mounted="$event.el.value = f.name; $event.el.select()"
        @keydown.enter="$event.isComposing || $event.target.blur()" @keydown.esc="$event.isComposing || (renaming = null)" @blur="rename(f, $event.target.value)">
      <button class="close" v-else-if="f.id === chosen" :aria-label="say.rename" :title="say.rename" @click="renaming = f.id">✎</button>
      <button class="close" v-if="i" :aria-label="say.close + ' ' + f.name + (closing === f.id ? '?' : '')" @click="close(f, $event)" @blur="closing = null">{{ closing === f.id ? say.close + "?" : "×" }}</button>
    </span>
    <span class="hint">{{ say.chosen }} {{ chosen === futures[0].id ? say.differ : "" }}</span>
  </div>
  <div class="tiles">
    <section class="tile" v-for="(chart, i) in charts" :key="chart.name" :data-chart="chart.name" :class="{wanted: wanted === chart.name}" :style="{order: i ? 3 : 0}">
      <h2>{{ chart.title }}</h2>
      <div class="legend">
        <span v-for="entry in legend(chart)" :key="entry.column" :class="{tip: entry.tip}" :tabindex="entry.tip ? 0 : null" :data-tip="entry.tip">
          {{ futures.length > 1 ? entry.label : "" }}
          <span v-for="own in entry.own" :key="own.id" class="own" :title="futures.length > 1 ? own.name : null">
            <i :style="{background: own.dash ? 'none' : own.colour, borderTop: own.dash ? '2px dashed ' + own.colour : ''}"></i>{{ futures.length > 1 ? "" : entry.label }}
            <b :data-column="entry.column" :data-future="own.id"></b></span></span>
      </div>
      <canvas :ref="el => canvases[chart.name] = el" :aria-label="chart.title" role="img"
        @pointermove="hover = $event.pointerType === 'mouse' ? dayAt($event) : null; redraw()" @pointerleave="hover = null; redraw()" @click="clicked($event)"></canvas>
      <p class="legend tip stages" v-if="chart.names" tabindex="0" :data-tip="say.stages_tip">
        <span>{{ whole ? say.stages_after : say.stages_seen }}</span> <span v-for="s in stages" :key="s.name"><i class="patch" :style="{background: s.tint}"></i>{{ s.name }}</span>
        <span v-if="planned.length">▴ {{ say.planned }}</span></p>
    </section>
    <section class="tile wide" v-if="difference" data-chart="difference" style="order: 2">
      <h2>{{ differ.title.replace("{name}", () => named(difference.colour)).replace("{first}", () => futures[0].name) }}</h2>
      <div class="outcomes">
        <button v-for="(o, i) in difference.outcomes" :key="o.name" :aria-pressed="i === outcome" @click="outcome = i; $nextTick(drawDifference)">{{ differ[o.name] }}</button>
        <span class="legend"><span><i :style="{background: colours[difference.colour]}"></i>{{ differ.here }}</span>
        <span v-if="difference.worlds"><i style="background: none; border-top: 2px dashed var(--ink)"></i>{{ differ.mean }}</span>
        <span v-if="difference.worlds"><i class="patch dark"></i>{{ differ.interval }}</span>
        <span v-if="difference.worlds"><i class="patch"></i>{{ differ.band }}</span></span>
      </div>
      <canvas ref="difference" role="img" :aria-label="difference.outcomes[outcome].words"></canvas>
      <p class="says" v-for="(o, i) in difference.outcomes" :key="o.name" :class="{chosen: i === outcome}">{{ o.words }}</p>
      <p class="hint">{{ differ.hint.replace("{worlds}", difference.worlds) }}</p>
    </section>
    <section class="tile" data-chart="field" style="order: 1" :class="{wanted: wanted === 'field'}">
      <h2>{{ say.field_title }}</h2>
      <div class="legend">
        <button v-for="(kind, i) in kinds" :key="i" class="tip kind" :class="{off: off.includes(i)}" :aria-pressed="!off.includes(i)" :data-tip="kind.tip" @click="toggle(i)">
          <i :style="{background: i === 8 ? 'none' : kind.colour, border: '1px solid ' + kind.colour}"></i>{{ kind.name }} <b data-kind></b></button>
      </div>
      <canvas class="square" ref="field" :aria-label="say.field_title" role="application" tabindex="0" @click="picked($event)" @keydown="walk"></canvas>
      <p class="hint" ref="stands" aria-live="polite">{{ say.field_hint }}</p>
    </section>
    <section class="tile" data-chart="retention" style="order: 4" :class="{wanted: wanted === 'retention'}">
      <h2 class="tip" tabindex="0" :data-tip="say.retention_tip">{{ say.retention_title }}</h2>
      <canvas ref="retention" :aria-label="say.retention_title" role="img"></canvas>
    </section>
  </div>
</div>`,
  props: {
    charts: Array, planned: Array, say: Object, kinds: Array, days: Number, start: String, language: String,
    colours: Array, stages: Array, speeds: Array, speed: Number, differ: Object, longest: Number,
  },
  data() {
    return { playing: false, futures: [], chosen: 0, wanted: "", off: [], pace: this.speed,
      difference: null, outcome: 0, renaming: null, whole: false, closing: null, sheet: false };
  },
  computed: {
    now() { return this.futures.find((f) => f.id === this.chosen); },
  },
  created() { // what changes at every frame is kept from the framework's eyes
    this.canvases = {};
    this.lives = new Map();
    this.marks = [];
    this.touched = false;
    this.day = 0;
    this.hover = null;
    this.dots = null;
    this.table = [];
    this.member = null;
    this.due = null;
    this.told = 0;
    this.frames = 0;
  },
  mounted() {
    this.keys = (event) => this.key(event);
    window.addEventListener("keydown", this.keys);
    this.leaving = (event) => { if (this.touched && window.socket.connected) event.preventDefault(); };
    window.addEventListener("beforeunload", this.leaving); // the browser asks whether to stay
    this.heard = () => { this.$el.closest(".lab").inert = !window.socket.connected; }; // no act is lost
    for (const news of ["connect", "disconnect"]) window.socket.on(news, this.heard);
    document.addEventListener("pointerover", flip);
    document.addEventListener("focusin", flip);
    this.resized = new ResizeObserver(() => { this.stale = true; this.redraw(); });
    this.resized.observe(this.$el);
    this.$el.lab = this; // for those who measure
    this.$emit("ready");
  },
  unmounted() {
    window.removeEventListener("keydown", this.keys);
    window.removeEventListener("beforeunload", this.leaving);
    for (const news of ["connect", "disconnect"]) window.socket.off(news, this.heard);
    document.removeEventListener("pointerover", flip);
    document.removeEventListener("focusin", flip);
    this.resized.disconnect();
  },
  methods: {
    frame(news) {
      for (const id of [...this.lives.keys()]) if (!(id in news.lived)) this.lives.delete(id);
      for (const id in news.lived) if (!this.lives.has(Number(id))) this.lives.set(Number(id), { n: 0, columns: {} });
      for (const part of news.futures) {
        if (part.from === 0) this.lives.set(part.id, { n: 0, columns: {} });
        const life = this.lives.get(part.id);
        for (const name in part.rows) {
          const column = (life.columns[name] ||= []);
          column.length = Math.min(column.length, part.from);
          for (const value of part.rows[name]) column.push(value);
          life.n = column.length;
        }
        life.after = part.after;
      }
      for (const id in news.lived) {
        const life = this.lives.get(Number(id)), n = news.lived[id];
        if (!life || life.n <= n) continue;
        for (const name in life.columns) life.columns[name].length = n;
        life.n = n;
      }
      this.day = news.day;
      this.playing = news.playing || news.on_the_way > news.day;
      if (this.chosen !== news.chosen) this.pick(null);
      this.chosen = news.chosen;
      this.whole = this.lived() === this.days;
      if (news.names) [this.futures, this.touched] = [news.names, news.touched];
      if (news.marks) this.marks = news.marks;
      if (news.field) { this.dots = lab.unpack(news.field); this.stale = true; }
      if (news.retention) { this.table = news.retention; this.stale = true; }
      this.due = news.number;
      this.keep(news);
      this.redraw();
    },
    keep(news) { // for when the page is reloaded in this tab (kept.py)
      if (news.keep) sessionStorage.setItem("comsim-lab", news.keep);
      else if (news.keep === "") sessionStorage.removeItem("comsim-lab");
      sessionStorage.setItem("comsim-lab-days", JSON.stringify(news.stand));
    },
    show(chart) {
      this.wanted = chart;
      this.$nextTick(() => this.$el.querySelector(".wanted")?.scrollIntoView({ block: "nearest", behavior: "smooth" }));
    },
    showDifference(found) {
      this.difference = found;
      if (found) this.$nextTick(() => this.drawDifference());
    },
    drawDifference() {
      if (!this.difference || !this.$refs.difference) return;
      const colour = this.colours[this.difference.colour], columns = this.difference.outcomes[this.outcome].columns;
      const chart = {
        bands: [{ low: "least", high: "most", colour: lab.tone("soft") }, { low: "low", high: "high", colour: lab.tone("ink") }],
        lines: [{ column: "mean", colour: lab.tone("ink"), dash: true }, { column: "here", colour }],
        reach: ["least", "most"],
      };
      lab.draw(this.$refs.difference, chart, {
        ...this.state(), futures: new Map([[0, { n: this.days, columns }]]), chosen: 0, day: this.days, hover: null, marks: [], planned: [],
        today: this.day,
      });
    },
    named(id) { return this.futures.find((f) => f.id === id)?.name ?? ""; },
    pick(row) { this.member = row; this.stale = true; this.redraw(); },
    state() {
      return {
        futures: this.lives, chosen: this.chosen, day: this.day, days: this.days, hover: this.hover, marks: this.marks,
        colours: this.colours, stages: this.stages, nobody: this.say.nobody, short: (v) => this.short(v), dayZero: this.say.day_zero, pays: this.say.pays,
        planned: this.planned,
      };
    },
    redraw() {
      if (this.waiting) return;
      this.waiting = true;
      requestAnimationFrame(() => {
        this.waiting = false;
        const state = this.state();
        for (const chart of this.charts) if (this.canvases[chart.name]) lab.draw(this.canvases[chart.name], chart, state);
        if (this.stale) this.drawMembers();
        if (this.difference && this.stale) this.drawDifference();
        this.stale = false;
        this.read();
        this.frames += 1;
        if (this.due !== null) this.$emit("drawn", this.due);
        this.due = null;
      });
    },
    drawMembers() {
      if (this.dots) lab.drawField(this.$refs.field, this.dots, this.kinds.map((kind) => kind.colour), this.say, this.member, new Set(this.off));
      lab.drawRetention(this.$refs.retention, this.table, this.say);
      const counts = this.dots ? this.dots.counts : [];
      this.$el.querySelectorAll("[data-kind]").forEach((b, i) => { b.textContent = this.short(counts[i] ?? 0); });
    },
    read() { // the numbers beside the names, of today or of the day pointed at; not more often than one can read
      const now = performance.now();
      if (now - this.told < 100 && this.playing) return;
      this.told = now;
      const lived = this.hover === null ? this.day : Math.min(this.hover, this.lived()), day = lived - 1;
      for (const b of this.$el.querySelectorAll("b[data-column]")) {
        const value = this.lives.get(Number(b.dataset.future))?.columns[b.dataset.column]?.[day];
        b.textContent = value === undefined || value === null ? "–" : this.short(value);
      }
      if (!this.scrubbing) this.$refs.scrub.value = this.day;
      this.$refs.today.textContent = this.dayWords(lived);
      if (!this.playing) for (const chart of this.charts) this.describe(chart);
      const stage = lab.stagesOf(this.lives.get(this.chosen), this.days)[day];
      this.$refs.stage.textContent = stage === undefined ? "" : (this.stages[stage]?.name ?? this.say.nobody);
    },
    describe(chart) { // what a chart shows, for who can't see it
      const numbers = this.$el.querySelector(`[data-chart="${chart.name}"] .legend`).textContent.replace(/\s+/g, " ");
      this.canvases[chart.name].setAttribute("aria-label", `${chart.title}: ${numbers}; ${this.$refs.today.textContent}`);
    },
    legend(chart) {
      if (this.futures.length < 2)
        return chart.lines.map((l) => ({ ...l, own: [{ id: this.futures[0]?.id ?? 0, colour: l.colour }] }));
      return chart.lines.filter((l) => l.main).map((l) => ({
        ...l, own: this.futures.map((f) => ({ ...f, colour: this.colours[f.id], dash: l.main === 2 })),
      }));
    },
    lived() { return this.lives.get(this.chosen)?.n ?? 0; },
    dayAt(event) { return lab.dayAt(event.currentTarget, event.clientX, this.state()); },
    clicked(event) {
      const day = this.dayAt(event);
      if (day !== null) this.seek(Math.min(Math.max(day, 0), this.lived()));
    },
    picked(event) {
      const row = this.dots && lab.memberAt(this.$refs.field, this.dots, event, new Set(this.off));
      if (row !== null) { this.pick(row); this.$emit("member", row); }
    },
    walk(event) { // arrow keys go from member to member, Enter tells the story
      const [across, up] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key] ?? [];
      if ((across === undefined && event.key !== "Enter") || !this.dots || event.shiftKey) return;
      event.preventDefault();
      event.stopPropagation();
      if (event.key === "Enter") return this.member === null || this.$emit("member", this.member);
      const dots = this.dots, at = lab.memberToward(dots, dots.row.indexOf(this.member ?? -1), across, up, new Set(this.off));
      if (at < 0) return;
      this.pick(dots.row[at]);
      const share = (value) => (value / 255).toFixed(2);
      this.$refs.stands.textContent = this.say.stands.replace("{n}", dots.row[at]).replace("{kind}", this.kinds[dots.kind[at]].name)
        .replace("{interest}", share(dots.x[at])).replace("{trust}", share(dots.y[at]));
    },
    letGo(event) { // so that space and arrows are the page's again
      const part = event.target.closest("button:not(.close), .scrub");
      if (part) setTimeout(() => part.blur());
    },
    unfold(open) { // the levers' sheet
      this.sheet = open;
      this.$nextTick(() => (open ? document.querySelector(".side h2") : this.$refs.unfold).focus());
    },
    close(future, click) { // with moves of its own, once it was asked; a double click is one
      if (click.detail > 1) return;
      if (this.closing !== future.id && this.marks.some((mark) => mark.future === future.id)) this.closing = future.id;
      else this.$emit("close", future.id);
    },
    rename(future, name) {
      if (this.renaming === future.id && name.trim() && name.trim() !== future.name) this.$emit("rename", { future: future.id, name });
      this.renaming = null;
    },
    toggle(kind) {
      this.off = this.off.includes(kind) ? this.off.filter((k) => k !== kind) : [...this.off, kind];
      this.stale = true;
      this.redraw();
    },
    seek(day) { clearTimeout(this.later); this.later = null; this.$emit("seek", Number(day)); },
    seeking(day) {
      this.$refs.today.textContent = this.dayWords(Number(day));
      if (Number(day) <= this.lived()) this.later ||= setTimeout(() => this.seek(this.$refs.scrub.value), 120);
    },
    key(event) {
      if (!window.socket.connected) return;
      if (event.key === "Escape" && this.sheet) this.unfold(false);
      const at = event.target.tagName, slider = event.target.type === "range";
      if ((["INPUT", "SELECT", "TEXTAREA"].includes(at) && !slider) || document.querySelector(".q-dialog")) return;
      const days = event.shiftKey ? 30 : 1, control = event.ctrlKey || event.metaKey;
      if (control && event.key === "z") this.now?.undo && this.$emit("undo", this.now.id); // and no field undoes its own
      else if (control || event.altKey) return;
      else if (event.key === " " && at !== "BUTTON" && at !== "SUMMARY") this.$emit("play", !this.playing);
      else if (slider) return; // arrows and Home are its own
      else if (event.key === "ArrowRight") this.$emit("step", days);
      else if (event.key === "ArrowLeft") this.$emit("step", -days);
      else if (event.key === "Home") this.seek(0);
      else return;
      event.preventDefault();
    },
    dayWords(day) {
      const when = new Date(Date.parse(this.start) + Math.max(day - 1, 0) * 864e5);
      const date = when.toLocaleDateString(this.language === "zh" ? "zh-CN" : "en-GB", { timeZone: "UTC", day: "numeric", month: "short", year: "numeric" });
      return (day === 1 ? this.say.after_one : this.say.after).replace("{day}", day).replace("{date}", date);
    },
    short(value) {
      const size = Math.abs(value), zh = this.language === "zh", minus = value < 0 ? "−" : "";
      const big = zh ? [[1e8, "亿"], [1e4, "万"]] : [[1e9, "B"], [1e6, "M"], [1e4, "k"]];
      for (const [step, sign] of big) {
        const unit = sign === "k" ? 1e3 : step;
        if (size >= step) return minus + Number((size / unit).toPrecision(3)) + sign;
      }
      return minus + (size >= 100 || Number.isInteger(size) ? Math.round(size) : Number(size.toPrecision(2)));
    },
  },
};
