/**
 * Serves a service of lines over WebSockets, with the limits that it has on other ports.
 *
 * @module
 */

import type { ConversationOptions } from "../server/connections/conversation.ts";
import { LineSplitter } from "../server/framing/line_framer.ts";
import type { Service } from "../server/session/service.ts";
import { Session } from "../server/session/session.ts";
import type { WebSocketPeer } from "./http/web_socket.ts";
import { WebSocketLines, type WebSocketLinesOptions } from "./web_socket_lines.ts";

export class LineSocket {
  readonly #service: Service;
  readonly #splitter = new LineSplitter();

  constructor(service: Service) {
    this.#service = service;
  }

  /** Serves a WebSocket until the session ends. */
  async serve(
    socket: WebSocketPeer,
    options: WebSocketLinesOptions & { readonly conversation: ConversationOptions },
  ): Promise<void> {
    const service = this.#service;
    const { conversation } = options;
    const session = new Session(new WebSocketLines(socket, options), socket.context, {
      ...conversation,
      // Its bytes are counted once, as those of the WebSocket.
      traffic: undefined,
      guard: service.isFloodControlled ? conversation.guard : undefined,
      // A pong is enough of an answer.
      probes: { isReachable: (_, __, onDoubt) => socket.isReachable(onDoubt) },
      splitter: this.#splitter,
      maxLineBytes: service.maxLineBytes,
      http: "none",
      offersTelnet: false,
      keepsTelnet: true,
      isForPrograms: service.isForPrograms,
      phrase: service.phrase && ((line) => service.phrase!(line)),
      isUncounted: service.isUncounted && ((line) => service.isUncounted!(line)),
    });
    socket.onStop = (farewell) => session.stop(`* ${farewell}`);
    socket.onCheck = () => session.check();
    await session.run(() => service.serve(session));
  }
}
