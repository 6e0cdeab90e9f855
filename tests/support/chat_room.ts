/**
 * The chat without sockets: guests who type lines and look at all that they are shown, so that a
 * test reads like a transcript.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { LocalSequencer } from "../../lib/backplane/local.ts";
import { RoomRegistry } from "../../lib/domain/room_registry.ts";
import type { SearchService } from "../../lib/domain/search.ts";
import type { StateStore } from "../../lib/domain/state_store.ts";
import { Chat } from "../../lib/service/chat/chat.ts";
import { openChatContext } from "../../lib/service/chat/chat_context.ts";
import { MemoryStateStore } from "../../lib/store/memory/state_store.ts";
import { FakeClock } from "./fake_clock.ts";
import {
  type OpenSession,
  SessionPeer,
  Sessions,
  type SessionsOptions,
  settle,
} from "./session_peer.ts";
import { TelnetTerminal, type TelnetTerminalOptions } from "./telnet_terminal.ts";
import { TrialLog } from "./trial_log.ts";

export { settle };

export interface ChatRoomOptions extends SessionsOptions {
  /** Shared with another room for what is left after a restart. */
  readonly log?: TrialLog;
  readonly state?: StateStore;
  readonly search?: SearchService;
}

/** A running chat, and everybody in it. */
export class ChatRoom implements AsyncDisposable {
  readonly clock: FakeClock;
  readonly log: TrialLog;
  readonly sequencer: LocalSequencer;
  readonly state: StateStore;
  readonly registry: RoomRegistry;
  readonly #sessions: Sessions;
  readonly #guests: Guest[] = [];

  constructor(options: ChatRoomOptions = {}) {
    const clock = this.clock = options.clock ?? new FakeClock();
    const log = this.log = options.log ?? new TrialLog(clock);
    const sequencer = this.sequencer = new LocalSequencer(log, clock);
    const registry = this.registry = new RoomRegistry({ log, sequencer });
    const reservedNames = ["chat", "logger"];
    const state = this.state = options.state ?? new MemoryStateStore();
    const { search } = options;
    const chat = openChatContext({ registry, log, search, state, clock, reservedNames });
    const service = new Chat({ chat, clock, nameDeadlineMs: 60_000 });
    this.#sessions = new Sessions(service, { ...options, clock });
  }

  /** Lets somebody connect, who is then waited for a moment to speak first. */
  connect(): Guest {
    return this.#seat(new Guest(this.#sessions.open()));
  }

  /** Lets somebody connect with a terminal, and waits until it has said all about itself. */
  async connectTerminal(options: Partial<TelnetTerminalOptions> = {}): Promise<TerminalGuest> {
    const session = this.#sessions.open("telnet");
    const guest = this.#seat(new TerminalGuest(session, { columns: 80, rows: 24, ...options }));
    await this.#shown();
    await this.clock.advance(200);
    await this.#shown();
    return guest;
  }

  /** Lets somebody in with a terminal, under a name; what was shown until then stays. */
  async enterTerminal(
    name: string,
    options?: Partial<TelnetTerminalOptions>,
  ): Promise<TerminalGuest> {
    const guest = await this.connectTerminal(options);
    guest.type(`${name}\r`);
    await this.paint();
    return guest;
  }

  /** Lets all that is queued for terminals be painted. */
  async paint(): Promise<void> {
    await this.#shown();
    for (let round = 0; round < 3; round++) {
      await this.clock.advance(40);
      await this.#shown();
    }
  }

  /** Lets somebody in under a name; what was shown until then is forgotten, by all. */
  async enter(name: string): Promise<Guest> {
    const guest = this.connect();
    guest.say(name);
    await settle();
    if (!guest.transcript.includes(`* You are ${name}.`)) {
      throw new Error(`${name} cannot enter: ${guest.transcript}`);
    }
    for (const guest of this.#guests) guest.forget();
    return guest;
  }

  /** Lets several in, one after the other. */
  async enterAll(...names: string[]): Promise<Guest[]> {
    const guests: Guest[] = [];
    for (const name of names) guests.push(await this.enter(name));
    return guests;
  }

  /** Goes on by `ms` milliseconds, looking after the sessions as the server does. */
  async advance(ms: number): Promise<void> {
    await this.#sessions.advance(ms);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const guest of this.#guests) await guest.leave();
    // The last words of all are on record.
    await this.registry.settled();
  }

  /** Resolves once all terminals have shown, and answered, what they were sent. */
  async #shown(): Promise<void> {
    await settle();
    for (const guest of this.#guests) {
      if (guest instanceof TerminalGuest) await guest.terminal.shown();
    }
    await settle();
  }

  #seat<SomeGuest extends Guest>(guest: SomeGuest): SomeGuest {
    this.#guests.push(guest);
    return guest;
  }
}

/** Somebody who types, and looks. */
export class Guest extends SessionPeer {
  /** How much of the transcript was expected. */
  #seen = 0;

  /** Types lines. */
  say(...lines: string[]): void {
    this.send(...lines);
  }

  /** Waits until nothing more happens, and expects exactly these lines since the last time. */
  async expect(...lines: string[]): Promise<void> {
    assertEquals(await this.read(), lines);
  }

  /** Waits until nothing more happens; returns the lines since the last time. */
  async read(): Promise<string[]> {
    await settle();
    const text = this.transcript.slice(this.#seen);
    this.forget();
    if (text === "") return [];
    if (!text.endsWith("\r\n")) throw new Error(`A line has no end: ${JSON.stringify(text)}`);
    return text.slice(0, -2).split("\r\n");
  }

  /** Types lines, and expects exactly these in return. */
  async ask(line: string, ...lines: string[]): Promise<void> {
    this.say(line);
    await this.expect(...lines);
  }

  /** Counts all that was shown as expected. */
  forget(): void {
    this.#seen = this.transcript.length;
  }
}

/** Somebody with a terminal. */
export class TerminalGuest extends Guest {
  readonly terminal: TelnetTerminal;

  constructor(session: OpenSession, options: TelnetTerminalOptions) {
    super(session);
    this.terminal = new TelnetTerminal(options, (bytes) => this.sendBytes(bytes));
  }

  type(keys: string): void {
    this.terminal.type(keys);
  }

  /** The rows of the screen as they are, without empty ones at the end. */
  async rows(): Promise<string[]> {
    await settle();
    await this.terminal.shown();
    const rows = this.terminal.screen.lines.map((row) => row.trimEnd());
    while (rows.at(-1) === "") rows.pop();
    return rows;
  }

  /** The row of the cursor, up to it. */
  async beforeCursor(): Promise<string> {
    await settle();
    await this.terminal.shown();
    return this.terminal.screen.textBeforeCursor;
  }

  override async leave(): Promise<void> {
    await super.leave();
    await this.terminal.shown();
    this.terminal.close();
  }

  protected override look(bytes: Uint8Array): void {
    this.terminal.receive(bytes);
  }
}
