/**
 * Sessions of a service over in-memory connections, and their peers.
 *
 * @module
 */

import { runInConnection } from "../../lib/context.ts";
import { FloodGuard } from "../../lib/server/fairness/flood_guard.ts";
import { LineSplitter } from "../../lib/server/framing/line_framer.ts";
import { Flusher } from "../../lib/server/output/flusher.ts";
import { PeerProbes } from "../../lib/server/connections/peer_probes.ts";
import type { Service } from "../../lib/server/session/service.ts";
import { PeerContext } from "../../lib/server/connections/peer_context.ts";
import { Session } from "../../lib/server/session/session.ts";
import type { SessionOptions } from "../../lib/server/session/session_options.ts";
import { connectInMemory, type MemoryPeer } from "../../lib/transport/memory.ts";
import { FakeClock, settle } from "./fake_clock.ts";

export { settle };

export interface SessionsOptions {
  readonly clock?: FakeClock;
  readonly outboxBytes?: number;
  readonly maxLineBytes?: number;
  /** As `ServerOptions.countRepeats`. */
  readonly countRepeats?: () => Promise<ReadonlyMap<string, number>>;
  /** The IP address of the peers. @default {none, as on Unix sockets} */
  readonly address?: string;
  readonly endpointOptions?: Readonly<Record<string, string>>;
  /** As the option `idle` of an endpoint. */
  readonly idleMs?: number;
  /** Flood control. @default {off} */
  readonly flood?: { readonly rate: number; readonly burst: number };
  /** Connections of another service that were opened before. @default {0} */
  readonly earlier?: number;
}

/** A running session and its peer. */
export interface OpenSession {
  readonly session: Session;
  readonly peer: MemoryPeer;
  /** Resolves when the session ends. */
  readonly running: Promise<void>;
}

/** Opens sessions with a service, without flood control. */
export class Sessions {
  readonly clock: FakeClock;
  readonly #service: Service;
  readonly #options: SessionOptions;
  readonly #sessions: Session[] = [];
  readonly #address: string | undefined;
  readonly #earlier: number;

  constructor(service: Service, options: SessionsOptions = {}) {
    const clock = this.clock = options.clock ?? new FakeClock();
    const endpointOptions = new Map(Object.entries(options.endpointOptions ?? {}));
    this.#service = service;
    this.#address = options.address;
    this.#earlier = options.earlier ?? 0;
    this.#options = {
      clock,
      probes: new PeerProbes({ ...options, clock }),
      guard: new FloodGuard({ ...options.flood ?? { rate: 0, burst: 1 }, clock }),
      outbox: { capacityBytes: options.outboxBytes ?? 256 * 1024, flusher: new Flusher(clock) },
      splitter: new LineSplitter(),
      maxLineBytes: options.maxLineBytes ?? service.maxLineBytes,
      maxBlockLineBytes: service.maxBlockLineBytes,
      offersTelnet: false,
      isForPrograms: service.isForPrograms,
      phrase: service.phrase && ((line) => service.phrase!(line)),
      isUncounted: service.isUncounted && ((line) => service.isUncounted!(line)),
      keepsTelnet: service.isForPrograms,
      stallMs: () => 60_000,
      idleMs: options.idleMs,
      framing: service.framing?.(endpointOptions),
      charset: service.charset?.(endpointOptions),
      http: service.httpDetection?.(endpointOptions),
      onRefused: (peer) => service.noteRefusal?.(peer),
      endpointOptions,
    };
  }

  /** Connects a peer from `192.0.2.7`, and waits the 200 ms for peers that speak first. */
  open(transport = "tcp"): OpenSession {
    const number = this.#earlier + this.#sessions.length + 1;
    const [connection, peer] = connectInMemory(`192.0.2.7:${5000 + number}`);
    const { remote } = connection;
    const facts = { connection: number, transport, remote, address: this.#address };
    const context = new PeerContext(facts);
    const offersTelnet = transport === "telnet";
    const session = new Session(connection, context, { ...this.#options, offersTelnet });
    this.#sessions.push(session);
    const serve = (session: Session) => this.#service.serve(session);
    return { session, peer, running: runInConnection(context, () => session.run(serve)) };
  }

  /** Advances the clock by `ms` milliseconds, checking the sessions as the server does. */
  async advance(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 1000) {
      await this.clock.advance(Math.min(left, 1000));
      for (const session of this.#sessions) session.check();
    }
    await settle();
  }
}

/** The other end of a session, which sends and records everything it receives. */
export class SessionPeer {
  readonly session: Session;
  /** Everything received. */
  transcript = "";
  readonly #peer: MemoryPeer;
  readonly #running: Promise<void>;
  readonly #looking: Promise<void>;
  #pause: PromiseWithResolvers<void> | undefined;
  #hasEnded = false;

  constructor({ session, peer, running }: OpenSession) {
    this.session = session;
    this.#peer = peer;
    this.#running = running;
    this.#looking = this.#look();
  }

  /** Whether the server has ended its side. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  sendBytes(bytes: Uint8Array): void {
    this.#peer.send(bytes);
  }

  sendText(text: string): void {
    this.sendBytes(new TextEncoder().encode(text));
  }

  /** Sends lines. */
  send(...lines: string[]): void {
    this.sendText(lines.map((line) => `${line}\r\n`).join(""));
  }

  /** Stops reading after the read that is under way. */
  pause(): void {
    this.#pause ??= Promise.withResolvers();
  }

  /** Resumes reading. */
  resume(): void {
    this.#pause?.resolve();
    this.#pause = undefined;
  }

  /** Ends its own side only. */
  end(): void {
    this.#peer.end();
  }

  /** Ends its side, reads the rest, and waits until the session has ended. */
  async leave(): Promise<void> {
    this.resume();
    this.end();
    await this.#running;
    await this.#looking;
  }

  /** Breaks the connection, and waits until the session has ended. */
  async vanish(): Promise<void> {
    this.#peer.vanish();
    await this.leave();
  }

  /** Called with everything received. */
  protected look(_bytes: Uint8Array): void {}

  async #look(): Promise<void> {
    const decoder = new TextDecoder();
    for (;;) {
      const bytes = await this.#peer.take();
      await this.#pause?.promise;
      if (!bytes) break;
      this.look(bytes);
      this.transcript += decoder.decode(bytes, { stream: true });
    }
    this.#hasEnded = true;
  }
}
