/**
 * The contract of what a web port serves, as its connections see it.
 *
 * @module
 */

import type { RequestHead } from "../../codec/http_head.ts";
import type { ConnectionContext } from "../../context.ts";
import type { ConversationOptions } from "../../server/connections/conversation.ts";
import type { ByteConnection } from "../../transport/connection.ts";
import type { WebSocketPeer } from "./web_socket.ts";

/** Answers the requests of a web port. */
export interface Site {
  /** Answers a request; never rejects. */
  answer(request: Request, context: ConnectionContext): Promise<Response>;
  /** Largest body that the request may have, in bytes. */
  maxBodyBytes(head: RequestHead): number;
  /** Refuses a request that will be refused whatever its body is. @throws {Problem} */
  checkHead(head: RequestHead): void;
  /** Takes a request that may become a WebSocket. @throws {Problem} */
  acceptSocket(head: RequestHead): AcceptedSocket;
}

/** How a WebSocket is served. */
export interface AcceptedSocket {
  /** The subprotocol agreed on, if any. */
  readonly subprotocol?: string;
  /** Whether binary messages are taken. @default {false} */
  readonly takesBinary?: boolean;
  /**
   * Serves it until its messages end.
   *
   * @param connection What it runs over, which must not be used.
   */
  converse(
    socket: WebSocketPeer,
    connection: ByteConnection,
    options: ConversationOptions,
  ): Promise<void>;
}
