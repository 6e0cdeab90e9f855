/**
 * Accepting connections, running a session for each, and stopping.
 *
 * @module
 */

import { type Clock, sleep } from "../clock.ts";
import { type ConnectionContext, runInConnection } from "../context.ts";
import { log } from "../log.ts";
import type { ByteConnection, Listener } from "../transport/connection.ts";
import { ConnectionLimits } from "./connection_limits.ts";
import { FloodGuard } from "./flood_guard.ts";
import { LineStreamPool } from "./framing.ts";
import { Flusher } from "./outbox.ts";
import { KeyTime } from "./paced_bytes.ts";
import type { Service } from "./service.ts";
import { Session, type SessionOptions } from "./session.ts";

/** Pauses after a failed accept, such as for want of descriptors, in milliseconds. */
const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 1000;
/** How often sessions are looked after. */
const CHECK_INTERVAL_MS = 1000;
const FAREWELL = "* The server is stopping. All that was said is kept.";

export interface ServerOptions {
  readonly maxConnections: number;
  readonly maxPerAddress: number;
  /** Lines a second that a connection may send in the long run, 0 for any, and at once. */
  readonly floodRate: number;
  readonly floodBurst: number;
  readonly outboxBytes: number;
  /** Milliseconds after which a peer that takes nothing is cut off. */
  readonly stallMs: number;
  readonly clock: Clock;
}

/** What is served on a listener, and how. */
export interface Binding {
  readonly service: Service;
  /** The endpoint's scheme, e.g. `telnet`. */
  readonly scheme: string;
  readonly maxLineBytes?: number;
  readonly idleMs?: number;
  /** What the endpoint says to the service. */
  readonly options?: ReadonlyMap<string, string>;
}

/** All listeners and sessions of the process. */
export class Server {
  readonly #options: ServerOptions;
  readonly #limits: ConnectionLimits;
  readonly #guard: FloodGuard;
  readonly #flusher = new Flusher();
  readonly #streams = new LineStreamPool();
  readonly #keyTime = new KeyTime();
  readonly #listeners = new Set<Listener>();
  readonly #sessions = new Map<Session, Promise<void>>();
  #lastNumber = 0;
  #isStopping = false;
  #cancelCheck: () => void;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#limits = new ConnectionLimits(options);
    this.#guard = new FloodGuard({
      rate: options.floodRate,
      burst: options.floodBurst,
      clock: options.clock,
    });
    this.#cancelCheck = options.clock.after(CHECK_INTERVAL_MS, () => this.#check());
  }

  /** How many sessions there are. */
  get sessionCount(): number {
    return this.#sessions.size;
  }

  /** Serves whoever connects, until the server stops. */
  async listen(listener: Listener, binding: Binding): Promise<void> {
    this.#listeners.add(listener);
    const sessionOptions = this.#sessionOptions(binding);
    let pauseMs = 0;
    while (!this.#isStopping) {
      try {
        const connection = await listener.accept();
        if (this.#isStopping) return connection.close(); // too late to be told, or waited for
        pauseMs = 0;
        this.#admit(connection, binding, sessionOptions);
      } catch (error) {
        if (this.#isStopping) return;
        if (pauseMs === 0) {
          log("server").warning("Cannot accept connections for now: {error}", { error });
        }
        // Trying at once would fail at once: descriptors come back when somebody leaves.
        pauseMs = Math.min(Math.max(FIRST_PAUSE_MS, pauseMs * 2), LONGEST_PAUSE_MS);
        await sleep(this.#options.clock, pauseMs);
      }
    }
  }

  /** Stops accepting, tells everyone, and resolves once all have what was meant for them. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const listener of this.#listeners) listener.close();
    for (const session of this.#sessions.keys()) {
      session.send(FAREWELL);
      session.end();
    }
    await Promise.all(this.#sessions.values());
    this.#cancelCheck();
  }

  #sessionOptions({ service, scheme, maxLineBytes, idleMs, options }: Binding): SessionOptions {
    return {
      clock: this.#options.clock,
      guard: service.isFloodControlled ? this.#guard : undefined,
      outbox: { capacityBytes: this.#options.outboxBytes, flusher: this.#flusher },
      streams: this.#streams,
      keyTime: this.#keyTime,
      maxLineBytes: maxLineBytes ?? service.maxLineBytes,
      offersTelnet: scheme === "telnet" || scheme === "telnets",
      stallMs: this.#options.stallMs,
      idleMs,
      endpointOptions: options,
    };
  }

  #admit(connection: ByteConnection, binding: Binding, options: SessionOptions): void {
    const refusal = this.#limits.enter(connection.address);
    const session = new Session(connection, this.#createContext(connection, binding), options);
    const serve = refusal ? refuse(refusal) : (session: Session) => binding.service.serve(session);
    const running = runInConnection(session.context, () => this.#run(session, serve));
    this.#sessions.set(session, running);
    running.finally(() => {
      this.#sessions.delete(session);
      if (!refusal) this.#limits.leave(connection.address);
    });
  }

  async #run(session: Session, serve: (session: Session) => Promise<void>): Promise<void> {
    log("server").debug("Connected");
    try {
      await session.run(serve);
    } catch (error) {
      log("server").error("Session failed: {error}", { error });
    }
    log("server").debug("Disconnected");
  }

  #createContext(connection: ByteConnection, binding: Binding): ConnectionContext {
    return {
      connection: ++this.#lastNumber,
      transport: binding.scheme,
      remote: connection.remote,
    };
  }

  #check(): void {
    for (const session of this.#sessions.keys()) session.check();
    this.#cancelCheck = this.#options.clock.after(CHECK_INTERVAL_MS, () => this.#check());
  }
}

function refuse(sentence: string): (session: Session) => Promise<void> {
  return (session) => {
    session.send(sentence);
    return session.end();
  };
}
