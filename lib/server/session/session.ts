/**
 * One connected client from hello to goodbye, as a service sees it: lines in, lines out.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { waitFor } from "../../clock.ts";
import type { Erasure } from "../../codec/erasure.ts";
import type { LineDamage } from "../../codec/line_decoder.ts";
import { encodeLine } from "../../codec/line_encoder.ts";
import type { ConnectionContext } from "../../context.ts";
import type { ByteConnection, RemoteTerminal } from "../../transport/connection.ts";
import { DRAIN_MS, untilQuiet } from "../connections/drain.ts";
import { TimeLimits } from "../connections/time_limits.ts";
import { FairBudget } from "../fairness/fair_budget.ts";
import type { WorkAccount } from "../fairness/work_account.ts";
import type { LineBatch } from "../framing/framer.ts";
import type { LineCursor } from "../framing/line_cursor.ts";
import { GracefulClose } from "../output/graceful_close.ts";
import type { Outbox } from "../output/outbox.ts";
import { noteStalledPeer } from "../output/stalled_peer.ts";
import { TelnetKeepAlive } from "../terminal/telnet_keep_alive.ts";
import { Terminal, type TerminalUser } from "../terminal/terminal.ts";
import { Program } from "./program.ts";
import { type InputSession, SessionInput } from "./session_input.ts";
import type { SessionOptions } from "./session_options.ts";

/** How long the service waits for a first line before it speaks: HTTP must be answered first. */
const HELLO_DELAY_MS = 200;
/** How long the service waits for a telnet client to say what terminal it is. */
const TERMINAL_DELAY_MS = 250;

const NO_OPTIONS: ReadonlyMap<string, string> = new Map();

export class Session implements InputSession, TerminalUser {
  readonly context: ConnectionContext;
  readonly outbox: Outbox;
  readonly terminal: Terminal;
  /** The command that the peer wants instead of a conversation, if any. */
  readonly program: Program | undefined;
  /** Set by a service while it owes the peer an answer: a peer that waits for us is not idle. */
  owesAnswer = false;
  /**
   * Called when the server stops, once everything the peer sent is read; awaited before the
   * goodbye.
   */
  onStop: (() => Promise<void>) | undefined;
  readonly #connection: ByteConnection;
  readonly #options: SessionOptions;
  readonly #work: WorkAccount;
  readonly #input: SessionInput;
  readonly #limits: TimeLimits;
  /** Created for a peer that knows telnet, and with the end. */
  #keepAlive: TelnetKeepAlive | undefined;
  #closing: GracefulClose | undefined;
  /** Called once the service has returned, if that is waited for. */
  #onServed: (() => void) | undefined;
  #isServed = false;
  /** The last line for the peer; set once the server stops. */
  #farewell: string | undefined;
  /** Whether the connection broke before the session ended. */
  #isGone = false;

  constructor(connection: ByteConnection, context: ConnectionContext, options: SessionOptions) {
    this.#connection = connection;
    this.context = context;
    this.#options = options;
    const { clock, budget = new FairBudget({ clock }) } = options;
    const work = this.#work = budget.account();
    this.#limits = new TimeLimits(options);
    this.terminal = new Terminal(this, options);
    this.outbox = this.terminal.outbox;
    const { command, terminal } = connection;
    this.program = command &&
      new Program({
        command,
        terminal,
        exit: (status) => connection.exit?.(status),
        output: this.outbox,
        outbox: options.outbox,
      });
    this.outbox.onBreak = () => {
      context.end?.();
      if (this.isEnded) return;
      this.#isGone = true;
      this.#input.lines.cut();
    };
    this.#input = new SessionInput(this, { connection, work }, options);
  }

  /** Whether the session is over, except for output still on its way to the peer. */
  get isEnded(): boolean {
    return this.#closing !== undefined;
  }

  /** Whether it ends because the server stops. */
  get isStopping(): boolean {
    return this.#farewell !== undefined;
  }

  /** The part of the peer's address that identifies its machine; see `ByteConnection`. */
  get address(): string {
    return this.#connection.address;
  }

  /** Longest line in bytes. */
  get maxLineBytes(): number {
    return this.#options.maxLineBytes;
  }

  /** Whether the line that was read last is longer than {@linkcode maxLineBytes}. */
  isTooLong(line: string): boolean {
    const { damage, maxLineBytes: most } = this;
    if (damage && damage.cutBytes > 0) return true;
    // A UTF-16 unit has at most three bytes.
    return line.length * 3 > most && Buffer.byteLength(line) > most;
  }

  /** Whether nothing has arrived that waits for the service. */
  get isPeersTurn(): boolean {
    return this.#input.isWaiting;
  }

