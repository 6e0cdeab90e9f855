/**
 * A private conversation. It is not saved anywhere, so it lasts only as long as the tab.
 *
 * @module
 */

import type { PrivateJson } from "../protocol.ts";
import { MessageView } from "./message_view.ts";
import { RequestError } from "./requests.ts";
import { Timeline } from "./timeline.ts";

export class PrivateConversation {
  /** The other person. */
  readonly name: string;
  readonly view: MessageView;
  unread = 0;
  readonly #timeline = new Timeline(0);

  constructor(name: string, onChange: () => void) {
    this.name = name;
    const history = () =>
      Promise.reject(new RequestError("no-history", "Private messages are not saved."));
    this.view = new MessageView(name, this.#timeline, { history, onChange });
  }

  /** Adds a message of either side, numbered only for its position in the list. */
  receive({ from, at, body }: PrivateJson): void {
    const seq = this.#timeline.lastSeq + 1;
    this.#timeline.receive([{ id: seq, room: "", seq, at, kind: "message", from, body }]);
  }
}
