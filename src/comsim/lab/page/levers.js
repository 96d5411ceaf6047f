// The levers, as sliders in groups. A move is sent when the hand lets go.

export default {
  template: `
<div class="levers">
  <details v-for="group in groups" :key="group.name" :open="group.open">
    <summary>{{ group.title }}<span class="moved" v-if="group.levers.some(l => moved[l.name])">●</span></summary>
    <div v-for="l in group.levers" :key="l.name" class="lever" :class="{moved: moved[l.name]}" :data-lever="l.name">
      <label :for="'lever-' + l.name" class="tip" tabindex="0" :data-tip="l.help">{{ l.title }}</label>
      <input type="number" :id="'lever-' + l.name + '-number'" :aria-label="l.title" :aria-description="l.help" :min="l.low" :max="l.high" step="any"
        :value="typed[l.name] ?? values[l.name]" @input="typed = {[l.name]: $event.target.value}" @blur="typed = {}"
        @change="send(l, $event.target)" @keydown.enter="$event.target.blur()">
      <input type="range" :id="'lever-' + l.name" :aria-description="l.help" :min="l.low" :max="Math.max(l.top, values[l.name] || 0)" :step="l.step"
        :value="values[l.name]" @input="values[l.name] = Number($event.target.value)" @change="settle(l, $event.target)"
        @keydown="keyed = true; moves($event) || settled()" @blur="settled()" @pointerdown="keyed = false" @pointerup="letGo($event.target)">
      <span class="unit">{{ l.unit }}<template v-if="l.range"> · {{ l.range }}</template><template v-if="l.once"> · {{ once }}</template></span>
      <span class="cost" v-if="costs[l.name] && values[l.name]">{{ money(costs[l.name]) }}</span>
    </div>
  </details>
</div>`,
  props: { groups: Array, once: String, cost: String },
  data: () => ({ values: {}, costs: {}, moved: {}, typed: {} }), // what is being typed stays, whatever is told meanwhile
  created() { this.due = {}; },
  beforeUnmount() { this.settled(); },
  mounted() { this.$emit("ready"); },
  methods: {
    tell(values, costs, moved) {
      const held = document.activeElement?.type === "range" && document.activeElement.matches(":active") ? document.activeElement.id.slice(6) : "";
      for (const name in values) if (name !== held && !this.due[name]) this.values[name] = values[name];
      this.costs = costs;
      this.moved = moved;
    },
    settle(lever, slider) { // keys that follow one another are one move
      clearTimeout(this.due[lever.name]?.timer);
      const send = () => { delete this.due[lever.name]; this.send(lever, slider); };
      this.due[lever.name] = { send, timer: setTimeout(send, this.keyed ? 300 : 0) };
    },
    settled() { // what was moved is sent before anything else is asked for
      for (const { send, timer } of Object.values(this.due)) { clearTimeout(timer); send(); }
    },
    moves(event) { return /^(Arrow|Page|Home|End)/.test(event.key) && !event.ctrlKey && !event.metaKey; },
    send(lever, field) {
      const value = Number(field.value);
      if (field.value === "" || Number.isNaN(value)) return;
      this.values[lever.name] = value;
      this.$emit("move", { lever: lever.name, value });
    },
    letGo(slider) { setTimeout(() => slider.blur()); },  // so that space and arrows are the page's again
    money(value) { return this.cost.replace("{cost}", Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3))); },
  },
};