  /** The options of the endpoint that are for the service. */
  get endpointOptions(): ReadonlyMap<string, string> {
    return this.#options.endpointOptions ?? NO_OPTIONS;
  }

  /** Whether the peer counts octets; known once it has sent a line. */
  get isOctetCounted(): boolean {
    return this.#input.isOctetCounted;
  }

  /** The damage to the line that was read last; `undefined` for none. */
  get damage(): LineDamage | undefined {
    return this.#input.lines.damage;
  }

  /** The lines that the peer sends, until it ends its side or the session ends. */
  get lines(): LineCursor {
    return this.#input.lines;
  }

  /**
   * After the end of the lines: those not served because the connection broke or the server
   * stopped.
   */
  get unservedLines(): readonly string[] {
    return this.#isGone || this.#farewell !== undefined ? this.#input.unread : [];
  }

  /**
   * The same in batches of all lines that have arrived, without flood control: for services that
   * receive thousands of lines a second.
   */
  get batches(): AsyncIterable<LineBatch> {
    return this.#input.batches();
  }

  /**
   * Bytes as they come, instead of {@linkcode Session.lines}, for endpoints with `framing=raw`:
   * neither telnet nor HTTP is looked for. A chunk is valid until the next one is asked for.
   */
  get chunks(): AsyncIterable<Uint8Array> {
    return this.#input.chunks();
  }

  /** What to await before costly work for the peer, if anything; see {@linkcode FairBudget}. */
  turn(): Promise<void> | undefined {
    return this.#work.turn();
  }

  /** Whether the next lines are part of a block: see {@linkcode Session.paceBlock}. */
  set isInBlock(isInBlock: boolean) {
    this.#input.lines.isInBlock = isInBlock;
  }

  /** Counts lines that flood control has not counted; returns what to await, if anything. */
  paceBlock(lines: number): Promise<void> | undefined {
    return this.#input.lines.paceBlock(lines);
  }

  /** Queues a line of text; returns `false` if a slow peer's outbox has no room for it. */
  send(line: string): boolean {
    return this.outbox.push(encodeLine(line));
  }

  /** Queues a line for the person at the other end, who may be running a command. */
  tell(line: string): void {
    const { phrase } = this.#options;
    if (this.program) this.program.writeError(`${line}\n`);
    else this.send(phrase ? phrase(line) : line);
  }

  /** Queues a line that must arrive; returns what to await before the next one, if anything. */
  answer(line: string): Promise<boolean> | undefined {
    return this.outbox.send(encodeLine(line));
  }

