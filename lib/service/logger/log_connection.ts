/**
 * One connection that sends log lines: its requests, its losses, and the answers about what became
 * of its lines.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import type { Author } from "../../domain/author.ts";
import { DomainError } from "../../domain/domain_error.ts";
import type { RoomHistory } from "../../domain/room_history.ts";
import { nameKey, toSourceName } from "../../domain/name.ts";
import type { Draft, RoomEvent } from "../../domain/room_event.ts";
import type { RoomRegistry } from "../../domain/room_registry.ts";
import type { LineBatch } from "../../server/framer.ts";
import type { Session } from "../../server/session.ts";
import { type Control, Preamble, RECEIPT } from "./controls.ts";
import { LineRecorder, shiftDamage } from "./line_recorder.ts";
import { LogLineParser, type Recognition } from "./log_line_parser.ts";
import { rawLines } from "./raw_lines.ts";
import { Acknowledgements, Receipt } from "./receipt.ts";
import type { Sender, Senders } from "./senders.ts";
import { StoredLines } from "./stored_lines.ts";

/** Milliseconds of silence before a requested receipt is sent. */
const RECEIPT_IDLE_MS = 1000;

/** Lines recorded before the log's backpressure is checked again. */
const LINES_AT_ONCE = 512;

const encoder = new TextEncoder();

/** What all connections share, and what the endpoint asks for. */
export interface LogConnectionOptions {
  readonly registry: RoomRegistry;
  readonly log: RoomHistory;
  readonly clock: Clock;
  readonly senders: Senders;
  /** As returned by `parseRoomName`. */
  readonly room: string;
  readonly isRaw: boolean;
  readonly recognition: Recognition;
  /** Whether requests to the logger may precede the log lines. */
  readonly hasControls: boolean;
  /** The origins of this run begin with this number. */
  readonly firstOrigin: number;
  readonly print?: (line: string) => void;
}

export class LogConnection implements Author, Sender {
  readonly origin: number;
  readonly number: number;
  hasResumed = false;
  readonly #session: Session;
  readonly #options: LogConnectionOptions;
  readonly #parser: LogLineParser;
  readonly #recorder: LineRecorder;
  readonly #receipt: Receipt;
  readonly #done = Promise.withResolvers<void>();
  #acknowledgements: Acknowledgements | undefined;
  readonly #preamble = new Preamble();
  /** Whether a receipt is due after some silence. */
  #wantsReceipt = false;
  /** Whether the last line was `@receipt`; if more lines follow, it was a log line. */
  #holdsReceipt = false;
  #cancelReceipt: (() => void) | undefined;
  /** What is stored of the lines that are sent again. */
  #stored: StoredLines | undefined;
  #hasName = false;
  /** Its key among the senders, if it is one of them. */
  #senderKey: string | undefined;
  #refusedLines = 0;
  /** Whether nothing more is to be stored. */
  #isOver = false;

