/**
 * The contract of handlers of WebSocket messages, and what those of one client share.
 *
 * @module
 */

import type { ChatSession } from "../../service/chat/chat_session.ts";
import type { Fields } from "../fields.ts";
import type { WebSocketPeer } from "../http/web_socket.ts";
import type { Ref } from "../protocol.ts";
import type { WebContext } from "./web_context.ts";
import type { WebScreen } from "./web_screen.ts";

/** Handles messages of one type. */
export type Handler = (fields: Fields, ref: Ref | undefined) => Promise<void> | void;

/** Handlers by the type of message. */
export type Handlers = Readonly<Record<string, Handler>>;

/** One client. */
export interface HandlerContext {
  readonly web: WebContext;
  readonly socket: WebSocketPeer;
  readonly screen: WebScreen;
  readonly person: ChatSession;
}
