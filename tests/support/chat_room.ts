/**
 * The chat without sockets: guests type lines and check the lines they are shown, so that a test
 * reads like a transcript.
 *
 * @module
 */

import { Tokens } from "../../lib/domain/access/accounts/tokens.ts";
import { AccessControl } from "../../lib/domain/access/access_control.ts";
import { Accounts } from "../../lib/domain/access/accounts/accounts.ts";
import type { BlockLimits } from "../../lib/domain/text/block.ts";
import { ServerPassword } from "../../lib/domain/access/login/server_password.ts";
import { assertEquals } from "@std/assert";
import { LocalSequencer } from "../../lib/backplane/local.ts";
import { RoomRegistry } from "../../lib/domain/rooms/room_registry.ts";
import type { SearchService } from "../../lib/domain/search/search.ts";
import type { Sequencer } from "../../lib/domain/sequencer.ts";
import type { StateStore } from "../../lib/domain/state_store.ts";
import { Chat } from "../../lib/service/chat/chat.ts";
import { openChatContext, reservedNicknames } from "../../lib/service/chat/chat_context.ts";
import type { ChatContext } from "../../lib/service/chat/chat_session.ts";
import { MemoryStateStore } from "../../lib/store/memory/state_store.ts";
import { FakeClock } from "./fake_clock.ts";
import { QUICK_HASHER } from "./quick_hasher.ts";
import {
  type OpenSession,
  SessionPeer,
  Sessions,
  type SessionsOptions,
  settle,
} from "./session_peer.ts";
import { TelnetTerminal, type TelnetTerminalOptions } from "./telnet_terminal.ts";
import { TrialLog } from "./trial_log.ts";

export { settle };

/** Of the accounts that {@linkcode ChatRoom.addAccount} creates. */
const PASSWORD = "correct horse";

export interface ChatRoomOptions extends SessionsOptions {
  /** Share it with another chat to simulate a restart. */
  readonly log?: TrialLog;
  readonly state?: StateStore;
  readonly search?: SearchService;
  readonly access?: AccessControl;
  /** To begin with those that the state store has. @default {none} */
  readonly accounts?: Accounts;
  /** Whether only people with an account may enter. */
  readonly isClosed?: boolean;
  readonly serverPassword?: string;
  readonly blocks?: BlockLimits;
  /** @default {none} */
  readonly tokens?: Tokens;
  /** That of a node of a cluster. @default {the chat is the only one} */
  readonly sequencer?: Sequencer;
  readonly firstOrigin?: number;
}

/** A running chat and its guests. */
export class ChatRoom implements AsyncDisposable {
  readonly clock: FakeClock;
  readonly log: TrialLog;
  readonly sequencer: Sequencer;
  readonly state: StateStore;
  readonly registry: RoomRegistry;
  readonly access: AccessControl;
  readonly accounts: Accounts;
  readonly chat: ChatContext;
  readonly #sessions: Sessions;
  readonly #guests: Guest[] = [];

  constructor(options: ChatRoomOptions = {}) {
    const clock = this.clock = options.clock ?? new FakeClock();
    const state = this.state = options.state ?? new MemoryStateStore(clock);
    const setState = state instanceof MemoryStateStore ? state.set.bind(state) : undefined;
    const log = this.log = options.log ?? new TrialLog(clock, setState);
    const sequencer = this.sequencer = options.sequencer ?? new LocalSequencer(log, clock);
    const access = this.access = options.access ?? new AccessControl({ ...options, clock });
    const isShared = options.sequencer !== undefined;
    const registry = new RoomRegistry({ log, sequencer, access, isShared });
    this.registry = registry;
    const reservedNames = reservedNicknames(["chat", "logger"]);
    const accounts = this.accounts = options.accounts ??
      Accounts.empty({ state, clock, hasher: QUICK_HASHER, reservedNames });
    const { search, serverPassword: password } = options;
    const chat = this.chat = openChatContext({
      registry,
      log,
      search,
      access,
      accounts,
      serverPassword: password === undefined ? undefined : new ServerPassword({ password, clock }),
      tokens: options.tokens ?? new Tokens({ state, accounts, clock }),
      state,
      clock,
      reservedNames,
      blocks: options.blocks,
      firstOrigin: options.firstOrigin,
    });
    const service = new Chat({ chat, clock, nameDeadlineMs: () => 60_000 });
    this.#sessions = new Sessions(service, { ...options, clock });
  }

  /** Connects a guest, and waits a moment as for a client that might speak first. */
  connect(transport?: string): Guest {
    return this.#seat(new Guest(this.#sessions.open(transport)));
  }

  /** Connects a guest with a terminal, and waits until the telnet negotiation is over. */
  async connectTerminal(options: Partial<TelnetTerminalOptions> = {}): Promise<TerminalGuest> {
    const session = this.#sessions.open("telnet");
    const guest = this.#seat(new TerminalGuest(session, { columns: 80, rows: 24, ...options }));
    await this.#shown();
    await this.clock.advance(200);
    await this.#shown();
    return guest;
  }

