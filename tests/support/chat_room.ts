/**
 * The chat without sockets: guests who type lines and look at all that they are shown, so that a
 * test reads like a transcript.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { LocalSequencer } from "../../lib/backplane/local.ts";
import { runInConnection } from "../../lib/context.ts";
import { RoomRegistry } from "../../lib/domain/room_registry.ts";
import type { SearchService } from "../../lib/domain/search.ts";
import type { StateStore } from "../../lib/domain/state_store.ts";
import { FloodGuard } from "../../lib/server/flood_guard.ts";
import { LineStreamPool } from "../../lib/server/framing.ts";
import { Flusher } from "../../lib/server/outbox.ts";
import { Session, type SessionOptions } from "../../lib/server/session.ts";
import { Chat } from "../../lib/service/chat/chat.ts";
import { openChatHall } from "../../lib/service/chat/chat_hall.ts";
import { MemoryStateStore } from "../../lib/store/memory/state_store.ts";
import { connectInMemory, type MemoryPeer } from "../../lib/transport/memory.ts";
import { FakeClock } from "./fake_clock.ts";
import { TelnetTerminal, type TelnetTerminalOptions } from "./telnet_terminal.ts";
import { nextTurn, TrialLog } from "./trial_log.ts";

export interface ChatRoomOptions {
  /** Shared with another room for what is left after a restart. */
  readonly log?: TrialLog;
  readonly state?: StateStore;
  readonly clock?: FakeClock;
  readonly outboxBytes?: number;
  readonly maxLineBytes?: number;
  readonly search?: SearchService;
}

/** A running chat, and everybody in it. */
export class ChatRoom implements AsyncDisposable {
  readonly clock: FakeClock;
  readonly log: TrialLog;
  readonly sequencer: LocalSequencer;
  readonly state: StateStore;
  readonly registry: RoomRegistry;
  readonly #chat: Chat;
  readonly #options: SessionOptions;
  readonly #guests: Guest[] = [];

  constructor(options: ChatRoomOptions = {}) {
    const clock = this.clock = options.clock ?? new FakeClock();
    const log = this.log = options.log ?? new TrialLog(clock);
    const sequencer = this.sequencer = new LocalSequencer(log);
    const registry = this.registry = new RoomRegistry({ log, sequencer, clock });
    const reservedNames = ["chat", "logger"];
    const state = this.state = options.state ?? new MemoryStateStore();
    const { search } = options;
    const chat = openChatHall({ registry, log, search, state, clock, reservedNames });
    this.#chat = new Chat({ chat, clock, nameDeadlineMs: 60_000 });
    this.#options = {
      clock,
      guard: new FloodGuard({ rate: 0, burst: 1, clock }),
      outbox: { capacityBytes: options.outboxBytes ?? 256 * 1024, flusher: new Flusher() },
      streams: new LineStreamPool(),
      maxLineBytes: options.maxLineBytes ?? this.#chat.maxLineBytes,
      offersTelnet: false,
      stallMs: 60_000,
    };
  }

  /** Lets somebody connect, who is then waited for a moment to speak first. */
  connect(): Guest {
    return this.#seat("tcp", (...guest) => new Guest(...guest));
  }

  /** Lets somebody connect with a terminal, and waits until it has said all about itself. */
  async connectTerminal(options: Partial<TelnetTerminalOptions> = {}): Promise<TerminalGuest> {
    const guest = this.#seat(
      "telnet",
      (session, peer, running) =>
        new TerminalGuest(session, peer, running, { columns: 80, rows: 24, ...options }),
    );
    await settle();
    await this.clock.advance(200);
    await settle();
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
    await settle();
    for (let round = 0; round < 3; round++) {
      await this.clock.advance(40);
      await settle();
    }
  }

  #seat<SomeGuest extends Guest>(
    transport: string,
    createGuest: (session: Session, peer: MemoryPeer, running: Promise<void>) => SomeGuest,
  ): SomeGuest {
    const number = this.#guests.length + 1;
    const [connection, peer] = connectInMemory(`memory:${number}`);
    const context = { connection: number, transport, remote: connection.remote };
    const session = new Session(connection, context, {
      ...this.#options,
      offersTelnet: transport === "telnet",
    });
    const serve = (session: Session) => this.#chat.serve(session);
    const running = runInConnection(context, () => session.run(serve));
    const guest = createGuest(session, peer, running);
    this.#guests.push(guest);
    return guest;
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
    for (let left = ms; left > 0; left -= 1000) {
      await this.clock.advance(Math.min(left, 1000));
      for (const { session } of this.#guests) session.check();
    }
    await settle();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const guest of this.#guests) await guest.leave();
    // The last words of all are on record.
    await this.registry.settled();
  }
}

/** Somebody who types, and looks. */
export class Guest {
  readonly session: Session;
  /** All that was shown. */
  transcript = "";
  protected readonly peer: MemoryPeer;
  readonly #running: Promise<void>;
  readonly #looking: Promise<void>;
  /** How much of the transcript was expected. */
  #seen = 0;
  #pause: PromiseWithResolvers<void> | undefined;
  #hasEnded = false;

  constructor(session: Session, peer: MemoryPeer, running: Promise<void>) {
    this.session = session;
    this.peer = peer;
    this.#running = running;
    this.#looking = this.#look();
  }

  /** Whether the server has ended the connection. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Types lines. */
  say(...lines: string[]): void {
    this.sayBytes(new TextEncoder().encode(lines.map((line) => `${line}\r\n`).join("")));
  }

  sayBytes(bytes: Uint8Array): void {
    this.peer.send(bytes);
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

  /** Stops reading, as a stuck terminal does. */
  pause(): void {
    this.#pause ??= Promise.withResolvers();
  }

  /** Reads on. */
  resume(): void {
    this.#pause?.resolve();
    this.#pause = undefined;
  }

  /** Ends the connection the polite way, and waits until the server has done so too. */
  async leave(): Promise<void> {
    this.resume();
    this.peer.end();
    await this.#running;
    await this.#looking;
  }

  /** Breaks the connection. */
  async vanish(): Promise<void> {
    this.peer.vanish();
    await this.leave();
  }

  async #look(): Promise<void> {
    const decoder = new TextDecoder();
    for (;;) {
      const bytes = await this.peer.take();
      await this.#pause?.promise;
      if (!bytes) break;
      this.look(bytes);
      this.transcript += decoder.decode(bytes, { stream: true });
    }
    this.#hasEnded = true;
  }

  /** Called with what comes. */
  protected look(_bytes: Uint8Array): void {}
}

/** Somebody with a terminal. */
export class TerminalGuest extends Guest {
  readonly terminal: TelnetTerminal;

  constructor(
    session: Session,
    peer: MemoryPeer,
    running: Promise<void>,
    options: TelnetTerminalOptions,
  ) {
    super(session, peer, running);
    this.terminal = new TelnetTerminal(options, (bytes) => peer.send(bytes));
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

/** Lets everything run that needs no more than turns of the event loop. */
export async function settle(turns = 12): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await nextTurn();
}
