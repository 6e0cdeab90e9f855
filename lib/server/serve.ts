/**
 * Accepts connections, runs a conversation for each, and stops.
 *
 * @module
 */

import { setImmediate } from "node:timers/promises";
import { type Clock, sleep, Strides } from "../clock.ts";
import { type ConnectionContext, runInConnection } from "../context.ts";
import { log } from "../log.ts";
import type { ByteConnection, Listener, RemoteCommand } from "../transport/connection.ts";
import { acceptConnections } from "./accept_loop.ts";
import { DescriptorReserve } from "./descriptor_reserve.ts";
import { ConnectionLimits } from "./connection_limits.ts";
import { DoorCounters, type DoorTraffic } from "./door_traffic.ts";
import type { Conversation, ConversationOptions, Converse, NewConnection } from "./conversation.ts";
import { FairBudget } from "./fair_budget.ts";
import { FloodGuard } from "./flood_guard.ts";
import { LineSplitter } from "./line_framer.ts";
import { Flusher } from "./flusher.ts";
import type { OutboxOptions } from "./outbox.ts";
import { KeyTime } from "./paced_bytes.ts";
import { PeerContext } from "./peer_context.ts";
import { PeerProbes } from "./peer_probes.ts";
import type { Service } from "./service.ts";
import { Session } from "./session.ts";
import type { SessionOptions } from "./session_options.ts";
import { VanishedPeers } from "./vanished_peers.ts";

/** How often the time limits of conversations are checked, and how many in a turn: in 1.5 ms. */
const CHECK_INTERVAL_MS = 1000;
const CHECKED_AT_ONCE = 1000;
/** Refused connections that may be open at a time; more are closed without a word. */
const MAX_REFUSING = 3;
/** How long connections are accepted after the server was told to stop, in milliseconds. */
const ACCEPT_MS = 20;
/** A peer for which more is queued counts as slow. */
const SLOW_BYTES = 16 * 1024;
const NO_OPTIONS: ReadonlyMap<string, string> = new Map();
const FAREWELL = "The server is stopping. All messages are saved.";

/** The limits of a server, which may change while it runs. */
export interface ServerLimits {
  readonly maxConnections: number;
  readonly maxPerAddress: number;
  /** Lines per second that a connection may send in the long run, 0 for any number, and at once. */
  readonly floodRate: number;
  readonly floodBurst: number;
  readonly outboxBytes: number;
  /** Milliseconds after which a peer that reads nothing is disconnected. */
  readonly stallMs: number;
}

export interface ServerOptions extends ServerLimits {
  readonly clock: Clock;
  /** Shared with whatever else peers can make the process do. @default {one of its own} */
  readonly budget?: FairBudget;
  /** Resolves in a later turn, after sockets were polled. @default {any later turn} */
  readonly pollSockets?: () => Promise<void>;
  /**
   * Resolves in a later turn of the event loop. While turns follow each other without a pause,
   * sockets are polled only every few milliseconds.
   *
   * @default {any later turn}
   */
  readonly nextTurn?: () => Promise<void>;
  /** Opens anything that takes a descriptor, to keep some in reserve. @default {none are kept} */
  readonly openSpare?: () => Disposable;
  /** As `countRepeats` in `transport/`. @default {vanished machines are not looked for} */
  readonly countRepeats?: () => Promise<ReadonlyMap<string, number>>;
  /** Where visitors with a browser are sent by line ports, if anywhere. */
  readonly webUrl?: string;
}

/** What is served on a listener, and how. */
export interface Binding {
  readonly service: Service;
  /** The endpoint's scheme, e.g. `telnet`. */
  readonly scheme: string;
  readonly maxLineBytes?: number;
  readonly idleMs?: number;
  /** The options of the endpoint that are for the service. */
  readonly options?: ReadonlyMap<string, string>;
}