  /** Enters a guest with a terminal; the text shown so far stays on the screen. */
  async enterTerminal(
    name: string,
    options?: Partial<TelnetTerminalOptions>,
  ): Promise<TerminalGuest> {
    const guest = await this.connectTerminal(options);
    guest.type(`${name}\r`);
    await this.paint();
    return guest;
  }

  /** Lets all terminals paint their queued output. */
  async paint(): Promise<void> {
    await this.#shown();
    for (let round = 0; round < 3; round++) {
      await this.clock.advance(40);
      await this.#shown();
    }
  }

  /** Enters a guest, and skips everything shown to anybody so far. */
  async enter(name: string, ...password: string[]): Promise<Guest> {
    const guest = this.connect();
    guest.say(name, ...password);
    await settle();
    if (!guest.transcript.includes(`* You are ${name}.`)) {
      throw new Error(`${name} cannot enter: ${guest.transcript}`);
    }
    for (const guest of this.#guests) guest.forget();
    return guest;
  }

  /** Creates an account. */
  async addAccount(name: string, isOperator = false): Promise<void> {
    await this.accounts.register(name, PASSWORD, { isOperator, isTrusted: true });
  }

  /**
   * Enters somebody with an account of that name, which is created if there is none, in a room
   * besides the lobby.
   */
  async logIn(
    name: string,
    { isOperator = false, room }: { readonly isOperator?: boolean; readonly room?: string } = {},
  ): Promise<Guest> {
    if (!this.accounts.find(name)) await this.addAccount(name, isOperator);
    const guest = await this.enter(name, PASSWORD);
    if (room !== undefined) {
      guest.say(`/join ${room}`);
      await settle();
      for (const guest of this.#guests) guest.forget();
    }
    return guest;
  }

  /** Enters several guests in turn. */
  async enterAll(...names: string[]): Promise<Guest[]> {
    const guests: Guest[] = [];
    for (const name of names) guests.push(await this.enter(name));
    return guests;
  }

  /** Advances the clock by `ms` milliseconds, checking the sessions as the server does. */
  async advance(ms: number): Promise<void> {
    await this.#sessions.advance(ms);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const guest of this.#guests) await guest.leave();
    // The parting messages of all guests are stored now.
    await this.registry.settled();
  }

  /** Waits until all terminals have shown, and answered, everything they were sent. */
  async #shown(): Promise<void> {
    await settle();
    for (const guest of this.#guests) {
      if (guest instanceof TerminalGuest) await guest.terminal.shown();
    }
    await settle();
  }

  #seat<SomeGuest extends Guest>(guest: SomeGuest): SomeGuest {
    this.#guests.push(guest);
    return guest;
  }
}

/** A person who types lines and reads the answers. */
export class Guest extends SessionPeer {
  /** Length of the transcript that has been read. */
  #seen = 0;

  /** Types lines. */
  say(...lines: string[]): void {
    this.send(...lines);
  }

  /** Waits until nothing more happens, and expects exactly these new lines. */
  async expect(...lines: string[]): Promise<void> {
    assertEquals(await this.read(), lines);
  }

  /** Waits until nothing more happens; returns the new lines. */
  async read(): Promise<string[]> {
    await settle();
    const text = this.transcript.slice(this.#seen);
    this.forget();
    if (text === "") return [];
    if (!text.endsWith("\r\n")) throw new Error(`Line without an end: ${JSON.stringify(text)}`);
    return text.slice(0, -2).split("\r\n");
  }

  /** Types a line, and expects exactly these lines as the answer. */
  async ask(line: string, ...lines: string[]): Promise<void> {
    this.say(line);
    await this.expect(...lines);
  }

  /** Skips all new lines. */
  forget(): void {
    this.#seen = this.transcript.length;
  }
}

/** A guest with a terminal. */
export class TerminalGuest extends Guest {
  readonly terminal: TelnetTerminal;

  constructor(session: OpenSession, options: TelnetTerminalOptions) {
    super(session);
    this.terminal = new TelnetTerminal(options, (bytes) => this.sendBytes(bytes));
  }

  type(keys: string): void {
    this.terminal.type(keys);
  }

  /** The rows of the screen, without empty ones at the end. */
  async rows(): Promise<string[]> {
    await settle();
    await this.terminal.shown();
    const rows = this.terminal.screen.lines.map((row) => row.trimEnd());
    while (rows.at(-1) === "") rows.pop();
    return rows;
  }

  /** The text of the cursor's row before the cursor. */
  async beforeCursor(): Promise<string> {
    await settle();
    await this.terminal.shown();
    return this.terminal.screen.textBeforeCursor;
  }

  override async leave(): Promise<void> {
    await super.leave();
    await this.terminal.shown();
    this.terminal.close();
  }

  protected override look(bytes: Uint8Array): void {
    this.terminal.receive(bytes);
  }
}
