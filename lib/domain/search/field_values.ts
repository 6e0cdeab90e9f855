/**
 * The values in an event's fields, one by one.
 *
 * @module
 */

/** Depth to which nested fields are looked at. */
const MAX_DEPTH = 32;

/** A value in an event's fields and its path, such as `http.status`. */
export interface FieldValue {
  readonly path: string;
  readonly value: string;
}

/** The values in an event's fields, down to a depth of 32. */
export function valuesOf(fields: unknown): FieldValue[] {
  const values: FieldValue[] = [];
  const add = (value: unknown, path: string, depth: number) => {
    if (typeof value !== "object" || value === null) {
      if (value !== null && value !== undefined) values.push({ path, value: String(value) });
    } else if (depth < MAX_DEPTH) {
      const prefix = path === "" ? "" : `${path}.`;
      for (const name of Object.keys(value)) {
        add((value as Record<string, unknown>)[name], prefix + name, depth + 1);
      }
    }
  };
  add(fields, "", 0);
  return values;
}
