// Between the values of JavaScript and those of the contract.

export function toValue(value) {
  if (value === undefined || value === null) return { tag: "none" };
  if (typeof value === "string") return { tag: "text", val: value };
  if (typeof value === "boolean") return { tag: "boolean", val: value };
  if (typeof value === "bigint") return { tag: "integer", val: value };
  if (Number.isSafeInteger(value)) return { tag: "integer", val: BigInt(value) };
  if (typeof value === "number") return { tag: "number", val: value };
  return { tag: "json", val: JSON.stringify(value) };
}

export function fromValue(value) {
  switch (value?.tag) {
    case "integer":
      return Number.isSafeInteger(Number(value.val)) ? Number(value.val) : value.val;
    case "json":
      return JSON.parse(value.val);
    default:
      return value?.val;
  }
}
