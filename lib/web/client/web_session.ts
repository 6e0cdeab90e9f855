/**
 * A WebSocket client from hello to goodbye: takes its messages, and has each handled.
 * `lib/web/README.md` documents the protocol.
 *
 * @module
 */

import { log } from "../../log.ts";
import { ChatMember } from "../../service/chat/chat_member.ts";
import { ChatSession } from "../../service/chat/chat_session.ts";
import { DigestReader } from "../../service/chat/rooms/digest_reader.ts";
import { SayReceipts } from "../../service/chat/speech/receipts.ts";
import { FieldError, Fields } from "../fields.ts";
import { toErrorMessage } from "../http/problem.ts";
import type { WebSocketPeer } from "../http/web_socket.ts";
import type { Ref } from "../protocol.ts";
import { accountHandlers } from "./account_handlers.ts";
import type { Handler } from "./handler.ts";
import { HelloHandler } from "./hello_handler.ts";
import { queryHandlers } from "./query_handlers.ts";
import { RoomMarks } from "./room_marks.ts";
import { speechHandlers } from "./speech_handlers.ts";
import type { WebContext } from "./web_context.ts";
import { WebRooms } from "./web_rooms.ts";
import { WebScreen } from "./web_screen.ts";
import type { Replaceable } from "./web_sessions.ts";

export class WebSession implements Replaceable {
  readonly person: ChatSession;
  readonly #socket: WebSocketPeer;
  readonly #screen: WebScreen;
  readonly #marks: RoomMarks;
  readonly #hello: HelloHandler;
  readonly #handlers: ReadonlyMap<string, Handler>;

  constructor(socket: WebSocketPeer, web: WebContext) {
    this.#socket = socket;
    const { chat, digests, frames, people } = web;
    const member = new ChatMember(socket.context, chat.firstOrigin);
    const account = () => chat.accounts.find(member.account ?? "");
    const marks = this.#marks = new RoomMarks(web.clock);
    const screen = this.#screen = new WebScreen({ socket, frames, people, account, marks }, member);
    const reader = new DigestReader({ ...chat, digests, member, screen });
    const person = this.person = new ChatSession({ chat, member, screen, reader });
    person.speech.receipts = new SayReceipts();
    const context = { web, socket, screen, person };
    const rooms = new WebRooms(context, marks);
    const hello = this.#hello = new HelloHandler(context, rooms, this);
    this.#handlers = new Map(
      Object.entries({
        hello: (fields: Fields, ref: Ref | undefined) => hello.handle(fields, ref),
        ...accountHandlers(context),
        ...rooms.handlers,
        ...speechHandlers(context, rooms),
        ...queryHandlers(context),
      }),
    );
  }

  /** Serves the client until its messages end. */
  async run(): Promise<void> {
    const socket = this.#socket;
    this.#hello.awaitHello();
    socket.onStop = (farewell) => {
      this.#screen.send({ type: "bye", text: farewell });
    };
    try {
      for await (const text of socket.messages()) {
        await this.#handle(text);
        if (socket.isEnded) return;
      }
    } catch (error) {
      log("web").error("WebSocket session failed: {error}", { error });
      socket.close(1011, "Internal error");
    } finally {
      this.#hello.end();
      await this.person.depart("");
      await this.#marks.store(this.person);
    }
  }

  async giveWay(): Promise<void> {
    this.#screen.end("You are now connected from another window or device.", true);
    await this.person.depart("");
  }

  async #handle(text: string): Promise<void> {
    let ref: Ref | undefined;
    if (!isPing(text)) await this.#socket.pace();
    try {
      const fields = Fields.ofJson(text);
      ref = fields.ref();
      const type = fields.text("type");
      // A client that does not read its answers gets no further ones.
      if (this.#socket.isEnded || !await this.#screen.ready()) return;
      this.#screen.request = { ref };
      await this.#handlerOf(type)(fields, ref);
    } catch (error) {
      this.#screen.answer(toErrorMessage(error, ref));
    } finally {
      this.#screen.request = {};
    }
  }

  #handlerOf(type: string): Handler {
    const handler = this.#handlers.get(type);
    if (!handler) {
      throw new FieldError(`Unknown message type "${type.slice(0, 40)}".`);
    }
    const isKnown = this.person.nickname !== "";
    if (!isKnown && type !== "hello" && type !== "ping") {
      throw new FieldError("Say hello first.");
    }
    if (isKnown && type === "hello") throw new FieldError("You have already said hello.");
    return handler;
  }
}

/** A ping in any other spelling is only slower. */
function isPing(text: string): boolean {
  return text.startsWith('{"type":"ping"');
}
