/**
 * One IRC client from its first line to its last: what it has told of itself, what it can do, and
 * the way to it.
 *
 * @module
 */

import { formatIrcMessage, type IrcMessage, type IrcReply } from "../../codec/irc_message.ts";
import { encodeLine } from "../../codec/line_encoder.ts";
import { DomainError } from "../../domain/domain_error.ts";
import { log } from "../../log.ts";
import type { Outbox } from "../../server/output/outbox.ts";
import type { Session } from "../../server/session/session.ts";
import { ChatMember } from "../chat/chat_member.ts";
import { ChatSession } from "../chat/chat_session.ts";
import { numericOf } from "./errors.ts";
import { ReadTimes } from "./history/read_times.ts";
import type { IrcServer } from "./irc_context.ts";
import type { IrcClient } from "./irc_door.ts";
import { toIrcNick } from "./irc_names.ts";
import { IrcScreen } from "./irc_screen.ts";
import { inIrcWords } from "./irc_words.ts";
import { Answer } from "./lines/answer_batch.ts";
import { formOf } from "./lines/event_tags.ts";
import { Registration } from "./registration.ts";
import { IrcReader } from "./rooms/irc_reader.ts";
import { SaslDialogue } from "./sasl_dialogue.ts";
import type { IncomingBlock } from "./speech/incoming_block.ts";
import type { Verb } from "./verb.ts";

const encoder = new TextEncoder();

export class ConnectedClient implements IrcClient {
  readonly irc: IrcServer;
  readonly session: Session;
  readonly member: ChatMember;
  readonly person: ChatSession;
  readonly reader: IrcReader;
  readonly registration: Registration;
  readonly readTimes: ReadTimes;
  readonly sasl: SaslDialogue = new SaslDialogue(this);
  /** As `USER` gave it, with `~` in front. */
  user = "";
  realname = "";
  /** Letters of the modes that the client has set for itself. */
  readonly modes = new Set<string>();
  /** The last word for a room that is just being left. */
  partText = "";
  /** Resolves once the names of the room joined last have been sent. */
  namesSent: Promise<void> | undefined;
  /** The nickname that the client has written to last. */
  addressed: string | undefined;
  /** The text of several lines that the client is sending. */
  block: IncomingBlock | undefined;
  /** When a line last came, by the monotonic clock in milliseconds. */
  heardAt: number;
  /** Whether a line of the client's is being handled, so that the next one waits for us. */
  isBeingServed = false;
  #caps: ReadonlySet<string> = new Set();
  #form = 0;
  #answer: Answer | undefined;
  #batches = 0;
  #isLeaving = false;

  constructor(session: Session, irc: IrcServer) {
    this.irc = irc;
    this.session = session;
    const { chat } = irc;
    const member = this.member = new ChatMember(session.context, chat.firstOrigin, "irc");
    member.details = this;
    const screen = new IrcScreen(this);
    const reader = this.reader = new IrcReader(this);
    this.person = new ChatSession({ chat, member, screen, reader });
    this.registration = new Registration(this);
    this.readTimes = new ReadTimes(this);
    this.heardAt = irc.clock.monotonic();
    irc.clients.set(member, this);
    irc.census.unregistered.add(this);
  }

  /** The nickname as the client knows it; `*` before there is one. */
  get nick(): string {
    return this.person.nickname === "" ? "*" : toIrcNick(this.person.nickname);
  }

  /** `nick!user@host` */
  get mask(): string {
    return this.irc.people.maskOf(this.person);
  }

  get isRegistered(): boolean {
    return this.registration.isDone;
  }

  /** Whether the client is about to be disconnected, so that it is told of no rooms it leaves. */
  get isLeaving(): boolean {
    return this.#isLeaving;
  }

  /** The capabilities in force. */
  get caps(): ReadonlySet<string> {
    return this.#caps;
  }

  set caps(caps: ReadonlySet<string>) {
    this.#caps = caps;
    this.#form = formOf(caps);
  }

  /** The form of its lines; see `event_tags.ts`. */
  get form(): number {
    return this.#form;
  }

  /** The answer to the line being handled, if it is to be labelled. */
  get answer(): Answer | undefined {
    return this.#answer;
  }

  /** The outbox for messages that answer nothing; sends the answer held back so far first. */
  get outbox(): Outbox {
    this.#answer?.release();
    return this.session.outbox;
  }

  /** Sends a numeric reply: `:server NUMERIC nick params`, the last one as text. */
  reply(numeric: string, ...params: string[]): void {
    this.send({
      source: this.irc.settings.serverName,
      verb: numeric,
      params: [this.nick, ...params],
      trailing: true,
    });
  }

