/**
 * Texts of rooms in which `no-log` is on. The stream keeps entries for days, so it gets only their
 * places; the texts go to the other nodes beside it, in messages that nobody keeps. One that gets
 * lost is shown as not kept.
 *
 * @module
 */

import type { Courier } from "../domain/courier.ts";
import type { Draft, RoomEvent, RoomEventKind } from "../domain/room_event.ts";
import { loggedForm } from "../domain/unlogged.ts";
import type { Entry } from "./entry.ts";

/** What names an entry. */
export type EntryName = Pick<Entry, "node" | "incarnation" | "batch">;
type Text = Pick<Draft, "from" | "body" | "fields">;

const TOPIC = "unlogged";
/** Joins and the like say who is in which room, which all nodes keep. */
const HIDDEN_KINDS: readonly RoomEventKind[] = ["message", "action", "log", "topic"];
/** The field of a hidden draft that holds its place in the entry. */
const PLACE = "hidden";
/** The most characters of a message, and messages that wait for their entry. */
const MOST_CHARACTERS = 256 * 1024;
const MOST_WAITING = 1000;

/** Whether the stream must not get the text of a draft. */
export function isHidden({ isUnlogged, kind }: Draft): boolean {
  return isUnlogged === true && HIDDEN_KINDS.includes(kind);
}

/** A draft as the stream gets it, at this place of its entry. */
export function withoutText(draft: Draft, place: number): Draft {
  if (!isHidden(draft)) return draft;
  const { about: _about, ...rest } = draft;
  return { ...rest, from: "", body: "", fields: { [PLACE]: place } };
}

export class UnloggedTexts {
  readonly #courier: Pick<Courier, "announce" | "onAnnounced"> | undefined;
  /** By the names of entries, the oldest first. */
  readonly #waiting = new Map<string, readonly (Text | null)[]>();

  /** @param courier Takes the texts to the other nodes. @default {nobody does} */
  constructor(courier?: Pick<Courier, "announce" | "onAnnounced">) {
    this.#courier = courier;
    courier?.onAnnounced(TOPIC, (text) => {
      const { entry, texts } = JSON.parse(text);
      this.#keep(entry, texts);
    });
  }

  /** Sends the hidden texts of an entry ahead of it. */
  send(entry: EntryName, drafts: readonly Draft[]): void {
    if (!drafts.some(isHidden)) return;
    const texts = textsOf(drafts);
    this.#keep(nameOf(entry), texts);
    const text = JSON.stringify({ entry: nameOf(entry), texts });
    if (text.length <= MOST_CHARACTERS) this.#courier?.announce(TOPIC, text);
  }

  /** The events of an entry with their texts, as far as those have come. */
  restore(entry: EntryName, events: readonly RoomEvent[]): readonly RoomEvent[] {
    if (!events.some(isHidden)) return events;
    const name = nameOf(entry);
    const texts = this.#waiting.get(name) ?? [];
    this.#waiting.delete(name);
    return events.map((event) => {
      if (!isHidden(event)) return event;
      const text = texts[Number(event.fields?.[PLACE])];
      return text ? { ...event, fields: undefined, ...text } : loggedForm(event);
    });
  }

  #keep(name: string, texts: readonly (Text | null)[]): void {
    this.#waiting.set(name, texts);
    if (this.#waiting.size <= MOST_WAITING) return;
    const [oldest] = this.#waiting.keys();
    this.#waiting.delete(oldest);
  }
}

function textsOf(drafts: readonly Draft[]): (Text | null)[] {
  return drafts.map((draft) => {
    const { from, body, fields } = draft;
    return isHidden(draft) ? { from, body, ...(fields && { fields }) } : null;
  });
}

function nameOf({ node, incarnation, batch }: EntryName): string {
  return `${node} ${incarnation} ${batch}`;
}
