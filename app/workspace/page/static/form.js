// What a person has entered in blocks, by block_id and action_id, as plain values:
// text, a date, an option's value, an id, or a list of these; null for nothing. What an app's own search found is
// kept whole, since only the app knows it.

function valueOfState(state) {
  const { type, ...rest } = state;
  const [value] = Object.values(rest);
  if (type.endsWith("external_select")) return value;
  if (Array.isArray(value)) return value.map((one) => (one && typeof one === "object" ? one.value : one));
  if (value && typeof value === "object") return value.value ?? value;
  return value ?? null;
}

export class Form {
  constructor() {
    this.fields = new Map();
  }

  key(block, action) {
    return `${block}\n${action}`;
  }

  get(block, action) {
    return this.fields.get(this.key(block, action)) ?? null;
  }

  set(block, action, value) {
    this.fields.set(this.key(block, action), value);
  }

  // Take over what the workspace holds; what the person typed here since then stays.
  learn(state) {
    for (const [block, actions] of Object.entries(state || {})) {
      for (const [action, held] of Object.entries(actions)) {
        if (!this.fields.has(this.key(block, action))) this.set(block, action, valueOfState(held));
      }
    }
  }

  // Forget fields that are no longer on the screen.
  keepOnly(state) {
    for (const key of [...this.fields.keys()]) {
      const [block, action] = key.split("\n");
      if (!state?.[block] || !(action in state[block])) this.fields.delete(key);
    }
  }

  values() {
    const values = {};
    for (const [key, value] of this.fields) {
      const [block, action] = key.split("\n");
      values[block] = { ...values[block], [action]: value };
    }
    return values;
  }
}
