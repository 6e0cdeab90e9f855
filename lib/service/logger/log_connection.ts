/**
 * One connection that sends log lines: records its lines and losses, and answers what became of
 * them.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import type { Charset } from "../../codec/charset.ts";
import type { ToEpoch } from "../../codec/syslog_time.ts";
import type { AccessControl } from "../../domain/access/access_control.ts";
import type { Tokens } from "../../domain/access/accounts/tokens.ts";
import type { Asker } from "../../domain/asker.ts";
import type { Author } from "../../domain/author.ts";
import { DomainError } from "../../domain/domain_error.ts";
import type { RoomHistory } from "../../domain/history/room_history.ts";
import { LogLostError, whyRefused } from "../../domain/log_error.ts";
import { toSourceName } from "../../domain/name.ts";
import type { Draft, RoomEvent } from "../../domain/room_event.ts";
import type { RoomRegistry } from "../../domain/rooms/room_registry.ts";
import type { LineBatch } from "../../server/framing/framer.ts";
import type { Session } from "../../server/session/session.ts";
import type { Control } from "./controls.ts";
import { LineRecorder } from "./line_recorder.ts";
import { LogLineParser, type Recognition } from "./log_line_parser.ts";
import { rawLines } from "./raw_lines.ts";
import type { NoteAcknowledged } from "./receipt.ts";
import { Rejection } from "./rejection.ts";
import { RequestedReceipt } from "./requested_receipt.ts";
import { ReturningSender } from "./returning_sender.ts";
import { SenderPermit } from "./sender_permit.ts";
import { SenderRequests } from "./sender_requests.ts";
import type { Senders } from "./senders.ts";

/** Lines recorded before the log's backpressure is checked again. */
const LINES_AT_ONCE = 512;

const encoder = new TextEncoder();

/** Where lines come from, and answers go to. */
export interface LogPeer extends
  Pick<
    Session,
    "context" | "address" | "batches" | "chunks" | "answer" | "end" | "abort" | "isEnded"
  > {
  readonly outbox: Pick<Session["outbox"], "backpressure">;
  readonly isOctetCounted: boolean;
  onStop: Session["onStop"];
}

/** What is done with lines. */
type LineActs = Pick<
  RoomRegistry,
  "attach" | "detach" | "settled" | "caughtUp" | "check" | "record" | "recordLoss" | "linePressure"
>;

/** Shared parts, and the settings of the endpoint. */
export interface LogConnectionOptions {
  readonly registry: LineActs;
  readonly log: RoomHistory;
  readonly clock: Clock;
  readonly senders: Senders;
  readonly access: Pick<AccessControl, "refusal">;
  readonly tokens: Pick<Tokens, "require">;
  /** Whether only senders with a token may write. */
  readonly needsToken: boolean;
  /** Who sends, if the transport has asked. @default {whoever the token belongs to} */
  readonly account?: Asker;
  /** Requests that come before the lines in another way than as lines. @default {none} */
  readonly requests?: readonly Control[];
  /** Keeps what is acknowledged, before it is. @default {it is not kept} */
  readonly noteAcknowledged?: NoteAcknowledged;
  /** As returned by `parseRoomName`. */
  readonly room: string;
  readonly isRaw: boolean;
  readonly recognition: Recognition;
  readonly charset?: Charset;
  readonly toEpoch?: ToEpoch;
  /** Whether requests to the logger may precede the log lines. */
  readonly hasControls: boolean;
  /** The origins of this run begin with this number. */
  readonly firstOrigin: number;
  readonly print?: (line: string) => void;
}

export class LogConnection implements Author {
  readonly origin: number;
  /** The source of lines that do not name one. */
  readonly #address: string;
  readonly #session: LogPeer;
  readonly #options: LogConnectionOptions;
  readonly #parser: LogLineParser;
  readonly #recorder: LineRecorder;
  readonly #receipt: RequestedReceipt;
  readonly #sender: ReturningSender;
  readonly #permit: SenderPermit;
  readonly #requests: SenderRequests;
  /** Set once the sender may not write. */
  #rejection: Rejection | undefined;
  /** Whether to store nothing more. */
  #isOver = false;
  #isComplete = false;

