/**
 * A private conversation. The server does not save it, so it lasts only as long as the tab.
 *
 * @module
 */

import type { PrivateJson } from "../protocol.ts";
import { MessageView } from "./message_view.ts";
import { RequestError } from "./requests.ts";
import { Timeline } from "./timeline.ts";

type Line = Pick<PrivateJson, "from" | "at" | "body">;

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

export class PrivateConversation {
  /** The other person. */
  readonly name: string;
  readonly view: MessageView;
  unread = 0;
  readonly #timeline = new Timeline(0);
  #saved: SavedConversation | undefined;

  constructor(name: string, onChange: () => void) {
    this.name = name;
    const history = () =>
      Promise.reject(new RequestError("no-history", "Private messages are not saved."));
    this.view = new MessageView(name, this.#timeline, { history, onChange });
  }

  /** Adds a message of either side, numbered only for its position in the list. */
  receive({ from, at, body }: Line): void {
    const seq = this.#timeline.lastSeq + 1;
    this.#timeline.receive([{ id: seq, room: "", seq, at, kind: "message", from, body }]);
    this.#saved = undefined;
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
