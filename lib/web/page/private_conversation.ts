/**
 * A private conversation. Between two accounts the server keeps it; otherwise it lasts only as long
 * as the tab.
 *
 * @module
 */

import type { ConversationJson, EventJson, PrivateJson } from "../protocol.ts";
import { MessageView, type MessageViewOptions } from "./message_view.ts";
import { RequestError } from "./requests.ts";
import { Timeline } from "./timeline.ts";

type Line = Pick<PrivateJson, "from" | "at" | "body">;
type KeptLine = Line & Pick<PrivateJson, "id" | "seq" | "reply" | "about">;

/** A conversation as saved across reloads of its tab. */
export interface SavedConversation {
  readonly name: string;
  readonly unread: number;
  /** The latest. */
  readonly lines: readonly Line[];
}

/** The latest messages and characters saved of a conversation: a tab can save a few megabytes. */
const MAX_SAVED = 100;
const MAX_CHARACTERS = 50_000;

export interface PrivateConversationOptions extends Pick<MessageViewOptions, "onChange"> {
  readonly history: MessageViewOptions["history"];
}

export class PrivateConversation {
  /** The other person. */
  readonly name: string;
  /** The room of the two; absent if nothing is kept. */
  readonly room: string | undefined;
  readonly view: MessageView;
  unread = 0;
  /** Number of the last event that was read, of a conversation that is kept. */
  read = 0;
  readonly #timeline: Timeline;
  #saved: SavedConversation | undefined;

  /** @param kept What the server knows of it, if it keeps it. */
  constructor(
    name: string,
    { history, onChange }: PrivateConversationOptions,
    kept?: Pick<ConversationJson, "room" | "lastSeq">,
  ) {
    this.name = name;
    this.room = kept?.room;
    this.#timeline = new Timeline(kept?.lastSeq ?? 0);
    this.view = new MessageView(name, this.#timeline, {
      history: (request) =>
        kept
          ? history({ ...request, room: kept.room })
          : Promise.reject(new RequestError("no-history", "Private messages are not saved.")),
      onChange,
    });
  }

  /** Number of the last message received. */
  get lastSeq(): number {
    return this.#timeline.live;
  }

  /** Takes over what the server knows of it, after connecting. */
  update({ lastSeq, read, unread }: ConversationJson): void {
    if (lastSeq > this.#timeline.live) this.#timeline.skipTo(lastSeq);
    this.read = read;
    this.unread = unread;
  }

  /**
   * Adds a message of either side. One that is not kept is numbered only for its position in the
   * list.
   *
   * @returns Whether it is new.
   */
  receive(
    { from, at, body, id, seq = this.#timeline.lastSeq + 1, reply, about }: KeptLine,
  ): boolean {
    const event = { id: id ?? seq, room: this.room ?? "", seq, at, from, body, reply, about };
    this.#saved = undefined;
    return this.#timeline.receive([{ ...event, kind: "message" }]).length > 0;
  }

  /** Adds an event of a conversation that is kept. */
  add(event: EventJson): void {
    this.#timeline.receive([event]);
  }

  /** What to save. The same object until something changes. */
  get saved(): SavedConversation {
    const { name, unread } = this;
    if (this.#saved?.unread !== unread) this.#saved = { name, unread, lines: this.#latest() };
    return this.#saved;
  }

  #latest(): Line[] {
    const lines: Line[] = [];
    let characters = 0;
    for (const { from, at, body } of this.#timeline.events.slice(-MAX_SAVED).toReversed()) {
      characters += body.length;
      if (characters > MAX_CHARACTERS) break;
      lines.unshift({ from, at, body });
    }
    return lines;
  }
}

/** Parses saved conversations; none if there are none or another version wrote them. */
export function parseConversations(text: string | null): readonly SavedConversation[] {
  try {
    const saved = JSON.parse(text ?? "[]");
    return Array.isArray(saved) && saved.every(isConversation) ? saved : [];
  } catch {
    return [];
  }
}

function isConversation({ name, unread, lines }: SavedConversation): boolean {
  return typeof name === "string" && Number.isSafeInteger(unread) && Array.isArray(lines) &&
    lines.every(({ from, at, body }: Line) =>
      [from, at, body].every((text) => typeof text === "string")
    );
}
