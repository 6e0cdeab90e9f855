/**
 * The fields of a run of events as one column of JSON. Most lines of a program have the same names,
 * and many of the same values, so both are written once for the run: of a syslog message, that
 * leaves little but its time.
 *
 * Such a column is an object. For each name it has an array with a value for each event, or with
 * the only value that there is. Events with other names, or none, are listed by index under the
 * empty name, with `null` in their places in the arrays. If there would be too many of those, the
 * column is an array with the fields of each event, as in files of earlier versions.
 *
 * @module
 */

/** The fields of an event; `null` or `undefined` if it has none. */
export type StoredFields = Readonly<Record<string, unknown>> | null | undefined;

/** The name under which events with other names are listed. */
const OTHERS = "";

/** The column for these events, at least one of which has fields. */
export function packFields(all: readonly StoredFields[]): string {
  const [first] = all;
  const isTable = all.length > 1;
  const table = isTable &&
    // The first may be a tombstone, or begin a sender's output in its own way.
    (tableOf(all, first) ?? tableOf(all, all.find((fields) => !isLike(fields, namesOf(first)))));
  return JSON.stringify(table || all);
}

/**
 * The fields of each event in a column.
 *
 * @param count The number of events.
 */
export function unpackFields(column: string, count: number): readonly StoredFields[] {
  const stored: unknown = JSON.parse(column);
  if (Array.isArray(stored)) return stored;
  const { [OTHERS]: others, ...table } = stored as { [OTHERS]?: Record<number, StoredFields> };
  const columns: [string, readonly unknown[]][] = Object.entries(table);
  return Array.from({ length: count }, (_, index) => {
    if (others && Object.hasOwn(others, index)) return others[index];
    if (columns.length === 0) return null;
    return Object.fromEntries(
      columns.map(([name, values]) => [name, values[values.length === 1 ? 0 : index]]),
    );
  });
}

/** The values that events have for a name, if that is written once for all of them. */
export function valuesIn(column: string, name: string): readonly unknown[] {
  const stored = JSON.parse(column);
  return Array.isArray(stored) ? [] : stored[name] ?? [];
}

/** Whether a column has fields, or `null`, for each of `count` events. */
export function isWhole(column: string, count: number): boolean {
  try {
    const stored: unknown = JSON.parse(column);
    if (Array.isArray(stored)) return stored.length === count;
    const columns = Object.entries(stored as object);
    return columns.length > 0 &&
      columns.every(([name, values]) =>
        name === OTHERS
          ? Object.keys(values).every((index) => Number(index) < count)
          : Array.isArray(values) && (values.length === 1 || values.length === count)
      );
  } catch {
    return false;
  }
}

/** The column as an object; `undefined` if most of the fields have other names than `model`. */
function tableOf(all: readonly StoredFields[], model: StoredFields): object | undefined {
  const names = namesOf(model);
  if (model && names.length === 0 || names.includes(OTHERS)) return undefined;
  const others = new Map<number, StoredFields>();
  for (const [index, fields] of all.entries()) {
    if (isLike(fields, names)) continue;
    others.set(index, fields ?? null);
    if (others.size * 2 > all.length) return undefined;
  }
  const valuesOf = (name: string) => {
    const value = model![name];
    const isOfAll = all.every((fields, index) => fields?.[name] === value || others.has(index));
    return isOfAll ? [value] : all.map((fields, at) => others.has(at) ? null : fields![name]);
  };
  const columns: [string, unknown][] = names.map((name) => [name, valuesOf(name)]);
  if (others.size > 0) columns.push([OTHERS, Object.fromEntries(others)]);
  return Object.fromEntries(columns);
}

function namesOf(fields: StoredFields): readonly string[] {
  return fields ? Object.keys(fields) : [];
}

/** Whether the fields have exactly these names, in this order. */
function isLike(fields: StoredFields, names: readonly string[]): boolean {
  if (!fields) return names.length === 0;
  let index = 0;
  for (const name in fields) {
    // What is `undefined` has no place in JSON.
    if (name !== names[index++] || fields[name] === undefined) return false;
  }
  return index === names.length && index > 0;
}
