/**
 * Carries out what a sender asks of the logger before its first log line; `controls.ts` lists the
 * requests.
 *
 * @module
 */

import type { LineBatch } from "../../server/framing/framer.ts";
import type { Session } from "../../server/session/session.ts";
import { type Control, Preamble } from "./controls.ts";
import { type LineRecorder, shiftDamage } from "./line_recorder.ts";
import type { LogLineParser } from "./log_line_parser.ts";
import { Acknowledgements, type NoteAcknowledged } from "./receipt.ts";
import type { RequestedReceipt } from "./requested_receipt.ts";
import type { ReturningSender } from "./returning_sender.ts";
import type { SenderPermit } from "./sender_permit.ts";

export interface SenderRequestsOptions {
  readonly session: Pick<Session, "answer">;
  readonly parser: LogLineParser;
  readonly recorder: LineRecorder;
  readonly receipt: RequestedReceipt;
  readonly sender: ReturningSender;
  readonly permit: SenderPermit;
  /** Keeps what is acknowledged, before it is. @default {it is not kept} */
  readonly noteAcknowledged?: NoteAcknowledged;
  /** Whether nothing more is stored, so that no request is carried out either. */
  isOver(): boolean;
  /** Ends the service to this sender with a sentence. */
  refuse(sentence: string): void;
  /** Tells a sender that it may not write. @param reason A sentence; `undefined` if it may. */
  turnAway(reason: string | undefined): void;
}

export class SenderRequests {
  readonly #options: SenderRequestsOptions;
  readonly #preamble = new Preamble();
  #acknowledgements: Acknowledgements | undefined;
  #hasName = false;

  constructor(options: SenderRequestsOptions) {
    this.#options = options;
  }

  /** `undefined` until the sender asks for them. */
  get acknowledgements(): Acknowledgements | undefined {
    return this.#acknowledgements;
  }

  /** Carries out the requests at the front of a batch; returns the other lines. */
  async obey(batch: LineBatch): Promise<LineBatch> {
    if (this.#preamble.isOver) return batch;
    const { lines, damage } = batch;
    const controls = this.#preamble.read(lines);
    for (const control of controls) await this.execute(control);
    const start = controls.length;
    if (start === 0) return batch;
    return { ...batch, lines: lines.slice(start), damage: shiftDamage(damage, -start) };
  }

  /** @throws {DomainError} `no-such-event`, if there is nothing to resume after. */
  async execute(control: Control): Promise<void> {
    const { session, parser, recorder, receipt, sender, permit, ...connection } = this.#options;
    if (connection.isOver()) return;
    switch (control.kind) {
      case "name":
        parser.source = control.name;
        this.#hasName = true;
        break;
      case "ack": {
        const { noteAcknowledged } = connection;
        this.#acknowledgements = new Acknowledgements(control.lines, session, noteAcknowledged);
        break;
      }
      case "token":
        connection.turnAway(permit.present(control.secret));
        recorder.account = permit.account;
        return;
      case "resume":
        connection.turnAway(permit.objection);
        if (connection.isOver()) return;
        return await this.#resume(control.seq);
      case "receipt":
        return receipt.request();
    }
    if (this.#acknowledgements && this.#hasName) sender.register();
  }

  async #resume(seq: number | undefined): Promise<void> {
    const { session, sender, refuse } = this.#options;
    if (!this.#hasName) {
      return refuse("! @resume needs the name of the source. Send a line @NAME before it.");
    }
    const after = await sender.resume(seq);
    if (after !== undefined) session.answer(`resume #${after}`);
  }
}
