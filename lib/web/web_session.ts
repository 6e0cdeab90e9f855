/**
 * A WebSocket client from hello to goodbye: handles its messages and keeps its place in rooms.
 * `README.md` beside this file documents the protocol.
 *
 * @module
 */

import type { Account } from "../domain/access/account.ts";
import type { Asker } from "../domain/access/asker.ts";
import { isDirectRoom, partnerIn } from "../domain/access/direct_room.ts";
import { missing } from "../domain/access/permissions.ts";
import { countLines, isBlock, requireFitting } from "../domain/block.ts";
import { DomainError } from "../domain/domain_error.ts";
import { whyRefused } from "../domain/log_error.ts";
import { nameKey, parseRoomName } from "../domain/name.ts";
import type { RoomStream } from "../domain/room_stream.ts";
import { log } from "../log.ts";
import { tellInvitations } from "../service/chat/invitation_notice.ts";
import { referenceIn, replyTo } from "../service/chat/acts/message_acts.ts";
import { resolveReference } from "../service/chat/event_reference.ts";
import { askForName } from "../service/chat/ask_for_name.ts";
import { ChatMember } from "../service/chat/chat_member.ts";
import { ChatSession, MAX_ROOMS } from "../service/chat/chat_session.ts";
import { commandsOf, runCommand, takesBlock } from "../service/chat/commands/mod.ts";
import { logIn, useAccount } from "../service/chat/log_in.ts";
import { DigestReader } from "../service/chat/digest_reader.ts";
import { findRecipient, sendPrivately } from "../service/chat/private_messages.ts";
import { type SayReceipt, SayReceipts } from "../service/chat/receipts.ts";
import { VERSION } from "../version.ts";
import { EVENT_NUMBERS, FieldError, Fields } from "./fields.ts";
import { toErrorMessage } from "./problem.ts";
import { accountHandlers } from "./account_handlers.ts";
import type { Needs, Ref, ServerMessage, TokenJson } from "./protocol.ts";
import { type Handler, queryHandlers } from "./query_handlers.ts";
import { RoomMarks } from "./room_marks.ts";
import { serverPasswordNeeded } from "./server_password.ts";
import type { Replaceable, WebContext } from "./web_context.ts";
import { WebScreen } from "./web_screen.ts";
import { MAX_MESSAGE_BYTES, type WebSocketPeer } from "./web_socket.ts";

/** Longest command in bytes of UTF-8; the same as for a line of chat. */
const MAX_COMMAND_BYTES = 4096;
/** Messages from one client that may wait to be stored before reading pauses. */
const MAX_UNSTORED = 64;
const FIRST_ROOM = "lobby";
const encoder = new TextEncoder();
/** Close code (RFC 6455 section 7.4.1), as for other limits: clients connect again. */
const POLICY_VIOLATION = 1008;
/** Close code: another connection has taken over. */
const TAKEN_OVER = 4001;

/** Codes of refusals after which a `hello` with a password may help. */
const PASSWORD_CODES: ReadonlySet<string> = new Set([
  "login-needed",
  "wrong-password",
  "slow-down",
]);

export class WebSession implements Replaceable {
  readonly #socket: WebSocketPeer;
  readonly #web: WebContext;
  readonly #screen: WebScreen;
  readonly #member: ChatMember;
  readonly #marks: RoomMarks;
  readonly person: ChatSession;
  /**
   * A later connection that knows it may take over the name, and keeps it: a page may be loaded
   * again before it has seen the `welcome` of the last time.
   */
  #secret: string = crypto.randomUUID();
  readonly #handlers: ReadonlyMap<string, Handler>;
  /** Whether the client has given the password of the server. */
  #isAdmitted = false;
  /** The password that the `hello` being handled needs. */
  #needs: Needs | undefined;
  #hasQuit = false;

