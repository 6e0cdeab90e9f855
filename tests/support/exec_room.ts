/** Runs commands as people do over SSH, on connections in memory. */

import { ExecPrograms } from "../../lib/cli/exec/exec_programs.ts";
import { type PeerIdentity, runInConnection } from "../../lib/context.ts";
import { LineSplitter } from "../../lib/server/framing/line_framer.ts";
import { Flusher } from "../../lib/server/output/flusher.ts";
import { Session } from "../../lib/server/session/session.ts";
import { connectInMemory, type MemoryPeer } from "../../lib/transport/memory.ts";
import { EVENT_FORMS } from "../../lib/web/api/event_forms.ts";
import { ChatRoom, type ChatRoomOptions, settle } from "./chat_room.ts";

/** What a command has done. */
export interface ExecResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ExecOptions {
  /** Standard input. @default {none, and not its end} */
  readonly input?: string | Uint8Array;
  /** @default {a guest called jack} */
  readonly identity?: PeerIdentity;
}

/** A chat in which commands can be run. */
export class ExecRoom extends ChatRoom {
  readonly programs: ExecPrograms;
  #commands = 0;

  constructor(options: ChatRoomOptions = {}) {
    super(options);
    const { chat, clock, state } = this;
    this.log.forms = EVENT_FORMS;
    this.programs = new ExecPrograms({ chat, clock, state });
  }

  /** Starts a command. */
  start(command: string, { identity = { name: "jack" } }: ExecOptions = {}): ExecPeer {
    const number = 1000 + ++this.#commands;
    const stopping = new AbortController();
    const peer = new ExecPeer(stopping);
    const [connection, memory] = connectInMemory(`192.0.2.7:${number}`);
    const exec = {
      ...connection,
      // As a channel of SSH, which has no use for input then.
      closeWrite() {
        memory.end();
        return connection.closeWrite();
      },
      identity,
      command: {
        text: command,
        signal: stopping.signal,
        writeError: (bytes: Uint8Array) => peer.takeError(bytes),
      },
      exit: (status: number) => void (peer.status = status),
    };
    const { remote } = exec;
    const context = {
      connection: number,
      transport: "ssh",
      remote,
      address: "192.0.2.7",
      identity,
    };
    const { isFloodControlled: _, ...input } = this.programs.inputOf(command);
    const session = new Session(exec, context, {
      clock: this.clock,
      outbox: { capacityBytes: 64 * 1024, flusher: new Flusher(this.clock) },
      splitter: new LineSplitter(),
      maxLineBytes: 4096,
      maxBlockLineBytes: this.chat.blocks.bytes,
      offersTelnet: false,
      stallMs: () => 60_000,
      ...input,
    });
    const running = runInConnection(context, () =>
      session.run(async ({ program }) => {
        await program!.exit(await this.programs.run(session, program!));
      }));
    peer.begin(session, memory, running);
    return peer;
  }

  /** Runs a command to its end. */
  async run(command: string, options: ExecOptions = {}): Promise<ExecResult> {
    const peer = this.start(command, options);
    if (options.input !== undefined) peer.send(options.input);
    peer.endInput();
    return await peer.result();
  }

  /** Runs a command; it must succeed without a complaint. Returns the lines of its output. */
  async lines(command: string, options: ExecOptions = {}): Promise<string[]> {
    const { status, stdout, stderr } = await this.run(command, options);
    if (status !== 0 || stderr !== "") throw new Error(`${command}: ${status} ${stderr}`);
    return stdout === "" ? [] : stdout.replace(/\n$/, "").split("\n");
  }
}

/** The other end of a command. */
export class ExecPeer {
  status: number | undefined;
  stdout = "";
  stderr = "";
  session!: Session;
  #memory!: MemoryPeer;
  #running!: Promise<void>;
  #looking!: Promise<void>;
  #pause: PromiseWithResolvers<void> | undefined;
  readonly #stopping: AbortController;

  constructor(stopping: AbortController) {
    this.#stopping = stopping;
  }

  begin(session: Session, memory: MemoryPeer, running: Promise<void>): void {
    this.session = session;
    this.#memory = memory;
    this.#running = running;
    this.#looking = this.#look();
  }

  send(input: string | Uint8Array): void {
    this.#memory.send(typeof input === "string" ? new TextEncoder().encode(input) : input);
  }

  endInput(): void {
    this.#memory.end();
  }

  /** Sends a signal, as Ctrl-C does at a terminal. */
  interrupt(): void {
    this.#stopping.abort();
  }

  /** Breaks the connection. */
  async vanish(): Promise<void> {
    this.#stopping.abort();
    this.#memory.vanish();
    await this.#running;
  }

  /** Stops reading after the read that is under way. */
  pause(): void {
    this.#pause ??= Promise.withResolvers();
  }

  resume(): void {
    this.#pause?.resolve();
    this.#pause = undefined;
  }

  /** Resolves at the end of the command. */
  async result(): Promise<ExecResult> {
    await this.#running;
    await this.#looking;
    const { status = -1, stdout, stderr } = this;
    return { status, stdout, stderr };
  }

  /** Waits until nothing more happens; returns the new output. */
  async read(): Promise<string> {
    await settle();
    const text = this.stdout;
    this.stdout = "";
    return text;
  }

  takeError(bytes: Uint8Array): Promise<number> {
    this.stderr += new TextDecoder().decode(bytes);
    return Promise.resolve(bytes.length);
  }

  async #look(): Promise<void> {
    const decoder = new TextDecoder();
    for (;;) {
      const bytes = await this.#memory.take();
      await this.#pause?.promise;
      if (!bytes) return;
      this.stdout += decoder.decode(bytes, { stream: true });
    }
  }
}
