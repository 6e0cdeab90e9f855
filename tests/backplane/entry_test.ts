import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  changeJson,
  decodeEntry,
  draftJson,
  encodeEntry,
  type Entry,
  EntryFormatError,
} from "../../lib/backplane/entry.ts";
import type { Draft } from "../../lib/domain/room_event.ts";
import { SeededRandom } from "../support/random.ts";

const FULL: Entry = {
  format: 2,
  node: "a",
  incarnation: "3.0f",
  batch: 7,
  drafts: [
    { room: "tea", kind: "message", from: "ann", body: "häl\0lo\u2028" },
    {
      room: "log",
      kind: "log",
      from: "make",
      body: "",
      fields: { level: 3, of: [{ a: null }] },
      via: "tcp",
      origin: 9,
    },
    {
      room: "moderation",
      kind: "moderation",
      from: "op",
      body: "bans bob",
      state: [{ service: "access", key: "bob", value: null }],
    },
    {
      room: "tea",
      kind: "part",
      from: "bob",
      body: "",
      isUnlogged: true,
      cause: { kind: "kick", by: "op", reason: "spam" },
    },
  ],
  changes: [{ service: "bank", key: "jack", value: "2", was: null }],
  hello: { base: 12 },
  gone: { node: "b", incarnation: "2.ff" },
};

function encode({ drafts, changes, ...head }: Entry): Uint8Array<ArrayBuffer> {
  return encodeEntry(head, drafts.map(draftJson), changes.map(changeJson));
}

function encodeJson(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

Deno.test("decodeEntry() returns what was encoded", () => {
  assertEquals(decodeEntry(encode(FULL)), FULL);
  const least: Entry = {
    format: 2,
    node: "a",
    incarnation: "1.",
    batch: 1,
    drafts: [],
    changes: [],
  };
  assertEquals(decodeEntry(encode(least)), least);
});

Deno.test("draftJson() leaves out what is no part of a draft", () => {
  const draft = { ...FULL.drafts[0], id: 5, seq: 3, surprise: true } as Draft;
  assertEquals(JSON.parse(draftJson(draft)), FULL.drafts[0]);
});

Deno.test("decodeEntry() refuses a later format with a sentence that says what to do", () => {
  assertThrows(
    () => decodeEntry(encodeJson({ ...FULL, format: 3 })),
    EntryFormatError,
    "An entry has format 3, and this version reads up to 2. It may come from a newer version of " +
      "Partyline: update this node",
  );
});

Deno.test("decodeEntry() reads the entries that were in the stream before an update", () => {
  const before = { ...FULL, format: 1 };
  assertEquals<unknown>(decodeEntry(encodeJson(before)), before);
});

Deno.test("encodeEntry() writes a format that stops older nodes, which would diverge", () => {
  const text = new TextDecoder().decode(encode(FULL));
  assertEquals(JSON.parse(text).format, 2);
});

Deno.test("decodeEntry() refuses every unknown field, and names it", () => {
  const [draft] = FULL.drafts;
  const unknown: Record<string, unknown> = {
    "entry.colour": { ...FULL, colour: 1 },
    "entry.drafts[0].colour": { ...FULL, drafts: [{ ...draft, colour: 1 }] },
    "entry.changes[0].colour": { ...FULL, changes: [{ ...FULL.changes[0], colour: 1 }] },
    "entry.hello.colour": { ...FULL, hello: { base: 1, colour: 1 } },
    "entry.gone.colour": { ...FULL, gone: { ...FULL.gone, colour: 1 } },
    "entry.drafts[0].cause.colour": {
      ...FULL,
      drafts: [{ ...draft, cause: { kind: "act", act: "ban", colour: 1 } }],
    },
  };
  for (const [path, value] of Object.entries(unknown)) {
    assertThrows(() => decodeEntry(encodeJson(value)), EntryFormatError, path);
  }
});

Deno.test("decodeEntry() refuses values of another kind", () => {
  const [draft] = FULL.drafts;
  const wrong: unknown[] = [
    null,
    [],
    "entry",
    {},
    { ...FULL, node: 1 },
    { ...FULL, batch: -1 },
    { ...FULL, batch: 1.5 },
    { ...FULL, batch: "1" },
    { ...FULL, drafts: {} },
    { ...FULL, drafts: [null] },
    { ...FULL, drafts: [{ ...draft, kind: "whisper" }] },
    { ...FULL, drafts: [{ ...draft, body: null }] },
    { ...FULL, drafts: [{ ...draft, isUnlogged: false }] },
    { ...FULL, drafts: [{ ...draft, fields: [] }] },
    { ...FULL, drafts: [{ ...draft, cause: { kind: "toString" } }] },
    { ...FULL, drafts: [{ ...draft, state: [{ service: "a", key: "b" }] }] },
    { ...FULL, changes: [{ service: "a", key: "b", value: "c" }] },
    { ...FULL, hello: null },
    { ...FULL, gone: { node: "b" } },
  ];
  for (const value of wrong) {
    assertThrows(() => decodeEntry(encodeJson(value)), EntryFormatError, "An entry has");
  }
});

Deno.test("decodeEntry() refuses an entry that was cut anywhere", () => {
  const bytes = encode(FULL);
  for (let end = 0; end < bytes.length; end++) {
    assertThrows(() => decodeEntry(bytes.slice(0, end)), EntryFormatError);
  }
});

Deno.test("decodeEntry() reads damaged bytes, or refuses them as such", () => {
  const random = new SeededRandom(17);
  const bytes = encode(FULL);
  let refused = 0;
  for (let round = 0; round < 3000; round++) {
    const damaged = bytes.slice();
    for (let count = 1 + random.int(3); count > 0; count--) {
      damaged[random.int(damaged.length)] = random.int(256);
    }
    try {
      decodeEntry(damaged);
    } catch (error) {
      assert(error instanceof EntryFormatError, `${error}`);
      refused++;
    }
  }
  assert(refused > 1000, `${refused} refused`);
});