  /** Sends a message, as part of the answer to the line being handled, if there is one. */
  send(message: IrcReply): void {
    if (this.#answer) this.#answer.add(message);
    else this.sendUnasked(message);
  }

  /** Sends a message that answers nothing. It must arrive, unless the client has been removed. */
  sendUnasked(message: IrcReply): void {
    if (this.session.isEnded) return;
    void this.outbox.send(encodeLine(this.#format(message)));
  }

  /** Does something of which nothing is part of the answer to the line being handled. */
  aside(act: () => void): void {
    const answer = this.#answer;
    answer?.release();
    this.#answer = undefined;
    try {
      act();
    } finally {
      this.#answer = answer;
    }
  }

  /** Sends lines, each with its end, as part of an answer that has no label. */
  sendLines(text: string): void {
    if (!this.session.isEnded) void this.session.outbox.send(encoder.encode(text));
  }

  /**
   * Sends a message about somebody else, which answers nothing. A client that has not read what it
   * was sent before does without: others could send it such messages for ever.
   */
  inform(message: IrcReply): void {
    this.outbox.push(encodeLine(this.#format(message)));
  }

  /**
   * Sends messages if there is room for all of them.
   *
   * @param isKept Whether they can be read again later, so that a reserve is left for answers.
   */
  offer(messages: readonly IrcReply[], isKept: boolean): boolean {
    const { outbox } = this;
    const bytes = encoder.encode(
      messages.map((message) => `${this.#format(message)}\r\n`).join(""),
    );
    return isKept ? outbox.offer(bytes) : outbox.push(bytes);
  }

  /** Asks the client to show that it is there. */
  ping(): void {
    this.sendUnasked({ verb: "PING", params: [this.irc.settings.serverName], trailing: true });
  }

  /** A name for a batch, which no other batch of this client has. */
  nextBatch(): string {
    return (++this.#batches).toString(36);
  }

  /** Resolves once there is room for more of a long answer; `false` if the client is gone. */
  async ready(): Promise<boolean> {
    await this.session.turn();
    return await this.session.outbox.ready();
  }

  /** Runs a verb: labels its answer, and explains what goes wrong. */
  run(verb: Verb, message: IrcMessage): Promise<void> | undefined {
    const label = this.#caps.has("labeled-response") ? message.tags.get("label") : undefined;
    const answer = label === undefined ? undefined : new Answer(this, label);
    const outer = this.#answer;
    // The client may know the new name of a channel already.
    this.person.visits.follow();
    this.#answer = answer;
    // An answer may be about what has not been told.
    this.irc.modes.flush();
    const end = () => {
      this.#answer = outer;
      answer?.end();
    };
    try {
      const running = verb.run(this, message);
      if (running || answer) return this.#finish(verb, message, running).finally(end);
    } catch (error) {
      this.explain(error, verb.name, message.params[0]);
    }
    end();
    return undefined;
  }

  async #finish(verb: Verb, message: IrcMessage, running: Promise<unknown> | void): Promise<void> {
    try {
      await running;
      // What was just said comes back as part of the answer.
      if (this.#answer && verb.isSpeech) await this.irc.chat.registry.settled();
    } catch (error) {
      this.explain(error, verb.name, message.params[0]);
    }
  }

  /** Tells the client why something cannot be done. */
  explain(error: unknown, verb: string, about = verb): void {
    if (error instanceof DomainError) {
      const numeric = numericOf(error.code);
      // The parameter may have been given as text.
      const subject = about === "" || /[ :]/.test(about) ? verb : about;
      return this.reply(numeric, subject, inIrcWords(error.message));
    }
    log("irc").error("Cannot carry out {verb}: {error}", { verb, error });
    this.reply("400", verb, "Internal error. It was logged; try again later.");
  }

  /**
   * Says goodbye, and ends the session once that has been sent.
   *
   * @param isOwn Whether the client has asked for it.
   */
  async leave(farewell: string, why: string, isOwn?: true): Promise<void> {
    this.#isLeaving = true;
    await this.person.depart(farewell, isOwn);
    this.close(why);
  }

  /** Ends the session with an `ERROR`. */
  close(why: string): void {
    if (this.session.isEnded) return;
    this.#isLeaving = true;
    this.send({ verb: "ERROR", params: [`Closing link: ${why}`], trailing: true });
    this.#answer?.end();
    void this.session.end();
  }

  #format(message: IrcReply): string {
    const { tags } = message;
    return formatIrcMessage(tags && !this.#mayHaveTags ? { ...message, tags: undefined } : message);
  }

  get #mayHaveTags(): boolean {
    const caps = this.#caps;
    return caps.has("message-tags") || caps.has("server-time") || caps.has("batch") ||
      caps.has("labeled-response") || caps.has("account-tag");
  }
}
