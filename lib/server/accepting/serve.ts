/**
 * Accepts connections, runs a conversation for each, and stops.
 *
 * @module
 */

import { setImmediate } from "node:timers/promises";
import { type Clock, sleep } from "../../clock.ts";
import { log } from "../../log.ts";
import type { ByteConnection, Listener } from "../../transport/connection.ts";
import type {
  Conversation,
  ConversationOptions,
  Converse,
  NewConnection,
} from "../connections/conversation.ts";
import { type AdmittedConnection, Conversations } from "../connections/conversations.ts";
import { PeerContext } from "../connections/peer_context.ts";
import { PeerProbes } from "../connections/peer_probes.ts";
import { DoorCounters, type DoorTraffic } from "../door_traffic.ts";
import { FairBudget } from "../fairness/fair_budget.ts";
import { FloodGuard } from "../fairness/flood_guard.ts";
import { KeyTime } from "../fairness/paced_bytes.ts";
import { LineSplitter } from "../framing/line_framer.ts";
import { Flusher } from "../output/flusher.ts";
import type { OutboxOptions } from "../output/outbox.ts";
import { type Binding, LineDoor, type LineDoorOptions } from "../session/line_door.ts";
import { acceptConnections } from "./accept_loop.ts";
import { ConnectionLimits } from "./connection_limits.ts";
import { DescriptorReserve } from "./descriptor_reserve.ts";
import { VanishedPeers } from "./vanished_peers.ts";

/** How often the time limits of conversations are checked. */
const CHECK_INTERVAL_MS = 1000;
/** Refused connections that may be open at a time; more are closed without a word. */
const MAX_REFUSING = 3;
/** How long connections are accepted after the server was told to stop, in milliseconds. */
const ACCEPT_MS = 20;
const FAREWELL = "The server is stopping. All messages are saved.";

/** The limits of a server, which may change while it runs. */
export interface ServerLimits {
  /** Most connections at a time; 0 for no limit. */
  readonly maxConnections: number;
  /** Most connections at a time from one address; 0 for no limit. */
  readonly maxPerAddress: number;
  /** Lines per second that a connection may send in the long run; 0 for any number. */
  readonly floodRate: number;
  /** Lines that a connection may send at once. */
  readonly floodBurst: number;
  /** Bytes queued for a peer above which it counts as slow. */
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
  readonly #lineOptions: LineDoorOptions;
  readonly #listeners = new Set<Listener>();
  readonly #conversations: Conversations;
  readonly #reserve: DescriptorReserve | undefined;
  readonly #vanished: VanishedPeers;
  #lastNumber = 0;
  /** Refused connections that are still open. */
  #refusing = 0;
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
    const onEnd = (peer: AdmittedConnection) => this.#forget(peer);
    this.#conversations = new Conversations({ nextTurn, onEnd });
    const keyTime = new KeyTime();
    const outbox = this.#outboxOptions = {
      capacityBytes: options.outboxBytes,
      // In a large room, polling sockets each turn takes a tenth of the time: only while keys are read.
      flusher: new Flusher(clock, () => keyTime.typing > 0 ? pollSockets() : nextTurn()),
    };
    this.#conversationOptions = {
      clock,
      budget,
      probes: new PeerProbes(options),
      stallMs: () => this.#stallMs,
      guard: new FloodGuard({ rate: options.floodRate, burst: options.floodBurst, clock }),
      outbox,
    };
    const splitter = new LineSplitter();
    const { webUrl } = options;
    this.#lineOptions = { ...this.#conversationOptions, splitter, keyTime, webUrl };
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
    return this.#conversations.count;
  }

  /** Bytes queued for all peers, for the one for which most are, and as many as may be. */
  get queues(): { readonly bytes: number; readonly most: number; readonly limit: number } {
    return { ...this.#conversations.queues, limit: this.#outboxOptions.capacityBytes };
  }

  /** As {@linkcode Conversations.slowest}. */
  slowest(most: number): ReturnType<Conversations["slowest"]> {
    return this.#conversations.slowest(most);
  }

  /** Serves lines to everybody who connects, until the server stops. */
  async listen(listener: Listener, binding: Binding): Promise<void> {
    const { service } = binding;
    const traffic = this.doors.at(service.name, binding.scheme);
    const own = { ...this.#lineOptions, traffic };
    const door = new LineDoor(binding, own);
    await this.#accept(listener, traffic, (peer) => door.converse(peer));
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
    this.#conversations.stop(farewell);
    // The system has accepted those in the listeners' queues, and taken what they sent.
    await sleep(this.#options.clock, ACCEPT_MS);
    this.#isClosed = true;
    for (const listener of this.#listeners) listener.close();
    await this.#conversations.ended();
    this.#reserve?.release();
    this.#cancelCheck?.();
    this.#cancelCheck = undefined;
  }

  /** Closes all connections at once, for when stopping takes too long. */
  abort(): void {
    for (const connection of this.#conversations.connections()) connection.close();
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
    const peer = { connection, context, traffic, refusal, done: undefined };
    this.#conversations.begin(peer, converse);
  }

  #forget({ connection, traffic, refusal }: AdmittedConnection): void {
    traffic.open--;
    if (refusal !== undefined) this.#refusing--;
    else this.#limits.leave(connection.address);
  }

  async #check(): Promise<void> {
    await this.#conversations.check();
    if (this.#reserve?.isHeld === false && this.#limits.liftCap()) this.#reserve.hold();
    if (this.sessionCount > 0) this.#vanished.close(this.#conversations.connections());
    if (!this.#cancelCheck) return;
    this.#cancelCheck = this.#options.clock.after(CHECK_INTERVAL_MS, () => this.#check());
  }
}

/** The peer's IP address; `undefined` for a Unix socket, whose peers have numbers instead. */
function ipOf({ address, localAddress }: ByteConnection): string | undefined {
  return localAddress === undefined ? undefined : address;
}
