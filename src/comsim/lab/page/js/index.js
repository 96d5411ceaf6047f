export * from "./plot.js";
export * from "./field.js";