  constructor(session: LogPeer, options: LogConnectionOptions) {
    const { registry, room, clock, print } = options;
    const { context: { connection, transport: via, address: ip }, address } = session;
    this.#session = session;
    this.#options = options;
    this.origin = options.firstOrigin + connection;
    this.#address = toSourceName(address.replace("#", "-"));
    const parser = this.#parser = new LogLineParser({
      room,
      via,
      origin: this.origin,
      source: this.#address,
      recognition: options.recognition,
      toEpoch: options.toEpoch,
      now: () => clock.now(),
    });
    this.#recorder = new LineRecorder({ registry, parser, room, address: ip, via, print });
    this.#recorder.account = options.account;
    this.#receipt = new RequestedReceipt({ session, clock, room, registry });
    this.#sender = new ReturningSender({ ...options, session, parser, abort: () => this.#abort() });
    const onRevoked = (sentence: string) => this.#turnAway(sentence);
    this.#permit = new SenderPermit({ ...options, address: ip, onRevoked });
    this.#requests = new SenderRequests({
      session,
      parser,
      recorder: this.#recorder,
      receipt: this.#receipt,
      sender: this.#sender,
      permit: this.#permit,
      noteAcknowledged: options.noteAcknowledged,
      isOver: () => this.#isOver,
      refuse: (sentence) => this.#refuse(sentence),
      turnAway: (reason) => this.#turnAway(reason),
    });
  }

  /** Whether there was a receipt for all lines. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** How many lines were damaged or lost, by reason. */
  get losses(): LineRecorder["losses"] {
    return this.#recorder.losses;
  }

  /** Records lines until they end, then sends the receipt. */
  async serve(): Promise<void> {
    const { registry, isRaw, charset } = this.#options;
    const session = this.#session;
    registry.attach(this);
    session.onStop = () => this.#finish();
    try {
      for (const request of this.#options.requests ?? []) await this.#requests.execute(request);
      for await (const batch of isRaw ? rawLines(session.chunks, charset) : session.batches) {
        this.#receipt.endSilence();
        const lines = this.#hasControls ? await this.#requests.obey(batch) : batch;
        if (lines.lines.length > 0) this.#turnAway(this.#permit.objection);
        if (this.#rejection) {
          this.#rejection.add(lines.lines);
          continue;
        }
        if (this.#isOver) break;
        await this.#take(this.#isExact ? this.#withoutPart(lines) : lines);
        const wait = session.outbox.backpressure();
        if (wait) await wait;
        this.#receipt.awaitSilence();
      }
      this.#receipt.endSilence();
      await registry.settled();
      await this.#requests.acknowledgements?.settled;
      if (!session.isEnded && !this.#isOver) this.#isComplete = await this.#receipt.send();
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      this.#refuse(`! ${error.message}`);
    } finally {
      this.#receipt.endSilence();
      this.#permit.release();
      this.#recordRefused();
      registry.detach(this);
      this.#sender.end();
    }
  }

  /** Part of {@linkcode Author}. */
  committed(events: readonly RoomEvent[]): void {
    const isAllLog = events.every(({ kind }) => kind === "log");
    this.#count(isAllLog ? events : events.filter(({ kind }) => kind === "log"));
  }

  /** Part of {@linkcode Author}. */
  refused(drafts: readonly Draft[], reason: Error): void {
    const lines = drafts.filter(({ kind }) => kind === "log").length;
    if (lines === 0) return;
    const sentence = `! Lines could not be stored; the server's ${whyRefused(reason)}.`;
    const isFirst = this.#receipt.refusedLines === 0;
    this.#receipt.addRefused(lines);
    if (this.#requests.acknowledgements) {
      // Lines after the lost ones must not be acknowledged: they will be sent again together.
      this.#isOver = true;
      this.#session.answer(`${sentence} Send again what was not acknowledged.`);
      this.#session.end();
    } else if (isFirst) {
      const receipt = reason instanceof LogLostError
        ? ", and there is no receipt"
        : "; the receipt says how many";
      this.#session.answer(`${sentence} They are lost${receipt}.`);
    }
  }

  #abort(): void {
    this.#isOver = true;
    this.#session.abort();
  }

  #refuse(sentence: string): void {
    this.#isOver = true;
    this.#session.answer(sentence);
  }

  /** Tells a sender that it may not write. @param reason A sentence; `undefined` if it may. */
  #turnAway(reason: string | undefined): void {
    if (reason === undefined || this.#isOver) return;
    this.#refuse(`! ${reason}`);
    this.#rejection = new Rejection(this.#options.clock, () => void this.#session.end());
  }

  #recordRefused(): void {
    const refused = this.#rejection?.end();
    if (!refused) return;
    // Strangers must not choose the name.
    if (this.#permit.objection) this.#parser.source = this.#address;
    this.#recorder.recordLoss({ reason: "not-permitted", ...refused });
  }

  /** Whether the sender sends again what was not acknowledged. */
  get #isExact(): boolean {
    return this.#requests.acknowledgements !== undefined || this.#sender.hasResumed;
  }

  /** Whether there may be requests to the logger. */
  get #hasControls(): boolean {
    return this.#options.hasControls && !this.#session.isOctetCounted;
  }

  /** Leaves out a last line without a newline: if the sender was killed, it is incomplete. */
  #withoutPart(batch: LineBatch): LineBatch {
    if (!batch.isUnfinished || batch.lines.length === 0) return batch;
    const { length: bytes } = encoder.encode(batch.lines.at(-1));
    this.#recorder.recordLoss({ reason: "unfinished", lines: 1, bytes });
    return { lines: batch.lines.slice(0, -1), damage: undefined };
  }

  /** Records lines as fast as the log has room for them. */
  async #take(batch: LineBatch): Promise<void> {
    const { registry } = this.#options;
    const { lines, damage } = this.#receipt.holdBack(batch, this.#hasControls);
    const stored = await this.#sender.findStored(lines);
    this.#count(stored);
    for (let start = stored.length, end = start; start < lines.length; start = end) {
      // Checked before, and after each wait: otherwise each of many waiting senders would add a
      // batch.
      for (let wait = registry.linePressure(); wait; wait = registry.linePressure()) await wait;
      if (this.#isOver) return this.#rejection?.add(lines.slice(start));
      end = Math.min(lines.length, start + LINES_AT_ONCE);
      try {
        this.#recorder.record(lines, damage, start, end);
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        this.#turnAway(error.message);
        return this.#rejection?.add(lines.slice(start));
      }
    }
  }

  #count(events: readonly RoomEvent[]): void {
    this.#receipt.add(events);
    if (!this.#isOver) this.#requests.acknowledgements?.add(events);
  }

  /** Sends everything due before the server stops: acknowledgements, and a requested receipt. */
  async #finish(): Promise<void> {
    const { isDue } = this.#receipt;
    this.#receipt.endSilence();
    await this.#options.registry.settled();
    if (isDue && !this.#isOver) await this.#receipt.send();
  }
}
