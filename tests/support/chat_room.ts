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
import { FloodGuard } from "../../lib/server/flood_guard.ts";
import { LineStreamPool } from "../../lib/server/framing.ts";
import { Flusher } from "../../lib/server/outbox.ts";
import { Session, type SessionOptions } from "../../lib/server/session.ts";
import { Chat } from "../../lib/service/chat/chat.ts";
import { openChatHall } from "../../lib/service/chat/chat_hall.ts";
import { connectInMemory, type MemoryPeer } from "../../lib/transport/memory.ts";
import { FakeClock } from "./fake_clock.ts";
import { nextTurn, TrialLog } from "./trial_log.ts";

export interface ChatRoomOptions {
  /** Shared with another room for what is left after a restart. */
  readonly log?: TrialLog;
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
    const chat = openChatHall({ registry, log, search: options.search, clock, reservedNames });
    this.#chat = new Chat({ chat, nameDeadlineMs: 60_000 });
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
    const number = this.#guests.length + 1;
    const [connection, peer] = connectInMemory(`memory:${number}`);
    const context = { connection: number, transport: "tcp", remote: connection.remote };
    const session = new Session(connection, context, this.#options);
    const serve = (session: Session) => this.#chat.serve(session);
    const guest = new Guest(session, peer, runInConnection(context, () => session.run(serve)));
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
  readonly #peer: MemoryPeer;
  readonly #running: Promise<void>;
  readonly #looking: Promise<void>;
  /** How much of the transcript was expected. */
  #seen = 0;
  #pause: PromiseWithResolvers<void> | undefined;
  #hasEnded = false;

  constructor(session: Session, peer: MemoryPeer, running: Promise<void>) {
    this.session = session;
    this.#peer = peer;
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
    this.#peer.send(bytes);
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
    this.#peer.end();
    await this.#running;
    await this.#looking;
  }

  /** Breaks the connection. */
  async vanish(): Promise<void> {
    this.#peer.vanish();
    await this.leave();
  }

  async #look(): Promise<void> {
    const decoder = new TextDecoder();
    for (;;) {
      const bytes = await this.#peer.take();
      await this.#pause?.promise;
      if (!bytes) break;
      this.transcript += decoder.decode(bytes, { stream: true });
    }
    this.#hasEnded = true;
  }
}

/** Lets everything run that needs no more than turns of the event loop. */
export async function settle(turns = 12): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await nextTurn();
}
