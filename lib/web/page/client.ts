/**
 * The client of `/ws`: speaks the protocol, reconnects when the connection breaks, and reports
 * changes. It does not use the DOM, so tests can run it against a real server.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import type {
  HistoryAnswer,
  HistoryRequest,
  JoinedMessage,
  MissedAnswer,
  MissedJson,
  MissedRequest,
  PinJson,
  PinsAnswer,
  Ref,
  RoomJson,
  RoomSettingsAnswer,
  SearchAnswer,
  SearchRequest,
  ServerMessage,
} from "../protocol.ts";
import type { ClientChange } from "./change.ts";
import { ClientState } from "./client_state.ts";
import { CommandRequests } from "./command_requests.ts";
import { type Credentials, KeptCredentials } from "./credentials.ts";
import type { KeptPreferences } from "./preferences.ts";
import { ReadReporter } from "./read_reporter.ts";
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
  readonly #reader: ReadReporter;
  readonly #requests: Requests;
  readonly #commands: CommandRequests;
  /** Not part of the state, which is saved. */
  readonly #credentials = new KeptCredentials();

  constructor(options: ClientOptions) {
    this.#onChange = options.onChange;
    this.state = new ClientState(options.remembered ?? { rooms: [], unsent: [] });
    const { url, openSocket, clock, random } = options;
    this.#connection = new ReconnectingConnection({
      url,
      openSocket,
      clock,
      random,
      hello: () => ({ ...this.state.hello(), ...this.#credentials.of(this.state.name) }),
      onMessage: (message) => this.#received(message),
      onStatus: () => this.#statusChanged(),
      onLost: () => {
        this.state.unsent.disconnected();
        this.#requests.disconnected();
      },
    });
    const requests = this.#requests = new Requests({
      isConnected: () => this.status.type === "live" || this.status.type === "catchingUp",
      send: (message) => this.#connection.send(message),
    });
    const { onChange: onNotice } = options;
    this.#commands = new CommandRequests({ requests, onNotice });
    this.#reader = new ReadReporter({
      clock,
      isOn: () => this.status.type === "live" && this.state.account !== undefined,
      send: (message) => this.#connection.send(message),
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

  /** What authorizes HTTP requests of this user while connected. */
  get session(): string | undefined {
    return this.status.type === "live" ? this.state.remembered.session : undefined;
  }

  /** Whether HTTP requests need the {@linkcode session} to read what the user may read. */
  get isGuarded(): boolean {
    return this.state.isGuarded || this.state.account !== undefined;
  }

  /**
   * Connects under a name, or under another one after the server refused the first.
   *
   * @param credentials Without them, with those of before.
   */
  start(name: string, credentials?: Credentials): void {
    this.state.name = name;
    if (credentials) this.#credentials.keep(name, credentials);
    if (credentials?.serverPassword !== undefined) this.state.isGuarded = true;
    this.#connection.start();
  }

  /** Checks that the server still answers; if waiting to reconnect, reconnects now. */
  check(): void {
    this.#connection.check();
  }

  /** Disconnects and does not reconnect. */
  stop(): void {
    this.#connection.stop();
    this.#reader.stop();
    this.#requests.disconnected();
  }

  /** Runs a command and resolves when it is done. Its output arrives as notices. */
  command(line: string, room?: string): Promise<void> {
    return this.#commands.run(line, room);
  }

  /** Runs a command and resolves to its output. @throws {RequestError} if it reports an error. */
  act(line: string, room?: string): Promise<string> {
    return this.#commands.collect(line, room);
  }

  /**
   * Resolves to the name of the room, which may have had another one before.
   *
   * @throws {RequestError} like all requests, if the server refuses or the connection is lost.
   */
  async join(name: string, key?: string): Promise<string> {
    const { room } = await this.#requests.ask<JoinedMessage>({ type: "join", room: name, key });
    // To enter again after the connection was lost.
    const state = this.state.room(room);
    if (state) state.key = key;
    return room;
  }

  /** Registers the user's name. */
  async register(password: string): Promise<void> {
    const { name } = this.state;
    await this.#requests.ask({ type: "register", password });
    this.#credentials.rememberPassword(name, password);
  }

  /** Proves an account, and takes its name. */
  async logIn(name: string, password: string): Promise<void> {
    await this.#requests.ask({ type: "login", name, password });
    this.#credentials.rememberPassword(name, password);
  }

  async logOut(): Promise<void> {
    // First, because a server that lets in no guests ends the connection.
    this.#credentials.forgetPassword();
    await this.#requests.ask({ type: "logout" });
  }

  async changePassword(old: string, password: string): Promise<void> {
    await this.#requests.ask({ type: "password", old, new: password });
    this.#credentials.rememberPassword(this.state.account?.name ?? "", password);
  }

  /** Stores preferences with the user's account. @throws {Error} if they were not stored. */
  async keep(preferences: KeptPreferences): Promise<void> {
    await this.#requests.ask({ type: "preferences", preferences: { ...preferences } });
  }

  settings(room: string): Promise<RoomSettingsAnswer> {
    return this.#requests.ask({ type: "room-settings", room });
  }

  /** The pinned messages of a room. */
  async pins(room: string): Promise<readonly PinJson[]> {
    return (await this.#requests.ask<PinsAnswer>({ type: "pins", room })).pins;
  }

  leave(room: string): Promise<void> {
    return this.#requests.ask({ type: "leave", room });
  }

  history(request: Unnumbered<HistoryRequest>): Promise<HistoryAnswer> {
    return this.#requests.ask({ type: "history", ...request });
  }

  search(request: Unnumbered<SearchRequest>): Promise<SearchAnswer> {
    return this.#requests.ask({ type: "search", ...request });
  }

  async listRooms(): Promise<readonly RoomJson[]> {
    return (await this.#requests.ask<{ rooms: readonly RoomJson[] }>({ type: "rooms" })).rooms;
  }

  /** Asks what was said in rooms after a number each. */
  async missed(rooms: MissedRequest["rooms"]): Promise<readonly MissedJson[]> {
    return (await this.#requests.ask<MissedAnswer>({ type: "missed", rooms })).rooms;
  }

  /** Marks everything received in a room as read. */
  markRead(room: RoomState): void {
    if (!room.markRead()) return;
    this.#onChange({ type: "room", room });
    if (this.state.account) this.#reader.note(room);
  }

  /** Tells the server that a conversation has been read up to number `seq`. */
  readConversation(room: string, seq: number): void {
    if (this.status.type === "live") this.#connection.send({ type: "read", room, seq });
  }

  #received(message: ServerMessage): void {
    if (message.type === "notice") return this.#commands.notice(message.text, message.ref);
    if (message.type === "error" && message.room === undefined) {
      return this.#refused(message.code, message.text, message.ref);
    }
    if (message.type === "account" && message.name === undefined) {
      this.#credentials.forgetPassword();
    }
    const change = this.state.receive(message);
    if (change) this.#onChange(change);
    if ("ref" in message) this.#requests.resolve(message.ref, message);
  }

  #refused(code: string, text: string, ref: Ref | undefined): void {
    if (this.#commands.has(ref)) return this.#commands.notice(text, ref, true);
    if (this.#requests.reject(ref, new RequestError(code, text))) return;
    if (code === "looks-like-login" && this.state.unsent.forget(String(ref))) {
      this.#onChange({ type: "unsent" });
      return this.#commands.notice(text, undefined, true);
    }
    if (this.state.refused(String(ref), code, text)) this.#onChange({ type: "unsent" });
    else this.#commands.notice(text, ref, true);
  }

  #statusChanged(): void {
    if (this.status.type === "ended" && this.status.reason === "quit") this.#credentials.forget();
    this.#onChange({ type: "status" });
    if (this.status.type === "live") this.sender.caughtUp();
  }
}