  /**
   * Resolves to whether the peer's machine is still there, within a few seconds; see
   * {@linkcode PeerProbes}.
   *
   * @param nudge Sends the peer a line. Not called if its client ignores a command of telnet.
   * @param onDoubt Called if it does not answer within a moment.
   */
  async isReachable(nudge: () => void, onDoubt: () => void): Promise<boolean> {
    const { probes } = this.#options;
    if (!probes || this.isEnded) return true;
    const peer = {
      activity: this.#limits,
      replies: false,
      nudge: () => this.terminal.knowsTelnet ? this.#keptAlive.nudge() : nudge(),
    };
    return await probes.isReachable(this.#connection, peer, onDoubt);
  }

  /** Disconnects with `sentence` after `ms` milliseconds, unless {@linkcode clearDeadline} is called. */
  setDeadline(ms: number, sentence: string): void {
    this.#limits.setDeadline(ms, sentence);
  }

  clearDeadline(): void {
    this.#limits.clearDeadline();
  }

  /** Ends the session: queued output is sent, and nothing more is read. Safe to call again. */
  end(): Promise<void> {
    if (!this.isEnded) this.terminal.leave();
    const { clock } = this.#options;
    if (!this.#closing) {
      this.#closing = new GracefulClose(this.#connection, this.outbox, clock);
      if (this.isStopping) this.#closing.hurry(this.#input.received);
    }
    const ended = this.#closing.begin();
    this.#input.end();
    return ended;
  }

  /**
   * Ends the session because the server stops, with `farewell` as the last line. Lines that have
   * arrived, and those that arrive within a bounded time, still go to the service, which finishes
   * the one it is working on. Batches and chunks go to it until the connection is closed. Never
   * rejects.
   */
  async stop(farewell: string): Promise<void> {
    if (this.isEnded) return this.#closing?.hurry(this.#input.received);
    const { clock } = this.#options;
    this.#farewell = farewell;
    if (this.program) {
      this.tell(farewell);
      this.program.stop();
    }
    this.#input.lines.stopPacing();
    await untilQuiet(clock, () => this.isEnded || this.#isQuiet);
    this.#input.lines.end();
    if (!this.#input.isWaiting && !this.#isServed) {
      const served = new Promise<void>((resolve) => this.#onServed = resolve);
      await waitFor(served, clock, DRAIN_MS);
    }
    if (this.onStop) await waitFor(this.onStop(), clock, DRAIN_MS);
    this.#sayFarewell();
    this.end();
  }

  /** Closes the connection at once, and drops queued output. */
  abort(): void {
    this.outbox.abandon();
    this.terminal.close();
    this.#connection.close();
  }

  /** Runs `serve` from the peer's first line, or its silence, to the end of the connection. */
  async run(serve: (session: Session) => Promise<void>): Promise<void> {
    try {
      if (!this.#isRaw && !this.#isMet) await this.#meet();
      else if (this.#hasTerminal) await this.terminal.introduce();
      // Otherwise Ctrl-C would not be read by a command that reads nothing.
      else if (this.program?.hasTerminal && !this.#isRaw) this.#input.startKeys();
      if (!this.isEnded) await serve(this);
    } catch (error) {
      this.tell("! Internal error");
      throw error;
    } finally {
      this.#isServed = true;
      this.#onServed?.();
      this.#sayFarewell();
      this.end();
      await this.#closing!.finish(() => this.#input.discard());
      this.terminal.close();
    }
  }

  /** Enforces the time limits; called about once a second. */
  check(): void {
    const isReading = this.#input.isWaiting || this.#isRaw;
    // While we are not reading, only a write reveals a dead peer.
    if (!isReading) this.outbox.probe();
    if (this.terminal.knowsTelnet) this.#keptAlive.check();
    // A peer whose lines wait for us, because of a flood or a busy service, is not silent.
    const isWaitedFor = isReading && !this.owesAnswer;
    const verdict = this.#limits.check(this.outbox, isWaitedFor, this.terminal.isHolding);
    if (!verdict) return;
    if ("isStalled" in verdict) {
      const { stallMs, traffic } = this.#options;
      noteStalledPeer(this.context, stallMs(), traffic);
      return this.abort();
    }
    if (this.isEnded) return;
    this.tell(verdict.sentence);
    this.end();
  }

  /** This and the following are part of {@linkcode InputSession} and {@linkcode TerminalUser}. */
  get sink(): ByteConnection {
    return this.#connection;
  }

  get remote(): RemoteTerminal | undefined {
    return this.#connection.command ? undefined : this.#connection.terminal;
  }

  get keepsTelnet(): boolean {
    return this.#options.keepsTelnet || (this.#isMet && !this.#hasTerminal);
  }

  startKeys(): void {
    this.#input.startKeys();
  }

  erase(what: Erasure): void {
    this.#input.erase(what);
  }

  noteRead(): void {
    this.#limits.noteRead();
  }

  /** A peer that has closed both sides wants no answers. */
  noteEnd(): void {
    this.outbox.probe();
  }

  refuse(answer: Uint8Array): void {
    this.outbox.push(answer);
    this.end();
  }

  get #keptAlive(): TelnetKeepAlive {
    return this.#keepAlive ??= new TelnetKeepAlive(this.terminal, this.#options.clock);
  }

  #sayFarewell(): void {
    if (this.program) return;
    const isHeard = !this.#options.isForPrograms || this.outbox.takenBytes > 0;
    if (this.#farewell !== undefined && isHeard && !this.isEnded) this.tell(this.#farewell);
  }

  /** Whether nothing has arrived since this was last read, and nothing waits for the service. */
  get #isQuiet(): boolean {
    const isSilent = this.#limits.takeSilence();
    return isSilent && !this.owesAnswer && (this.#input.isWaiting || this.#isRaw);
  }

  /** Whether the transport has asked who the peer is, which then speaks no other protocol. */
  get #isMet(): boolean {
    return this.#connection.identity !== undefined;
  }

  get #hasTerminal(): boolean {
    return this.#connection.terminal !== undefined && !this.program;
  }

  get #isRaw(): boolean {
    return this.#options.isRaw || this.endpointOptions.get("framing") === "raw";
  }

  /** Gives a peer of another protocol time to speak, and a terminal time to introduce itself. */
  async #meet(): Promise<void> {
    const { clock, offersTelnet } = this.#options;
    const firstLine = this.#input.firstLine();
    await waitFor(firstLine, clock, HELLO_DELAY_MS);
    if (this.isEnded || !offersTelnet) return;
    // So that even the greeting fits the window and appears above the line being typed.
    const introduced = this.terminal.introduce();
    await waitFor(Promise.race([firstLine, introduced]), clock, TERMINAL_DELAY_MS);
  }
}
