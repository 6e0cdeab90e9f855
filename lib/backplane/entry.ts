/**
 * Entries of the stream that gives the nodes of a cluster one order: what one node wants done, in
 * JSON. All nodes must read the same in an entry, so one that is not understood whole is refused.
 *
 * @module
 */

import { type Cause, type Draft, ROOM_EVENT_KINDS } from "../domain/room_event.ts";
import type { ConditionalSetting, StateSetting } from "../domain/state_store.ts";

/** One run of the program as a node. */
export interface NodeRun {
  /** The name of the node. */
  readonly node: string;
  /** Tells the runs of one node apart; see `incarnation.ts`. */
  readonly incarnation: string;
}

/**
 * The format that this version writes. It is also raised when the same entry gets a different
 * outcome, so that older nodes stop instead of diverging. Since 2, temporary roles end at all nodes
 * when their holder leaves, and an act in an empty room is rejected.
 */
const FORMAT = 2;
const FORMATS: readonly unknown[] = [1, FORMAT];

export interface Entry extends NodeRun {
  readonly format: 1 | typeof FORMAT;
  /** The place of the entry in its run, from 1 without gaps; 1 is the `hello`. */
  readonly batch: number;
  readonly drafts: readonly Draft[];
  /** They are made before the drafts become events. */
  readonly changes: readonly ConditionalSetting[];
  /** Begins a run, and ends the one before it of the same node. */
  readonly hello?: {
    /** The highest id in the log of the node; of the first entry, where the stream begins. */
    readonly base: number;
    /** A hash of the state that the node had before its first entry, if it had any; only there. */
    readonly state?: string;
  };
  /** Ends the run of another node. */
  readonly gone?: NodeRun;
}

/** An entry, or part of one, that this version of the program does not understand. */
export class EntryFormatError extends Error {
  override readonly name = "EntryFormatError";

  constructor(what: string) {
    super(`${what}. It may come from a newer version of Partyline: update this node`);
  }
}

/** The longest text of a draft's kind, and the like, that a sentence quotes. */
const QUOTED_CHARACTERS = 40;

/** A draft as it stands in an entry. Unknown properties are left out. */
export function draftJson(draft: Draft): string {
  const { room, kind, from, body, fields, via, origin, isUnlogged } = draft;
  const { state, cause, about } = draft;
  const known = { room, kind, from, body, fields, via, origin, isUnlogged };
  if (!state && !cause && !about) return JSON.stringify(known);
  return JSON.stringify({ ...known, state: state?.map(plainSetting), cause, about });
}

/** A change as it stands in an entry. */
export function changeJson(change: ConditionalSetting): string {
  return JSON.stringify(plainSetting(change));
}

/**
 * @param drafts The drafts as {@linkcode draftJson} gives them.
 * @param changes The changes as {@linkcode changeJson} gives them.
 */
export function encodeEntry(
  { node, incarnation, batch, hello, gone }: Omit<Entry, "format" | "drafts" | "changes">,
  drafts: readonly string[],
  changes: readonly string[],
): Uint8Array<ArrayBuffer> {
  const head = JSON.stringify({ format: FORMAT, node, incarnation, batch, hello, gone });
  const text = `${head.slice(0, -1)},"drafts":[${drafts.join()}],"changes":[${changes.join()}]}`;
  return new TextEncoder().encode(text);
}

/** @throws {EntryFormatError} if it is not an entry, or has a part that this version lacks. */
export function decodeEntry(bytes: Uint8Array): Entry {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    throw new EntryFormatError("An entry is not valid JSON");
  }
  const { format } = isRecord(value) ? value : {};
  if (!FORMATS.includes(format)) {
    const latest = `this version reads up to ${FORMAT}`;
    throw new EntryFormatError(`An entry has format ${quote(format)}, and ${latest}`);
  }
  check(value, entryShape, "entry");
  return value as Entry;
}

type Test = (value: unknown, path: string) => void;
interface Shape {
  readonly required: Readonly<Record<string, Test>>;
  readonly optional?: Readonly<Record<string, Test>>;
}

const text: Test = (value, path) => expect(typeof value === "string", value, path);
const textOrNull: Test = (value, path) =>
  expect(value === null || typeof value === "string", value, path);
const count: Test = (value, path) =>
  expect(Number.isSafeInteger(value) && (value as number) >= 0, value, path);
const only = (...values: readonly unknown[]): Test => (value, path) =>
  expect(values.includes(value), value, path);
const shape = (shape: Shape): Test => (value, path) => check(value, shape, path);
const list = (item: Test): Test => (value, path) => {
  expect(Array.isArray(value), value, path);
  (value as unknown[]).forEach((each, index) => item(each, `${path}[${index}]`));
};

const setting = { service: text, key: text, value: textOrNull };
const causes: Readonly<Record<Cause["kind"], Shape>> = {
  quit: { required: { kind: text, rooms: count }, optional: { isOwn: only(true) } },
  nick: { required: { kind: text, rooms: count } },
  kick: { required: { kind: text, by: text, reason: text } },
  act: { required: { kind: text, act: text } },
  move: { required: { kind: text, to: text } },
};
const cause: Test = (value, path) => {
  const { kind } = isRecord(value) ? value : {};
  expect(typeof kind === "string" && Object.hasOwn(causes, kind), value, path);
  check(value, causes[kind as Cause["kind"]], path);
};
const draftShape: Shape = {
  required: { room: text, kind: only(...ROOM_EVENT_KINDS), from: text, body: text },
  optional: {
    // A record of anything: it is stored and shown as it is.
    fields: (value, path) => expect(isRecord(value), value, path),
    via: text,
    // Below zero for acts of moderation.
    origin: (value, path) => expect(Number.isSafeInteger(value), value, path),
    isUnlogged: only(true),
    state: list(shape({ required: setting, optional: { was: textOrNull } })),
    cause,
    about: shape({ required: { kind: only(...ROOM_EVENT_KINDS), from: text, body: text } }),
  },
};
const run = { node: text, incarnation: text };
const helloShape = shape({ required: { base: count }, optional: { state: text } });
const entryShape: Shape = {
  required: {
    format: only(...FORMATS),
    ...run,
    batch: count,
    drafts: list(shape(draftShape)),
    changes: list(shape({ required: { ...setting, was: textOrNull } })),
  },
  optional: { hello: helloShape, gone: shape({ required: run }) },
};

function check(value: unknown, { required, optional = {} }: Shape, path: string): void {
  if (!isRecord(value)) throw invalid(value, path);
  for (const name in required) required[name](value[name], `${path}.${name}`);
  for (const name in value) {
    if (Object.hasOwn(required, name)) continue;
    if (!Object.hasOwn(optional, name)) {
      throw new EntryFormatError(`An entry has an unknown field ${quote(`${path}.${name}`)}`);
    }
    optional[name](value[name], `${path}.${name}`);
  }
}

function expect(isRight: boolean, value: unknown, path: string): void {
  if (!isRight) throw invalid(value, path);
}

function invalid(value: unknown, path: string): EntryFormatError {
  return new EntryFormatError(`An entry has ${quote(value)} as ${path}`);
}

function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > QUOTED_CHARACTERS ? `${text.slice(0, QUOTED_CHARACTERS)}…` : text;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function plainSetting(setting: StateSetting | ConditionalSetting): typeof setting {
  const { service, key, value } = setting;
  return "was" in setting ? { service, key, value, was: setting.was } : { service, key, value };
}
