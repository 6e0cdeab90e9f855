/**
 * A line service without sockets: peers who send, and look at all that comes back, so that a test
 * reads like a transcript.
 *
 * @module
 */

import { runInConnection } from "../../lib/context.ts";
import { FloodGuard } from "../../lib/server/flood_guard.ts";
import { LineStreamPool } from "../../lib/server/framing.ts";
import { Flusher } from "../../lib/server/outbox.ts";
import type { Service } from "../../lib/server/service.ts";
import { Session, type SessionOptions } from "../../lib/server/session.ts";
import { connectInMemory, type MemoryPeer } from "../../lib/transport/memory.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { nextTurn } from "../support/trial_log.ts";

const encoder = new TextEncoder();
/** What did not happen by then does not happen. */
const PATIENCE_MS = 5000;

export interface LineSceneOptions {
  readonly clock?: FakeClock;
  readonly outboxBytes?: number;
  readonly maxLineBytes?: number;
  readonly endpointOptions?: Readonly<Record<string, string>>;
}

/** A running service, and its peers, who are all gone in the end. */
export class LineScene implements AsyncDisposable {
  readonly clock: FakeClock;
  readonly #service: Service;
  readonly #options: SessionOptions;
  readonly #peers: Peer[] = [];

  constructor(service: Service, options: LineSceneOptions = {}) {
    const clock = this.clock = options.clock ?? new FakeClock();
    const endpointOptions = new Map(Object.entries(options.endpointOptions ?? {}));
    this.#service = service;
    this.#options = {
      clock,
      guard: new FloodGuard({ rate: 0, burst: 1, clock }),
      outbox: { capacityBytes: options.outboxBytes ?? 256 * 1024, flusher: new Flusher() },
      streams: new LineStreamPool(),
      maxLineBytes: options.maxLineBytes ?? service.maxLineBytes,
      offersTelnet: false,
      keepsTelnet: service.isForPrograms,
      stallMs: 60_000,
      framing: service.framing?.(endpointOptions),
      endpointOptions,
    };
  }

  /** Lets somebody connect from `192.0.2.7`, who is waited for 200 ms to speak first. */
  connect(): Peer {
    const number = this.#peers.length + 1;
    const [connection, peer] = connectInMemory(`192.0.2.7:${5000 + number}`);
    const context = { connection: number, transport: "tcp", remote: connection.remote };
    const session = new Session(connection, context, this.#options);
    const serve = (session: Session) => this.#service.serve(session);
    const running = runInConnection(context, () => session.run(serve));
    const other = new Peer(session, peer, running);
    this.#peers.push(other);
    return other;
  }

  /** All that a peer gets who sends lines and ends its side, as `printf ... | nc -N` does. */
  async exchange(...lines: string[]): Promise<string[]> {
    const peer = this.connect();
    peer.send(...lines);
    return await peer.finish();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#peers.map((peer) => peer.vanish()));
  }
}

/** Somebody at the other end. */
export class Peer {
  readonly session: Session;
  /** All that came. */
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

  /** The lines that came, without the last one if that has no end. */
  get lines(): string[] {
    return this.transcript.split("\r\n").slice(0, -1);
  }

  /** Whether the server has ended its side. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  send(...lines: string[]): void {
    this.sendText(lines.map((line) => `${line}\r\n`).join(""));
  }

  sendText(text: string): void {
    this.sendBytes(encoder.encode(text));
  }

  sendBytes(bytes: Uint8Array): void {
    this.#peer.send(bytes);
  }

  /** Waits for so many lines more than were expected before, and returns them. */
  async read(count: number): Promise<string[]> {
    await this.until(() => this.lines.length >= this.#seen + count);
    this.#seen += count;
    return this.lines.slice(this.#seen - count, this.#seen);
  }

  /** Sends a line, and returns the one that comes back. */
  async ask(line: string): Promise<string> {
    this.send(line);
    return (await this.read(1))[0];
  }

  /** Lets the event loop turn until something is so. */
  async until(isSo: () => boolean): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    while (!isSo()) {
      if (performance.now() > deadline) {
        throw new Error(`Expected more than ${JSON.stringify(this.transcript.slice(-500))}`);
      }
      await nextTurn();
    }
  }

  /** Stops reading, but for what is under way. */
  pause(): void {
    this.#pause ??= Promise.withResolvers();
  }

  /** Reads on. */
  resume(): void {
    this.#pause?.resolve();
    this.#pause = undefined;
  }

  /** Ends its own side only. */
  end(): void {
    this.#peer.end();
  }

  /** Ends its side, waits for the server to end its own, and returns all lines that came. */
  async finish(): Promise<string[]> {
    this.end();
    await this.until(() => this.#hasEnded);
    await this.#running;
    return this.lines;
  }

  /** Breaks the connection, and waits until the server has noticed. */
  async vanish(): Promise<void> {
    this.#peer.vanish();
    this.resume();
    await this.#running;
    await this.#looking;
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
export async function settle(turns = 20): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await nextTurn();
}
