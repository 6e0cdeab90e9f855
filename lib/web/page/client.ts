/**
 * The client of `/ws`: all that the page does with the server, without a page. It speaks the
 * protocol, comes back when the connection breaks, and tells of changes. It touches no DOM, so that
 * the tests run it against the real server.
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
import { Link, type Status } from "./link.ts";
import type { SavedSession } from "./saved_session.ts";
import { RequestError, Requests } from "./requests.ts";
import type { RoomState } from "./room_state.ts";
import { Speaker } from "./speaker.ts";

export interface ClientOptions {
  /** `ws://HOST/ws` */
  readonly url: string;
  /** `(url) => new WebSocket(url)` in the page. */
  readonly openSocket: (url: string) => WebSocket;
  readonly clock: Clock;
  /** For the jitter of reconnects. */
  readonly random: () => number;
  /** What {@linkcode Client.state} remembered when the tab was last open. */
  readonly remembered?: SavedSession;
  /** Called after what it tells of has happened. */
  onChange(change: ClientChange): void;
}

type Unnumbered<Request> = Omit<Request, "type" | "ref">;

export class Client {
  readonly state: ClientState;
  /** Says things, and knows what nobody has heard yet. */
  readonly speaker: Speaker;
  readonly #onChange: (change: ClientChange) => void;
  readonly #link: Link;
  readonly #requests = new Requests();
  /** Where the commands under way were given. */
  readonly #commandRooms = new Map<Ref, string | undefined>();

  constructor(options: ClientOptions) {
    this.#onChange = options.onChange;
    this.state = new ClientState(options.remembered ?? { rooms: [], unsent: [] });
    const { url, openSocket, clock, random } = options;
    this.#link = new Link({
      url,
      openSocket,
      clock,
      random,
      hello: () => this.state.hello(),
      onMessage: (message) => this.#received(message),
      onStatus: () => this.#statusChanged(),
      onLost: () => {
        this.state.unsent.disconnected();
        this.#requests.refuseAll(disconnected());
      },
    });
    this.speaker = new Speaker({
      state: this.state,
      isLive: () => this.status.type === "live",
      send: (message) => this.#link.send(message),
      history: (request) => this.history(request),
      onChange: () => this.#onChange({ type: "unsent" }),
    });
  }

  get status(): Status {
    return this.#link.status;
  }

  /** Connects under a name; after a refusal, under another one. */
  start(name: string): void {
    this.state.name = name;
    this.#link.start();
  }

  /** Asks whether the server is still there; if it is waited for, tries again now. */
  check(): void {
    this.#link.check();
  }

  /** Leaves for good. */
  stop(): void {
    this.#link.stop();
    this.#requests.refuseAll(disconnected());
  }

  /** Runs a command; what it says comes as notices. Resolves when it is done. */
  async command(line: string, room?: string): Promise<void> {
    const ref = this.#requests.nextRef();
    this.#commandRooms.set(ref, room);
    try {
      await this.#ask({ type: "command", ref, line, room });
    } finally {
      this.#commandRooms.delete(ref);
    }
  }

  /** @throws {RequestError} as all below, if the server refuses or the connection is lost. */
  join(room: string): Promise<void> {
    return this.#request({ type: "join", room });
  }

  leave(room: string): Promise<void> {
    return this.#request({ type: "leave", room });
  }

  /** Writes to one person. */
  tell(to: string, body: string): Promise<void> {
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

  /** All that has come in a room was looked at. */
  markRead(room: RoomState): void {
    if (room.markRead()) this.#onChange({ type: "room", room });
  }

  #request<Answer>(message: ClientMessage): Promise<Answer> {
    return this.#ask({ ...message, ref: this.#requests.nextRef() });
  }

  #ask<Answer>(message: ClientMessage): Promise<Answer> {
    if (this.status.type !== "live" && this.status.type !== "catchingUp") {
      return Promise.reject(disconnected());
    }
    const answer = this.#requests.wait<Answer>(message.ref!);
    this.#link.send(message);
    return answer;
  }

  #received(message: ServerMessage): void {
    if (message.type === "notice") return this.#notice(message.text, message.ref);
    if (message.type === "error") return this.#refused(message.code, message.text, message.ref);
    const change = this.state.receive(message);
    if (change) this.#onChange(change);
    if ("ref" in message) this.#requests.answer(message.ref, message);
  }

  #notice(text: string, ref: Ref | undefined, isError = false): void {
    const room = ref === undefined ? undefined : this.#commandRooms.get(ref);
    this.#onChange({ type: "notice", text, isError, ref, room });
  }

  #refused(code: string, text: string, ref: Ref | undefined): void {
    if (ref !== undefined && this.#commandRooms.has(ref)) return this.#notice(text, ref, true);
    if (this.#requests.refuse(ref, new RequestError(code, text))) return;
    if (this.state.unsent.refused(String(ref), text)) this.#onChange({ type: "unsent" });
    else this.#notice(text, ref, true);
  }

  #statusChanged(): void {
    this.#onChange({ type: "status" });
    if (this.status.type === "live") this.speaker.caughtUp();
  }
}

function disconnected(): RequestError {
  return new RequestError("disconnected", "The connection was lost. Try again when it is back.");
}
