import { assert, assertEquals } from "@std/assert";
import { isWhole, packFields, unpackFields } from "../../lib/store/sqlite/run_fields.ts";
import { SeededRandom } from "../support/random.ts";

type Fields = Record<string, unknown> | null;

/** Checks that fields survive being packed, the order of their names included. */
function packed(all: readonly (Fields | undefined)[]): string {
  const column = packFields(all);
  const unpacked = unpackFields(column, all.length).map((fields) => fields ?? null);
  assertEquals(JSON.stringify(unpacked), JSON.stringify(all));
  assert(isWhole(column, all.length));
  return column;
}

function syslog(second: number, more: object = {}): Fields {
  return { facility: "cron", level: "info", time: `06:30:0${second}`, host: "web1", ...more };
}

Deno.test("packFields() writes names and common values once", () => {
  assertEquals(
    packed([syslog(1), syslog(2), syslog(3)]),
    '{"facility":["cron"],"level":["info"],"time":["06:30:01","06:30:02","06:30:03"],"host":["web1"]}',
  );
});

Deno.test("packFields() lists events with other names apart", () => {
  assertEquals(
    packed([{ level: "err" }, { level: "info" }, undefined, { level: "err", n: 1 }]),
    '{"level":["err","info",null,null],"":{"2":null,"3":{"level":"err","n":1}}}',
  );
});

Deno.test("packFields() lists only the events with fields if few have any", () => {
  assertEquals(packed([null, null, { level: "err" }, null]), '{"":{"2":{"level":"err"}}}');
});

Deno.test("packFields() finds common names behind a first event with others", () => {
  const tombstone = { redacted: "mia" };
  assertEquals(
    packed([tombstone, { level: "err" }, { level: "err" }]),
    '{"level":["err"],"":{"0":{"redacted":"mia"}}}',
  );
});

Deno.test("packFields() writes an array for a single event, and for events without common names", () => {
  assertEquals(packed([{ level: "err" }]), '[{"level":"err"}]');
  const mixed = [{ a: 1 }, { b: 1 }, { c: 1 }, null, { d: 1 }];
  assertEquals(packed(mixed), JSON.stringify(mixed));
});

Deno.test("packFields() keeps any fields, the order of their names included", () => {
  packed([{ a: 1, b: 2 }, { b: 2, a: 1 }, { a: 1, b: 2 }]);
  packed([{ "": 1, a: 1 }, { "": 1, a: 1 }]);
  packed([{}, {}, {}]);
  packed([{ a: 1 }, {}, { a: 1 }]);
  packed([{ a: undefined, b: 1 }, { a: undefined, b: 1 }, { a: 1, b: 1 }]);
  packed(Array.from({ length: 3 }, () => JSON.parse('{"__proto__":{"x":1},"constructor":1}')));
  packed(Array.from({ length: 3 }, () => ({ 7: "b", a: [1, { b: null }] })));
  packed([{ n: NaN }, { n: NaN }, { n: null }]);
});

Deno.test("unpackFields() reads what packFields() wrote, whatever the fields are", () => {
  const random = new SeededRandom(20);
  const values = ["a", "b", 1, true, null, [], [1], {}, { "": 1 }, "\0\u2028\ud800"];
  for (let round = 0; round < 500; round++) {
    const names = ["level", "n", "", "7", "__proto__", "time"].slice(0, 1 + random.int(6));
    packed(Array.from({ length: 1 + random.int(12) }, () => {
      if (random.int(6) === 0) return null;
      const used = random.int(3) === 0 ? names.filter(() => random.int(2) === 0) : names;
      return Object.fromEntries(used.map((name) => [name, random.pick(values)]));
    }));
  }
});

Deno.test("isWhole() recognizes a column that does not fit the number of events", () => {
  for (
    const column of [
      "[null]",
      '{"a":[1,2]}',
      '{"a":1}',
      '{"a":"xyz"}',
      '{"a":[1],"":{"3":null}}',
      "{",
      "null",
      "7",
    ]
  ) assertEquals([column, isWhole(column, 3)], [column, false]);
  assert(isWhole('{"a":[1],"b":[1,2,3],"":{"2":null}}', 3));
});
