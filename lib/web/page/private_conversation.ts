/**
 * What two people write to each other. It is kept nowhere, so it begins and ends with the tab.
 *
 * @module
 */

import type { PrivateJson } from "../protocol.ts";
import { MessageView } from "./message_view.ts";
import { RequestError } from "./requests.ts";
import { Timeline } from "./timeline.ts";

export class PrivateConversation {
  /** The other one. */
  readonly name: string;
  readonly view: MessageView;
  unread = 0;
  readonly #timeline = new Timeline(0);

  constructor(name: string, onChange: () => void) {
    this.name = name;
    const history = () => Promise.reject(new RequestError("no-history", "It is kept nowhere."));
    this.view = new MessageView(name, this.#timeline, { history, onChange });
  }

  /** Takes a message of either side; the numbers are for its place in the list only. */
  receive({ from, at, body }: PrivateJson): void {
    const seq = this.#timeline.lastSeq + 1;
    this.#timeline.receive([{ id: seq, room: "", seq, at, kind: "message", from, body }]);
  }
}