  constructor(socket: WebSocketPeer, web: WebContext) {
    this.#socket = socket;
    this.#web = web;
    const { chat, digests, frames, people } = web;
    const end = (complaint?: string, isReplaced = false) => {
      // After quitting or logging out, coming back takes the password.
      if (complaint === undefined) this.#hasQuit = true;
      if (complaint === undefined) this.#sayGoodbye("Goodbye.", 1000);
      else this.#sayGoodbye(complaint, isReplaced ? TAKEN_OVER : POLICY_VIOLATION);
    };
    const account = () => chat.accounts.find(member.account ?? "");
    const member = this.#member = new ChatMember(socket.context, chat.firstOrigin);
    const marks = this.#marks = new RoomMarks(web.clock);
    const screen = this.#screen = new WebScreen(
      { socket, frames, people, account, marks, end },
      member,
    );
    const reader = new DigestReader({ ...chat, digests, member, screen });
    this.person = new ChatSession({ chat, member, screen, reader });
    this.person.receipts = new SayReceipts();
    this.#handlers = new Map(
      Object.entries({
        ...this.#ownHandlers(),
        ...queryHandlers(web, this.#screen, this.person),
      }),
    );
  }

  /** Serves the client until its messages end. */
  async run(): Promise<void> {
    const socket = this.#socket;
    this.#awaitHello();
    socket.onStop = (farewell) => {
      this.#screen.send({ type: "bye", text: farewell });
    };
    try {
      for await (const text of socket.messages()) {
        await this.#handle(text);
        if (socket.isEnded) return;
      }
    } catch (error) {
      log("web").error("WebSocket session failed: {error}", { error });
      socket.close(1011, "Internal error");
    } finally {
      // A client that has a token can send it again.
      const { sessions, ended } = this.#web;
      const isLatest = sessions.get(this.#secret) === this;
      if (isLatest) sessions.delete(this.#secret);
      if (isLatest && !this.#hasQuit && !this.#member.token) {
        ended.add(this.#secret, this.#member.account);
      }
      this.#member.revoked?.removeEventListener("abort", this.#onRevoked);
      await this.person.depart("");
      await this.#marks.store(this.person);
    }
  }

  async giveWay(): Promise<void> {
    this.#sayGoodbye("You are now connected from another window or device.", TAKEN_OVER);
    await this.person.depart("");
  }

  #awaitHello(): void {
    const nameDeadlineMs = this.#web.nameDeadlineMs();
    const sentence = `No hello came within ${nameDeadlineMs / 1000} seconds.`;
    this.#socket.setDeadline(nameDeadlineMs, sentence);
  }

  async #handle(text: string): Promise<void> {
    let ref: Ref | undefined;
    if (!isPing(text)) await this.#socket.pace();
    try {
      const fields = Fields.ofJson(text);
      ref = fields.ref();
      const type = fields.text("type");
      // A client that does not read its answers gets no further ones.
      if (this.#socket.isEnded || !await this.#screen.ready()) return;
      this.#screen.request = { ref };
      await this.#handlerOf(type)(fields, ref);
    } catch (error) {
      const message = toErrorMessage(error, ref);
      const isAbout = PASSWORD_CODES.has(message.code);
      if (isAbout && this.#needs) this.#awaitHello();
      this.#screen.answer(isAbout ? { ...message, needs: this.#needs } : message);
    } finally {
      this.#screen.request = {};
      this.#needs = undefined;
    }
  }

  #handlerOf(type: string): Handler {
    const handler = this.#handlers.get(type);
    if (!handler) {
      throw new FieldError(`Unknown message type "${type.slice(0, 40)}".`);
    }
    const isKnown = this.person.nickname !== "";
    if (!isKnown && type !== "hello" && type !== "ping") {
      throw new FieldError("Say hello first.");
    }
    if (isKnown && type === "hello") throw new FieldError("You have already said hello.");
    return handler;
  }

  #ownHandlers(): Record<string, Handler> {
    return {
      hello: (fields, ref) => this.#hello(fields, ref),
      ...accountHandlers(this.person, this.#screen),
      join: async (fields) => {
        await this.#enter(fields);
        if (!this.person.isBehind) this.#screen.showLive();
      },
      leave: async (fields) => {
        const room = this.#requireRoom(fields);
        await this.#settled();
        this.person.leave(room);
      },
      say: (fields, ref) => this.#say(fields, ref),
      private: async (fields, ref) => {
        const body = await this.#body(fields);
        const name = fields.text("to");
        const seq = fields.optionalNumber("reply", EVENT_NUMBERS);
        const to = findRecipient(this.person, name);
        const receipt = this.#receipt(ref);
        if (seq === undefined) return await sendPrivately(this.person, to, body, receipt);
        const partner = "account" in to ? to.account.key : name;
        const reference = await resolveReference(this.person, `@${partner}`, seq);
        await replyTo(this.person, reference, { kind: "message", body, receipt });
      },
      read: (fields) => this.#read(fields),
      command: (fields, ref) => this.#runCommand(fields, ref),
    };
  }

  async #hello(fields: Fields, ref: Ref | undefined): Promise<void> {
    const rooms = fields.optionalList("rooms", MAX_ROOMS);
    const secret = fields.optionalText("session");
    const token = fields.optionalText("token");
    const asker = token === undefined
      ? undefined
      : this.#web.chat.tokens.require(token, this.#socket.context.address);
    const name = asker ? fields.optionalText("name") ?? asker.nickname : fields.text("name");
    const password = fields.optionalText("password");
    const before = this.#before(secret);
    this.#admit(asker !== undefined || before !== undefined, fields.optionalText("serverPassword"));
    if (secret !== undefined) await this.#web.sessions.get(secret)?.giveWay();
    // Messages from the replaced connection then count as past events, not as live ones.
    await this.#settled();
    if (this.#socket.isEnded) return;
    // What is said meanwhile is not the answer.
    this.#screen.request = {};
    this.#actWith(asker);
    this.#needs = "password";
    if (asker) await askForName(this.person, name);
    else if (before?.account?.key === nameKey(name)) await useAccount(this.person, before.account);
    else if (password !== undefined) await logIn(this.person, name, password);
    else await askForName(this.person, name);
    this.#needs = undefined;
    this.#screen.request = { ref };
    if (this.#socket.isEnded) return;
    this.#socket.clearDeadline();
    if (secret !== undefined && before) this.#secret = secret;
    this.#web.ended.delete(this.#secret);
    this.#web.sessions.set(this.#secret, this);
    this.#screen.answer(this.#welcome(ref));
    this.#screen.isWelcome = true;
    if (this.#member.account !== undefined && !token) this.#screen.showAccount();
    if (rooms) {
      for (const room of rooms) {
        await this.#orExplain(room.text("room"), () => this.#enter(room), ref);
      }
    } else {
      for (const room of this.#member.onlyRooms ?? [FIRST_ROOM]) {
        await this.#orExplain(room, () => this.#enterRoom(room), ref);
      }
    }
    await this.person.correspondence.begin();
    await tellInvitations(this.person);
    this.#screen.isArriving = false;
    if (!this.person.isBehind) this.#screen.showLive();
  }

  /** What the client of an earlier connection had proven. */
  #before(secret: string | undefined): { readonly account: Account | undefined } | undefined {
    if (secret === undefined) return undefined;
    const { sessions, ended, chat: { accounts } } = this.#web;
    const session = sessions.get(secret);
    if (!session) return ended.find(secret);
    const { account, token } = session.person.member;
    // Who had only a token has not proven that the account is theirs.
    return { account: token ? undefined : accounts.find(account ?? "") };
  }

  /** Asks for the password of the server, if it has one. @throws {DomainError} */
  #admit(isKnown: boolean, given: string | undefined): void {
    const { serverPassword } = this.#web.chat;
    if (!serverPassword || this.#isAdmitted) return;
    this.#needs = "serverPassword";
    if (given !== undefined) serverPassword.check(given, this.#socket.context.address);
    else if (!isKnown) throw serverPasswordNeeded();
    this.#isAdmitted = true;
    this.#needs = undefined;
  }

  readonly #onRevoked = () => {
    this.#sayGoodbye(this.#member.revoked!.reason.message, POLICY_VIOLATION);
  };

  /** Acts as the account of a token, until it is revoked. */
  #actWith(asker: Asker | undefined): void {
    if (asker?.revoked?.aborted) throw asker.revoked.reason;
    this.#member.revoked?.removeEventListener("abort", this.#onRevoked);
    this.#member.actWith(asker);
    asker?.revoked?.addEventListener("abort", this.#onRevoked);
  }

  #welcome(ref: Ref | undefined): ServerMessage {
    return {
      type: "welcome",
      ref,
      name: this.person.nickname,
      session: this.#secret,
      token: this.#tokenJson(),
      version: VERSION,
      at: new Date().toISOString(),
      limits: {
        bodyBytes: this.#web.chat.blocks.bytes,
        bodyLines: this.#web.chat.blocks.lines,
        messageBytes: MAX_MESSAGE_BYTES,
        rooms: MAX_ROOMS,
      },
      commands: commandsOf(this.#web.chat).filter(({ name }) => name !== "set")
        .map(({ name, usage, summary }) => ({ name, usage, summary })),
    };
  }

  #tokenJson(): TokenJson | undefined {
    const { token } = this.#member;
    if (!token) return undefined;
    return { account: token.nickname, rooms: token.onlyRooms && [...token.onlyRooms] };
  }

  /** One room that cannot be entered does not keep the client out of the others. */
  async #orExplain(
    room: string,
    enter: () => Promise<void>,
    ref: Ref | undefined,
  ): Promise<void> {
    try {
      await enter();
    } catch (error) {
      this.#screen.answer({ ...toErrorMessage(error, ref), room });
    }
  }

  async #enter(fields: Fields): Promise<void> {
    const key = fields.optionalText("key");
    const name = this.#roomName(fields.text("room"), key);
    const after = fields.optionalNumber("after", EVENT_NUMBERS);
    await this.#enterRoom(name, { after, key, read: fields.optionalNumber("read", EVENT_NUMBERS) });
  }

  /** @param place.read How far the client has read the room; the account may have read further. */
  async #enterRoom(
    asked: string,
    { after, key, read }: { after?: number; key?: string; read?: number } = {},
  ): Promise<void> {
    let name = this.person.currentName(asked, key);
    if (name === asked && after !== undefined && !this.person.findRoom(name)) {
      name = await this.#web.queries(this.person.sees).wentOn(name, after);
    }
    if (name !== asked) {
      // Message numbers of the old room mean nothing in the new one.
      await this.#enterRoom(name, { key });
      return this.#screen.showForward(asked, name);
    }
    const known = this.#marks.of(name);
    const mark = read === undefined || known === undefined ? read ?? known : Math.max(read, known);
    const unread = mark === undefined
      ? undefined
      : await this.#web.queries(this.person.sees).unread(name, mark);
    if (this.#socket.isEnded) return;
    this.#screen.request = { ...this.#screen.request, unread, read: mark };
    const room = this.person.findRoom(name);
    if (room) this.#screen.showEntry(room, false);
    else await this.person.enter(name, { after, key });
    const entered = this.person.findRoom(name);
    if (entered && read !== undefined) this.#noteRead(entered, read);
  }

  #noteRead({ name, lastSeq }: RoomStream, seq: number): void {
    this.#marks.note(this.person, name, Math.min(seq, lastSeq));
  }

  /** As with `/join`: without a key, two words are a mistyped name. */
  #roomName(text: string, key: string | undefined): string {
    const hasKey = this.#web.chat.access.rules(text)?.key !== undefined;
    return parseRoomName(key === undefined || hasKey ? text : `${text} ${key}`);
  }

  async #say(fields: Fields, ref: Ref | undefined): Promise<void> {
    const kind = fields.optionalChoice("kind", ["message", "action"]) ?? "message";
    const body = await this.#body(fields);
    const reply = fields.optionalNumber("reply", EVENT_NUMBERS);
    const room = this.#requireRoom(fields, { isNumbered: reply !== undefined });
    const receipt = this.#receipt(ref);
    if (reply === undefined) {
      this.person.turnTo(room);
      this.person.say(kind, body, receipt);
    } else {await replyTo(this.person, referenceIn(this.person, room, reply), {
        kind,
        body,
        receipt,
      });}
    await this.#web.chat.registry.backpressure();
    if (this.person.receipts!.count >= MAX_UNSTORED) await this.#settled();
  }

  /** Answers a request once what it says has been stored, or could not be. */
  #receipt(ref: Ref | undefined): SayReceipt {
    return (room, outcome) => {
      this.#screen.answer(
        typeof outcome === "number"
          ? { type: "said", ref, room, seq: outcome }
          : { type: "error", ref, code: "not-stored", text: notStored(outcome) },
      );
    };
  }

  /** Notes how far the person has read a room or a conversation. */
  async #read(fields: Fields): Promise<void> {
    const { sees, member, correspondence } = this.person;
    const room = sees.parseName(fields.text("room"));
    const seq = fields.number("seq", EVENT_NUMBERS);
    if (!isDirectRoom(room)) return this.#noteRead(this.#requireRoom(fields), seq);
    const partner = partnerIn(room, member.account);
    const conversation = partner === undefined ? undefined : await correspondence.with(partner);
    if (!conversation) throw missing(sees.label(room));
    correspondence.noteRead(conversation.partner, Math.min(seq, conversation.lastSeq));
  }

  async #runCommand(fields: Fields, ref: Ref | undefined): Promise<void> {
    const line = await this.#commandLine(fields);
    const hasRoom = fields.optionalText("room") !== undefined;
    this.person.turnTo(hasRoom ? this.#requireRoom(fields) : undefined);
    // The command sees everything said before it, in history for example.
    await this.#settled();
    try {
      await runCommand(this.person, line);
    } catch (error) {
      this.#screen.answer(toErrorMessage(error, ref));
    }
    this.#screen.answer({ type: "done", ref });
  }

  /** The text of a message. Each of its lines counts for flood control. */
  async #body(fields: Fields): Promise<string> {
    const body = fields.body("body");
    if (isBlock(body)) {
      requireFitting(body, this.#web.chat.blocks);
      await this.#socket.paceBlock(countLines(body) - 1);
    }
    return body;
  }

  async #commandLine(fields: Fields): Promise<string> {
    const text = fields.text("line");
    if (!text.startsWith("/")) throw new FieldError('"line" must begin with /.');
    if (!isBlock(text) || !takesBlock(text)) {
      const line = fields.line("line");
      const { length } = encoder.encode(line);
      if (length <= MAX_COMMAND_BYTES || takesBlock(line)) return line;
      throw new DomainError(
        "too-long",
        `A command may have up to ${MAX_COMMAND_BYTES} bytes; this one has ${length}.`,
      );
    }
    const line = fields.body("line");
    await this.#socket.paceBlock(countLines(line) - 1);
    return line;
  }

  /** @param isNumbered Whether a number comes with it, which means nothing under another name. */
  #requireRoom(fields: Fields, { isNumbered = true } = {}): RoomStream {
    const name = parseRoomName(fields.text("room"));
    const current = isNumbered ? undefined : this.#screen.moves?.current(name);
    const room = this.person.findRoom(name) ?? this.person.findRoom(current ?? name);
    if (room) return room;
    throw new DomainError("not-in-room", `You are not in #${name}. Join it first.`);
  }

  #settled(): Promise<void> {
    return this.#web.chat.registry.settled();
  }

  #sayGoodbye(text: string, code: number): void {
    if (this.#socket.isEnded) return;
    this.#screen.send({ type: "bye", text });
    this.#socket.close(code, text);
  }
}

function notStored(reason: Error): string {
  return "The message could not be stored, so nobody has seen it. " +
    `The server's ${whyRefused(reason)}; try again later.`;
}

/** A ping in any other spelling is only slower. */
function isPing(text: string): boolean {
  return text.startsWith('{"type":"ping"');
}
