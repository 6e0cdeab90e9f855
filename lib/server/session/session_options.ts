/**
 * Options shared by all sessions of a listener.
 *
 * @module
 */

import type { Charset } from "../../codec/charset.ts";
import type { PeerProbes } from "../connections/peer_probes.ts";
import type { TimeLimitsOptions } from "../connections/time_limits.ts";
import type { DoorTraffic } from "../door_traffic.ts";
import type { FairBudget } from "../fairness/fair_budget.ts";
import type { FloodGuard } from "../fairness/flood_guard.ts";
import type { KeyTime } from "../fairness/paced_bytes.ts";
import type { Framing } from "../framing/framing.ts";
import type { LineSplitter } from "../framing/line_framer.ts";
import type { HttpDetection, RefusedPeer } from "../framing/wrong_protocol.ts";
import type { OutboxOptions } from "../output/outbox.ts";

export interface SessionOptions extends TimeLimitsOptions {
  /** Delays lines that come too fast. @default {none are delayed} */
  readonly guard?: FloodGuard;
  /** How peers are told why their session ends. @default {as people read it, e.g. "! Goodbye."} */
  readonly phrase?: (line: string) => string;
  /** Whether a line does not count for flood control. @default {every line counts} */
  readonly isUncounted?: (line: string) => boolean;
  /** Main-thread time, shared by all connections. @default {the session's own} */
  readonly budget?: FairBudget;
  /** Finds out whether the peer's machine is still there. @default {it is taken to be there} */
  readonly probes?: Pick<PeerProbes, "isReachable">;
  readonly outbox: OutboxOptions;
  /** Counts the bytes. @default {nobody wants to know} */
  readonly traffic?: DoorTraffic;
  readonly splitter: LineSplitter;
  /** The time for keys, shared by all sessions of the server. @default {the session's own} */
  readonly keyTime?: KeyTime;
  readonly maxLineBytes: number;
  /** As in `Service`. */
  readonly maxBlockLineBytes?: number;
  /** @default {"line"} */
  readonly framing?: Framing;
  /** The encoding of lines that are not UTF-8. @default {UTF-8} */
  readonly charset?: Charset;
  /** Whether a command reads {@linkcode Session.chunks} instead of lines. @default {false} */
  readonly isRaw?: boolean;
  /** How HTTP requests are detected. @default {"request line"} */
  readonly http?: HttpDetection;
  /** Called at the end of a session with a peer of another protocol. */
  readonly onRefused?: (peer: RefusedPeer) => void;
  /** The options of the endpoint that are for the service, e.g. `framing`. */
  readonly endpointOptions?: ReadonlyMap<string, string>;
  /** Whether to open telnet negotiation, instead of only answering it. */
  readonly offersTelnet: boolean;
  /**
   * Whether peers are programs. One that was never answered probably does not read, and gets no
   * farewell: as long as that is unread, it would not notice that the connection has ended
   * (rsyslogd), and lose what it sends next.
   */
  readonly isForPrograms?: boolean;
  /** Whether telnet commands are not looked for, and stay in the text. */
  readonly keepsTelnet?: boolean;
  /**
   * Where visitors with a browser are sent. A host of `0.0.0.0` or `[::]` stands for the address
   * that the visitor connected to.
   */
  readonly webUrl?: string;
}
