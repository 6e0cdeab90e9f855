/**
 * A logger without sockets: senders, and the rooms that they write to.
 *
 * @module
 */

import { AccessControl } from "../../../lib/domain/access/access_control.ts";
import type { Tokens } from "../../../lib/domain/access/accounts/tokens.ts";
import { LocalSequencer } from "../../../lib/backplane/local.ts";
import type { RoomEvent } from "../../../lib/domain/room_event.ts";
import { RoomRegistry } from "../../../lib/domain/rooms/room_registry.ts";
import { Logger } from "../../../lib/service/logger/logger.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { noTokens } from "../../support/token_owners.ts";
import { TrialLog } from "../../support/trial_log.ts";
import { LineScene, type LineSceneOptions, type Peer } from "../line_scene.ts";

/** The first origin of a run. */
const FIRST_ORIGIN = 1000;

export interface LoggerSceneOptions extends LineSceneOptions {
  /** Shared with another scene, to see what is left after a restart. */
  readonly log?: TrialLog;
  readonly firstOrigin?: number;
  /** @default {none} */
  readonly tokens?: Tokens;
}

export class LoggerScene implements AsyncDisposable {
  readonly clock: FakeClock;
  readonly log: TrialLog;
  readonly registry: RoomRegistry;
  readonly access: AccessControl;
  readonly logger: Logger;
  readonly printed: string[] = [];
  readonly #scene: LineScene;

  constructor(options: LoggerSceneOptions = {}) {
    const clock = this.clock = options.clock ?? new FakeClock();
    const log = this.log = options.log ?? new TrialLog(clock);
    const access = this.access = new AccessControl({ clock });
    const registry = new RoomRegistry({ log, sequencer: new LocalSequencer(log, clock), access });
    this.registry = registry;
    this.logger = new Logger({
      registry,
      log,
      access,
      tokens: options.tokens ?? noTokens(),
      clock,
      firstOrigin: options.firstOrigin ?? FIRST_ORIGIN,
      print: (line) => this.printed.push(line),
    });
    this.#scene = new LineScene(this.logger, { ...options, clock });
  }

  connect(): Peer {
    return this.#scene.connect();
  }

  /** Sends a text, ends, and returns the lines received. */
  async pour(text: string | Uint8Array): Promise<string[]> {
    const peer = this.connect();
    if (typeof text === "string") peer.sendText(text);
    else peer.sendBytes(text);
    return await peer.finish();
  }

  /** Advances the clock. */
  async advance(ms: number): Promise<void> {
    await this.clock.advance(ms);
  }

  /** The events of a room. */
  async stored(room = "log"): Promise<RoomEvent[]> {
    await this.registry.settled();
    return await this.log.read(room, 0, 100_000);
  }

  /** The same, as people read them. */
  async read(room = "log"): Promise<string[]> {
    return (await this.stored(room)).map(({ kind, from, body }) =>
      kind === "log" ? `${from}| ${body}` : `* ${kind}: ${body}`
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#scene[Symbol.asyncDispose]();
  }
}

/** The hash in a receipt for these lines. */
export async function digestOf(lines: readonly string[]): Promise<string> {
  const bytes = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(""));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

/** The receipt for lines that have their room to themselves. */
export async function receiptOf(
  lines: readonly string[],
  { firstSeq = 1, room = "log" } = {},
): Promise<string> {
  const last = firstSeq + lines.length - 1;
  const range = lines.length === 0 ? "" : ` as #${firstSeq}-#${last}`;
  return `stored ${lines.length} ${
    lines.length === 1 ? "line" : "lines"
  }${range} in ${room} sha256=${await digestOf(lines)}`;
}
