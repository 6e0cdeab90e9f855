/**
 * The client of `/ws`: speaks the protocol, reconnects when the connection breaks, and reports
 * changes. It does not use the DOM, so tests can run it against a real server.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import type {
  ClientMessage,
  HistoryAnswer,
  HistoryRequest,
  Ref,
  RoomJson,
  SearchAnswer,
  SearchRequest,
  ServerMessage,
} from "../protocol.ts";
import type { ClientChange } from "./change.ts";
import { ClientState } from "./client_state.ts";
import { ReconnectingConnection, type Status } from "./reconnecting_connection.ts";
import type { SavedSession } from "./saved_session.ts";
import { RequestError, Requests } from "./requests.ts";
import type { RoomState } from "./room_state.ts";
import { MessageSender } from "./message_sender.ts";

export interface ClientOptions {
  /** `ws://HOST/ws` */
  readonly url: string;
  /** `(url) => new WebSocket(url)` in the page. */
  readonly openSocket: (url: string) => WebSocket;
  readonly clock: Clock;
  /** For the jitter of reconnects. */
  readonly random: () => number;
  /** The state saved before the tab was reloaded. */
  readonly remembered?: SavedSession;
  /** Called after each change. */
  onChange(change: ClientChange): void;
}

type Unnumbered<Request> = Omit<Request, "type" | "ref">;

export class Client {
  readonly state: ClientState;
  readonly sender: MessageSender;
  readonly #onChange: (change: ClientChange) => void;
  readonly #connection: ReconnectingConnection;
  readonly #requests = new Requests();
  /** Pending commands and the rooms in which they were given. */
  readonly #commandRooms = new Map<Ref, string | undefined>();

  constructor(options: ClientOptions) {
    this.#onChange = options.onChange;
    this.state = new ClientState(options.remembered ?? { rooms: [], unsent: [] });
    const { url, openSocket, clock, random } = options;
    this.#connection = new ReconnectingConnection({
      url,
      openSocket,
      clock,
      random,
      hello: () => this.state.hello(),
      onMessage: (message) => this.#received(message),
      onStatus: () => this.#statusChanged(),
      onLost: () => {
        this.state.unsent.disconnected();
        this.#requests.rejectAll(disconnected());
      },
    });
    this.sender = new MessageSender({
      state: this.state,
      isLive: () => this.status.type === "live",
      send: (message) => this.#connection.send(message),
      history: (request) => this.history(request),
      onChange: () => this.#onChange({ type: "unsent" }),
    });
  }

  get status(): Status {
    return this.#connection.status;
  }

  /** Connects under a name, or under another one after the server refused the first. */
  start(name: string): void {
    this.state.name = name;
    this.#connection.start();
  }

  /** Checks that the server still answers; if waiting to reconnect, reconnects now. */
  check(): void {
    this.#connection.check();
  }

  /** Disconnects and does not reconnect. */
  stop(): void {
    this.#connection.stop();
    this.#requests.rejectAll(disconnected());
  }

  /** Runs a command and resolves when it is done. Its output arrives as notices. */
  async command(line: string, room?: string): Promise<void> {
    const ref = this.#requests.nextRef();
    this.#commandRooms.set(ref, room);
    try {
      await this.#ask({ type: "command", ref, line, room });
    } finally {
      this.#commandRooms.delete(ref);
    }
  }

  /** @throws {RequestError} like all requests, if the server refuses or the connection is lost. */
  join(room: string): Promise<void> {
    return this.#request({ type: "join", room });
  }

  leave(room: string): Promise<void> {
    return this.#request({ type: "leave", room });
  }

  sendPrivate(to: string, body: string): Promise<void> {
    return this.#request({ type: "private", to, body });
  }

  history(request: Unnumbered<HistoryRequest>): Promise<HistoryAnswer> {
    return this.#request({ type: "history", ...request });
  }

  search(request: Unnumbered<SearchRequest>): Promise<SearchAnswer> {
    return this.#request({ type: "search", ...request });
  }

  async listRooms(): Promise<readonly RoomJson[]> {
    return (await this.#request<{ rooms: readonly RoomJson[] }>({ type: "rooms" })).rooms;
  }

  /** Marks everything received in a room as read. */
  markRead(room: RoomState): void {
    if (room.markRead()) this.#onChange({ type: "room", room });
  }

  /** Tells the server that a conversation has been read up to number `seq`. */
  readConversation(room: string, seq: number): void {
    if (this.status.type === "live") this.#connection.send({ type: "read", room, seq });
  }

  #request<Answer>(message: ClientMessage): Promise<Answer> {
    return this.#ask({ ...message, ref: this.#requests.nextRef() });
  }

  #ask<Answer>(message: ClientMessage): Promise<Answer> {
    if (this.status.type !== "live" && this.status.type !== "catchingUp") {
      return Promise.reject(disconnected());
    }
    const answer = this.#requests.wait<Answer>(message.ref!);
    this.#connection.send(message);
    return answer;
  }

  #received(message: ServerMessage): void {
    if (message.type === "notice") return this.#notice(message.text, message.ref);
    if (message.type === "error") return this.#refused(message.code, message.text, message.ref);
    const change = this.state.receive(message);
    if (change) this.#onChange(change);
    if ("ref" in message) this.#requests.resolve(message.ref, message);
  }

  #notice(text: string, ref: Ref | undefined, isError = false): void {
    const room = ref === undefined ? undefined : this.#commandRooms.get(ref);
    this.#onChange({ type: "notice", text, isError, ref, room });
  }

  #refused(code: string, text: string, ref: Ref | undefined): void {
    if (ref !== undefined && this.#commandRooms.has(ref)) return this.#notice(text, ref, true);
    if (this.#requests.reject(ref, new RequestError(code, text))) return;
    if (this.state.unsent.refused(String(ref), text)) this.#onChange({ type: "unsent" });
    else this.#notice(text, ref, true);
  }

  #statusChanged(): void {
    this.#onChange({ type: "status" });
    if (this.status.type === "live") this.sender.caughtUp();
  }
}

function disconnected(): RequestError {
  return new RequestError(
    "disconnected",
    "The connection was lost. Try again once you're back online.",
  );
}