/** All listeners and sessions of the process. */
export class Server {
  /** What passes each door. */
  readonly doors = new DoorCounters();
  readonly #options: ServerOptions;
  readonly #limits: ConnectionLimits;
  /** Shared by all outboxes, so what changes in it changes for all of them. */
  readonly #outboxOptions: OutboxOptions & { capacityBytes: number };
  readonly #conversationOptions: ConversationOptions;
  #stallMs: number;
  readonly #splitter = new LineSplitter();
  readonly #keyTime = new KeyTime();
  readonly #listeners = new Set<Listener>();
  readonly #conversations = new Map<Conversation, Admitted>();
  readonly #reserve: DescriptorReserve | undefined;
  readonly #vanished: VanishedPeers;
  #lastNumber = 0;
  /** Refused connections that are still open. */
  #refusing = 0;
  /** The last line for everyone; set once the server stops. */
  #farewell: string | undefined;
  /** Whether the listeners are closed. */
  #isClosed = false;
  /** `undefined` once the server has stopped. */
  #cancelCheck: (() => void) | undefined;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#limits = new ConnectionLimits(options);
    this.#reserve = options.openSpare && new DescriptorReserve(options.openSpare);
    this.#vanished = new VanishedPeers(options);
    const { clock, pollSockets = () => setImmediate(), nextTurn = () => setImmediate() } = options;
    const { budget = new FairBudget({ clock, pollSockets }) } = options;
    this.#stallMs = options.stallMs;
    const outbox = this.#outboxOptions = {
      capacityBytes: options.outboxBytes,
      // In a large room, polling sockets each turn takes a tenth of the time: only while keys are read.
      flusher: new Flusher(clock, () => this.#keyTime.typing > 0 ? pollSockets() : nextTurn()),
    };
    this.#conversationOptions = {
      clock,
      budget,
      probes: new PeerProbes(options),
      stallMs: () => this.#stallMs,
      guard: new FloodGuard({ rate: options.floodRate, burst: options.floodBurst, clock }),
      outbox,
    };
    this.#cancelCheck = options.clock.after(CHECK_INTERVAL_MS, () => this.#check());
  }

  /** Resolves once everything delivered so far is being written; `undefined` if it is. */
  written(): Promise<void> | undefined {
    return this.#outboxOptions.flusher.started();
  }

  /** Changes the limits, for those who are connected, too. Nobody is disconnected by a lower one. */
  adjust(limits: ServerLimits): void {
    this.#limits.adjust(limits);
    this.#conversationOptions.guard.adjust({ rate: limits.floodRate, burst: limits.floodBurst });
    this.#outboxOptions.capacityBytes = limits.outboxBytes;
    this.#stallMs = limits.stallMs;
  }

  /** The number of conversations. */
  get sessionCount(): number {
    return this.#conversations.size;
  }

  /** Bytes queued for all peers, for the one for which most are, and as many as may be. */
  get queues(): { readonly bytes: number; readonly most: number; readonly limit: number } {
    let bytes = 0;
    let most = 0;
    for (const { queuedBytes } of this.#conversations.keys()) {
      bytes += queuedBytes;
      most = Math.max(most, queuedBytes);
    }
    return { bytes, most, limit: this.#outboxOptions.capacityBytes };
  }

  /** The peers for which most is queued, that first; at most `most` of them, and none that reads. */
  slowest(most: number): { readonly context: ConnectionContext; readonly queuedBytes: number }[] {
    const peers = [];
    for (const [{ queuedBytes }, { context }] of this.#conversations) {
      if (queuedBytes > SLOW_BYTES) peers.push({ context, queuedBytes });
    }
    return peers.sort((a, b) => b.queuedBytes - a.queuedBytes).slice(0, most);
  }

  /** Serves lines to everybody who connects, until the server stops. */
  async listen(listener: Listener, binding: Binding): Promise<void> {
    const { service } = binding;
    const traffic = this.doors.at(service.name, binding.scheme);
    const options = this.#sessionOptions(binding, traffic);
    // One closure for all connections: one for each would retain its scope.
    const serve = (session: Session) =>
      session.program ? runCommand(session, service) : service.serve(session);
    await this.#accept(listener, traffic, ({ connection, context, refusal }) => {
      const session = connection.command
        ? new Session(connection, context, commandOptions(options, service, connection.command))
        : new Session(connection, context, options);
      return new LineConversation(session, refusal ? refuse(refusal, connection) : serve);
    });
  }

  /**
   * Starts a conversation with everybody who connects, until the server stops.
   *
   * @param transport Names the transport in logs and events, and the service, which is all of it.
   */
  async converse(listener: Listener, transport: string, converse: Converse): Promise<void> {
    const traffic = this.doors.at(transport, transport);
    const own = { ...this.#conversationOptions, traffic };
    await this.#accept(listener, traffic, (peer) => converse(peer, own));
  }

  async #accept(
    listener: Listener,
    traffic: DoorTraffic,
    converse: (peer: NewConnection) => Conversation,
  ): Promise<void> {
    this.#listeners.add(listener);
    await acceptConnections(listener, {
      clock: this.#options.clock,
      work: this.#conversationOptions.budget.account(),
      isStopping: () => this.#isClosed,
      onShortage: () => this.#useReserve(),
      onConnection: (connection) => this.#admit(connection, traffic, converse),
    });
  }

  /** Stops accepting, tells everybody, and resolves once all conversations have ended. */
  async stop(farewell = FAREWELL): Promise<void> {
    const { clock } = this.#options;
    this.#farewell = farewell;
    for (const entry of this.#conversations) this.#handle(entry, (peer) => peer.stop(farewell));
    // The system has accepted those in the listeners' queues, and taken what they sent.
    await sleep(clock, ACCEPT_MS);
    this.#isClosed = true;
    for (const listener of this.#listeners) listener.close();
    await Promise.all(Array.from(this.#conversations.values(), ({ done }) => done));
    this.#reserve?.release();
    this.#cancelCheck?.();
    this.#cancelCheck = undefined;
  }

  /** Closes all connections at once, for when stopping takes too long. */
  abort(): void {
    for (const connection of this.#connections()) connection.close();
  }

  *#connections(): Generator<ByteConnection> {
    for (const { connection } of this.#conversations.values()) yield connection;
  }

  #sessionOptions(
    { service, scheme, maxLineBytes, idleMs, options }: Binding,
    traffic: DoorTraffic,
  ): SessionOptions {
    const isTelnet = scheme === "telnet" || scheme === "telnets";
    return {
      ...this.#conversationOptions,
      traffic,
      guard: service.isFloodControlled ? this.#conversationOptions.guard : undefined,
      splitter: this.#splitter,
      keyTime: this.#keyTime,
      maxLineBytes: maxLineBytes ?? service.maxLineBytes,
      maxBlockLineBytes: service.maxBlockLineBytes,
      framing: service.framing?.(options ?? NO_OPTIONS),
      charset: service.charset?.(options ?? NO_OPTIONS),
      http: service.httpDetection?.(options ?? NO_OPTIONS),
      onRefused: (peer) => service.noteRefusal?.(peer),
      offersTelnet: isTelnet && service.editsLines === true,
      isForPrograms: service.isForPrograms,
      phrase: service.phrase && ((line) => service.phrase!(line)),
      isUncounted: service.isUncounted && ((line) => service.isUncounted!(line)),
      keepsTelnet: service.isForPrograms && !isTelnet,
      idleMs,
      endpointOptions: options,
      webUrl: this.#options.webUrl,
    };
  }

  /** Frees a few descriptors for refusals and for the log; no more connections get in then. */
  #useReserve(): boolean {
    if (!this.#reserve?.isHeld) return false;
    this.#reserve.release();
    this.#limits.capHere();
    log("server").warning(
      "Out of file descriptors: connections are refused until some close. Raise the limit with " +
        "ulimit -n, or LimitNOFILE in a systemd unit",
    );
    return true;
  }

  #admit(
    connection: ByteConnection,
    traffic: DoorTraffic,
    converse: (peer: NewConnection) => Conversation,
  ): void {
    const { remote } = connection;
    const refusal = this.#limits.enter(connection.address);
    if (refusal) {
      traffic.refused++;
      log("server").warning("Refused {remote}: {message}", {
        remote,
        message: refusal.slice(2),
      });
    } else traffic.accepted++;
    // Refusals take descriptors, too, until the peer has read them.
    if (refusal && this.#refusing >= MAX_REFUSING) return connection.close();
    if (refusal) this.#refusing++;
    traffic.open++;
    const context = new PeerContext({
      connection: ++this.#lastNumber,
      transport: traffic.door,
      remote,
      address: ipOf(connection),
      certificate: connection.certificate,
      identity: connection.identity,
    });
    const isRefused = refusal !== undefined;
    const peer = { connection, context, traffic, isRefused, done: undefined };
    runInConnection(context, () => this.#begin(peer, converse, refusal));
  }

  #begin(
    peer: Admitted,
    converse: (peer: NewConnection) => Conversation,
    refusal: string | undefined,
  ): void {
    let conversation: Conversation;
    try {
      conversation = converse({ ...peer, refusal });
    } catch (error) {
      log("server").error("Cannot begin a conversation: {error}", { error });
      return this.#leave(peer);
    }
    log("server").debug("Connected");
    const end = (error?: unknown) => {
      if (error !== undefined) log("server").error("Session failed: {error}", { error });
      log("server").debug("Disconnected");
      this.#conversations.delete(conversation);
      this.#leave(peer);
    };
    // Not awaited: a suspended async frame for every connection would take memory.
    peer.done = conversation.run().then(end, end);
    this.#conversations.set(conversation, peer);
    if (this.#farewell !== undefined) conversation.stop(this.#farewell);
  }

  #leave({ connection, context, traffic, isRefused }: Admitted): void {
    connection.close();
    context.end();
    traffic.open--;
    if (isRefused) this.#refusing--;
    else this.#limits.leave(connection.address);
  }

  async #check(): Promise<void> {
    const { nextTurn = () => setImmediate() } = this.#options;
    const strides = new Strides(nextTurn, CHECKED_AT_ONCE);
    for (const entry of this.#conversations) {
      const turn = strides.step();
      if (turn) await turn;
      this.#handle(entry, (conversation) => conversation.check());
    }
    if (this.#reserve?.isHeld === false && this.#limits.liftCap()) this.#reserve.hold();
    if (this.sessionCount > 0) this.#vanished.close(this.#connections());
    if (!this.#cancelCheck) return;
    this.#cancelCheck = this.#options.clock.after(CHECK_INTERVAL_MS, () => this.#check());
  }

  /** Calls `work` for a conversation. If it fails, that connection is closed. */
  #handle(
    [conversation, { connection, context }]: readonly [Conversation, Admitted],
    work: (conversation: Conversation) => void,
  ): void {
    try {
      work(conversation);
    } catch (error) {
      runInConnection(context, () => log("server").error("Session failed: {error}", { error }));
      connection.close();
    }
  }
}

/** A connection that is served, or told that there is no room for it. */
interface Admitted {
  readonly connection: ByteConnection;
  readonly context: PeerContext;
  readonly traffic: DoorTraffic;
  readonly isRefused: boolean;
  /** Resolves once the conversation has ended, in whatever way; `undefined` until it begins. */
  done: Promise<void> | undefined;
}

/** A session served by a service. */
class LineConversation implements Conversation {
  readonly #session: Session;
  readonly #serve: (session: Session) => Promise<void>;

  constructor(session: Session, serve: (session: Session) => Promise<void>) {
    this.#session = session;
    this.#serve = serve;
  }

  get queuedBytes(): number {
    return this.#session.outbox.queuedBytes;
  }

  run(): Promise<void> {
    return this.#session.run(this.#serve);
  }

  check(): void {
    this.#session.check();
  }

  stop(farewell: string): void {
    this.#session.stop(`* ${farewell}`);
  }
}

function refuse(
  sentence: string,
  connection: ByteConnection,
): (session: Session) => Promise<void> {
  return async (session) => {
    session.tell(sentence);
    connection.exit?.(1);
    await session.program?.exit(1);
    await session.end();
  };
}

/** The options of the session of a command. */
function commandOptions(
  options: SessionOptions,
  service: Service,
  { text }: RemoteCommand,
): SessionOptions {
  const { isFloodControlled, ...input } = service.commandInput?.(text) ?? {};
  const guard = isFloodControlled === false ? undefined : options.guard;
  // Its input may be silent for as long as it likes.
  return { ...options, ...input, guard, idleMs: undefined };
}

async function runCommand(session: Session, service: Service): Promise<void> {
  const program = session.program!;
  try {
    if (service.runCommand) return await program.exit(await service.runCommand(session, program));
    program.writeError(`! ${service.name} has no commands. Connect without one.\n`);
    await program.exit(1);
  } catch (error) {
    program.writeError("! Internal error. It was logged; try again later.\n");
    log("server").error("A command failed: {error}", { error });
    await program.exit(1);
  }
}

/** The peer's IP address; `undefined` for a Unix socket, whose peers have numbers instead. */
function ipOf({ address, localAddress }: ByteConnection): string | undefined {
  return localAddress === undefined ? undefined : address;
}