  constructor(session: Session, options: LogConnectionOptions) {
    const { context } = session;
    this.#session = session;
    this.#options = options;
    this.number = context.connection;
    this.origin = options.firstOrigin + context.connection;
    const { registry, room, print } = options;
    const via = context.transport;
    this.#parser = new LogLineParser({
      room,
      via,
      origin: this.origin,
      source: toSourceName(session.address.replace("#", "-")),
      recognition: options.recognition,
      now: () => options.clock.now(),
    });
    this.#recorder = new LineRecorder({ registry, parser: this.#parser, room, via, print });
    this.#receipt = new Receipt(room);
  }

  get done(): Promise<void> {
    return this.#done.promise;
  }

  abort(): void {
    this.#isOver = true;
    this.#session.abort();
  }

  /** Records lines until they end, then sends the receipt. */
  async serve(): Promise<void> {
    const { registry } = this.#options;
    const session = this.#session;
    registry.attach(this);
    session.onStop = () => this.#finish();
    try {
      for await (const batch of this.#options.isRaw ? rawLines(session.chunks) : session.batches) {
        this.#cancelReceipt?.();
        const lines = this.#preamble.isOver ? batch : await this.#obey(batch);
        if (this.#isOver) break;
        await this.#take(this.#isExact ? this.#withoutPart(lines) : lines);
        const wait = session.outbox.backpressure();
        if (wait) await wait;
        if (this.#wantsReceipt || this.#holdsReceipt) this.#awaitSilence();
      }
      this.#cancelReceipt?.();
      await registry.settled();
      if (!session.isEnded && !this.#isOver) this.#giveReceipt();
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      this.#refuse(`! ${error.message}`);
    } finally {
      this.#cancelReceipt?.();
      registry.detach(this);
      if (this.#senderKey) this.#options.senders.remove(this.#senderKey, this);
      this.#done.resolve();
    }
  }

  /** Part of {@linkcode Author}. */
  committed(events: readonly RoomEvent[]): void {
    const isAllLog = events.every(({ kind }) => kind === "log");
    this.#count(isAllLog ? events : events.filter(({ kind }) => kind === "log"));
  }

  /** Part of {@linkcode Author}. */
  refused(drafts: readonly Draft[], _reason: Error): void {
    const lines = drafts.filter(({ kind }) => kind === "log").length;
    if (lines === 0) return;
    this.#refusedLines += lines;
    if (this.#acknowledgements) {
      // What follows the lost lines must not be acknowledged: it will be sent again with them.
      this.#isOver = true;
      this.#session.answer(
        "! Lines could not be stored; the server's disk may be full. " +
          "Send again what was not acknowledged.",
      );
      this.#session.end();
    } else if (this.#refusedLines === lines) {
      this.#session.answer(
        "! Lines could not be stored; the server's disk may be full. " +
          "They are lost; the receipt says how many.",
      );
    }
  }

  /** Whether the sender sends again what was not acknowledged. */
  get #isExact(): boolean {
    return this.#acknowledgements !== undefined || this.hasResumed;
  }

  /** Leaves out a last line without a newline: if the sender was killed, it is incomplete. */
  #withoutPart(batch: LineBatch): LineBatch {
    if (!batch.isUnfinished || batch.lines.length === 0) return batch;
    const { length: bytes } = encoder.encode(batch.lines.at(-1));
    this.#recorder.recordLoss({ reason: "unfinished", lines: 1, bytes });
    return { lines: batch.lines.slice(0, -1), damage: undefined };
  }

  /** Whether there may be requests to the logger. */
  get #hasControls(): boolean {
    return this.#options.hasControls && !this.#session.isOctetCounted;
  }

  /** Executes the requests to the logger; returns the other lines. */
  async #obey(batch: LineBatch): Promise<LineBatch> {
    const { lines, damage } = batch;
    const controls = this.#hasControls ? this.#preamble.read(lines) : [];
    for (const control of controls) await this.#execute(control);
    const start = controls.length;
    if (start === 0) return batch;
    return { ...batch, lines: lines.slice(start), damage: shiftDamage(damage, -start) };
  }

  async #execute(control: Control): Promise<void> {
    if (this.#isOver) return;
    switch (control.kind) {
      case "name":
        this.#parser.source = control.name;
        this.#hasName = true;
        break;
      case "ack":
        this.#acknowledgements = new Acknowledgements(control.lines, this.#session);
        break;
      case "resume":
        return await this.#resume(control.seq);
      case "receipt":
        this.#wantsReceipt = true;
        return;
    }
    if (this.#acknowledgements && this.#hasName) this.#register();
  }

  /** Registers a sender that may come back under its name. */
  #register(): void {
    if (this.#senderKey) return;
    const { room, senders } = this.#options;
    const { address, context } = this.#session;
    // Its stored lines are found by its name.
    this.#parser.isSourceFixed = true;
    // On a Unix socket every connection has an address of its own, but all are from this machine.
    const machine = context.transport === "unix" ? "" : address;
    this.#senderKey = JSON.stringify([machine, nameKey(room), this.#parser.source]);
    if (!senders.add(this.#senderKey, this)) this.abort();
  }

  async #resume(seq: number | undefined): Promise<void> {
    const { registry, senders, log, room } = this.#options;
    if (!this.#hasName) {
      return this.#refuse("! @resume needs the name of the source. Send a line @NAME before it.");
    }
    this.hasResumed = true;
    this.#register();
    if (this.#isOver) return;
    await senders.endOthers(this.#senderKey!, this);
    await registry.settled();
    const last = (await log.room(room))?.lastSeq ?? 0;
    if (seq !== undefined && seq > last) {
      return this.#refuse(`! #${room} has no #${seq}, so nothing can be resumed after it.`);
    }
    const after = seq ?? last;
    this.#stored = new StoredLines({ log, room, source: this.#parser.source, after, last });
    this.#session.answer(`resume #${after}`);
  }

  #refuse(sentence: string): void {
    this.#isOver = true;
    this.#session.answer(sentence);
  }

  /** Records lines as fast as the log has room for them. */
  async #take(batch: LineBatch): Promise<void> {
    const { registry } = this.#options;
    const { lines, damage } = this.#withReceiptLine(batch);
    for (
      let start = await this.#skipStored(lines), end = start;
      start < lines.length;
      start = end
    ) {
      // Checked before, and after each wait: otherwise each of many waiting senders would add a
      // batch.
      for (let wait = registry.linePressure(); wait; wait = registry.linePressure()) await wait;
      if (this.#isOver) return;
      end = Math.min(lines.length, start + LINES_AT_ONCE);
      this.#recorder.record(lines, damage, start, end);
    }
  }

  /** Holds back `@receipt` in the last line, and restores it if other lines follow. */
  #withReceiptLine({ lines, damage }: LineBatch): LineBatch {
    if (lines.length === 0) return { lines, damage };
    if (this.#holdsReceipt) {
      lines = [RECEIPT, ...lines];
      damage = shiftDamage(damage, 1);
    }
    this.#holdsReceipt = this.#hasControls && lines[lines.length - 1] === RECEIPT;
    return { lines: this.#holdsReceipt ? lines.slice(0, -1) : lines, damage };
  }

  /** The number of lines that are stored already, up to the first that is not. */
  async #skipStored(lines: readonly string[]): Promise<number> {
    if (!this.#stored) return 0;
    const bodies = lines.map((line) => this.#parser.toDraft(line).body);
    const matched = await this.#stored.match(bodies);
    this.#count(matched);
    if (matched.length < lines.length) this.#stored = undefined;
    return matched.length;
  }

  #count(events: readonly RoomEvent[]): void {
    this.#receipt.add(events);
    if (!this.#isOver) this.#acknowledgements?.add(events);
  }

  /** Sends what is due before the server stops: acknowledgements, and a requested receipt. */
  async #finish(): Promise<void> {
    const isReceiptDue = this.#wantsReceipt || this.#holdsReceipt;
    this.#cancelReceipt?.();
    await this.#options.registry.settled();
    if (!isReceiptDue || this.#isOver) return;
    this.#wantsReceipt = this.#holdsReceipt = false;
    this.#giveReceipt();
  }

  #awaitSilence(): void {
    this.#cancelReceipt = this.#options.clock.after(RECEIPT_IDLE_MS, () => {
      this.#wantsReceipt = this.#holdsReceipt = false;
      this.#options.registry.settled().then(() => this.#giveReceipt());
    });
  }

  #giveReceipt(): void {
    const refused = this.#refusedLines;
    this.#session.answer(this.#receipt.toString());
    if (refused === 0) return;
    this.#session.answer(
      refused === 1
        ? "! 1 line could not be stored and is not counted. Send it again."
        : `! ${refused} lines could not be stored and are not counted. Send them again.`,
    );
  }
}
