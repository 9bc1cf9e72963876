// Between the values of JavaScript and those of the contract. Whole numbers are ordinary numbers in this engine.

export function toValue(value) {
  if (value === undefined || value === null) return { tag: "none" };
  if (typeof value === "string") return { tag: "text", val: value };
  if (typeof value === "boolean") return { tag: "boolean", val: value };
  if (Number.isSafeInteger(value)) return { tag: "integer", val: value };
  if (typeof value === "number") return { tag: "number", val: value };
  return { tag: "json", val: JSON.stringify(value) };
}

export function fromValue(value) {
  return value?.tag === "json" ? JSON.parse(value.val) : value?.val;
}
