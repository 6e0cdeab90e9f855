/**
 * The screen of a person with an IRC client. What IRC has no word for is a notice of the server's.
 *
 * @module
 */

import { type Cause, isReaction, type RoomEvent } from "../../domain/room_event.ts";
import type { RoomStream } from "../../domain/rooms/room_stream.ts";
import type { SearchHit } from "../../domain/search/search.ts";
import { log } from "../../log.ts";
import type { DirectConversation } from "../chat/direct/direct_conversation.ts";
import type { Marks } from "../chat/person_store.ts";
import type { PrivateMessage, Screen, SignedNotice, TagNotice } from "../chat/screen.ts";
import { numberedEventText } from "../chat/text/event_text.ts";
import { hitLines } from "../chat/text/hit_text.ts";
import { nickOfAccount } from "./account_nicks.ts";
import { replayUnread } from "./history/replay.ts";
import type { IrcClient } from "./irc_door.ts";
import { toChannel, toIrcNick } from "./irc_names.ts";
import { inIrcWords } from "./irc_words.ts";
import { actTeller, sendAct } from "./lines/act_tags.ts";
import { isByOwnAccount, privateActLine, privateLines } from "./lines/private_lines.ts";
import { shownOnIrc } from "./lines/shown_on_irc.ts";
import { isTextBatch, textMessages } from "./lines/text_messages.ts";
import { signedLines } from "./speech/status_message.ts";
import { relayTagNotice } from "./speech/tag_relay.ts";
import { sendFail } from "./standard_replies.ts";

/** A client that has sent something within this time is there. */
const HEARD_MS = 5000;

export class IrcScreen implements Screen {
  readonly repairs = 0;
  readonly tellsWhy = true;
  readonly #client: IrcClient;
  #recalled: Marks = new Map();
  /** How far rooms had been read on leaving them. */
  readonly #read = new Map<string, number>();
  #shownMask = "";

  constructor(client: IrcClient) {
    this.#client = client;
  }

  /** A client that keeps no marks shows what it is sent at once, as a terminal does. */
  get isReadWhenShown(): boolean {
    return !this.#client.caps.has("draft/read-marker");
  }

  /** Kept with the account alone. */
  get marks(): Marks | undefined {
    const { member, person, reader } = this.#client;
    if (member.account === undefined || !this.isReadWhenShown || reader.isBehind) return undefined;
    for (const { name, lastSeq } of person.rooms) this.#read.set(name, lastSeq);
    return this.#read;
  }

  get recalledMarks(): Marks {
    return this.#recalled;
  }

  recallMarks(marks: Marks): void {
    this.#recalled = marks;
  }

  forgetMarks(): void {
    this.#read.clear();
    this.#recalled = new Map();
  }

  notice(text: string): boolean {
    return this.#show(inIrcWords(text));
  }

  #show(text: string): boolean {
    const { nick: target, irc: { settings: { serverName: source } } } = this.#client;
    for (const message of textMessages({ source, verb: "NOTICE", target, text })) {
      this.#client.send(message);
    }
    return true;
  }

  error(text: string, code = "refused"): void {
    const name = code.replaceAll("-", "_").toUpperCase();
    sendFail(this.#client, "*", name, [], text);
  }

  showNumbered(event: RoomEvent, room?: string): void {
    this.#show(numberedEventText(event, { room }));
  }

  showHit(hit: SearchHit): void {
    for (const line of hitLines(hit)) this.#show(line);
  }

  showPrivate(message: PrivateMessage): boolean {
    const client = this.#client;
    const { from, to, kept } = message;
    const isOwn = kept?.isOwn ?? from === client.person.nickname;
    const lines = privateLines(client, message);
    // What somebody writes to themselves also arrives.
    const arrived = isOwn && from !== to ? [] : lines;
    let echoed = isOwn && client.caps.has("echo-message") ? lines : [];
    if (client.answer && echoed.length > 0) {
      // The answer also tells whether the other person is away.
      if (isTextBatch(echoed) || arrived.length > 0) client.answer.give(echoed);
      else for (const line of echoed) client.send(line);
      echoed = [];
    }
    const all = [...echoed, ...arrived];
    // What does not fit can be read again later, if it is kept; the sender is told if it is not.
    return all.length === 0 || client.offer(all, kept !== undefined);
  }

  showPrivateAct(event: RoomEvent, partner: string): boolean {
    const client = this.#client;
    const line = privateActLine(client, event, partner);
    if (event.kind === "redaction" && !line) {
      const label = client.person.sees.label(event.room);
      return this.notice(`${event.from} redacted ${label}#${event.fields?.of}.`);
    }
    const isEcho = isReaction(event) && isByOwnAccount(client, event);
    if (!line || isEcho && !client.caps.has("echo-message")) return true;
    const isAnswer = client.answer && event.origin === client.member.origin;
    if (!isAnswer) return client.offer([line], true);
    client.answer!.give([line]);
    return true;
  }

  showConversations(conversations: readonly DirectConversation[]): void {
    const client = this.#client;
    replayUnread(client, conversations).catch((error) => {
      log("irc").warning("Cannot show {nick} unread messages: {error}", {
        nick: client.nick,
        error,
      });
    });
  }

  showRead(room: string, seq: number): void {
    const client = this.#client;
    if (!client.caps.has("draft/read-marker")) return;
    client.readTimes.readElsewhere(room, seq).catch((error) => {
      log("irc").error("Cannot tell {nick} what was read: {error}", { nick: client.nick, error });
    });
  }

  showAway(name: string, text: string): void {
    const client = this.#client;
    // What is kept is sent to an account.
    const key = client.irc.chat.accounts.find(name)?.key;
    const nick = toIrcNick(key === undefined ? name : nickOfAccount(client, key));
    client.reply("301", nick, shownOnIrc(text) || "Away");
  }

  showTags(notice: TagNotice): void {
    relayTagNotice(this.#client, notice);
  }

  showSigned(notice: SignedNotice): void {
    const lines = signedLines(this.#client, notice);
    if (lines) this.#client.offer(lines, false);
    else this.notice(notice.words);
  }

  showInvitation(by: string, room: string): void {
    const client = this.#client;
    const person = client.irc.chat.people.find(by);
    const source = person ? client.irc.people.maskOf(person) : toIrcNick(by);
    const message = { source, verb: "INVITE", params: [client.nick, toChannel(room)] };
    if (person) actTeller(person, message)(client);
    else client.inform(message);
  }

  /** Called after the name has been taken: tells the client, in the name it had before. */
  showName(name: string): void {
    const client = this.#client;
    const before = this.#shownMask;
    this.#shownMask = client.mask;
    const nick = toIrcNick(name);
    if (!client.isRegistered || before.startsWith(`${nick}!`)) return;
    sendAct(client, client.person, { source: before, verb: "NICK", params: [nick] });
  }

  /** Tells the client that it is logged in, or no longer. */
  showAccount(): void {
    const client = this.#client;
    const { person, irc } = client;
    const mask = client.isRegistered
      ? client.mask
      : `*!${client.user || "*"}@${irc.people.hostOf(person)}`;
    const account = irc.people.accountOf(person);
    if (account === undefined) return client.reply("901", mask, "You are now logged out");
    client.reply("900", mask, account, `You are now logged in as ${account}`);
  }

  /** The client is told once its joining is on record: see `irc_reader.ts`. */
  showEntry(): void {}

  showExit(room: RoomStream, why?: string, cause?: Cause): void {
    const client = this.#client;
    this.#read.set(room.name, room.lastSeq);
    if (client.isLeaving || client.person.hasDeparted) return;
    const channel = toChannel(room.name);
    if (why === undefined) {
      const { partText: text } = client;
      const params = text === "" ? [channel] : [channel, shownOnIrc(text)];
      const message = { source: client.mask, verb: "PART", params, trailing: text !== "" };
      return sendAct(client, client.person, message);
    }
    const by = cause?.kind === "kick" ? cause.by : undefined;
    const person = by === undefined ? undefined : client.irc.chat.people.find(by);
    const message = {
      source: person ? client.irc.people.maskOf(person) : client.irc.settings.serverName,
      verb: "KICK",
      params: [
        channel,
        client.nick,
        shownOnIrc(cause?.kind === "kick" ? cause.reason : why) || toIrcNick(by ?? ""),
      ],
      trailing: true,
    };
    if (person) sendAct(client, person, message);
    else client.sendUnasked(message);
  }

  /** Clients are told of every join and part. */
  showCrowd(): void {}

  /** The reader shows them. */
  showEvents(): boolean {
    return true;
  }

  turn(): Promise<void> | undefined {
    return this.#client.session.turn();
  }

  hasRoom(): Promise<boolean> {
    return this.#client.session.outbox.ready();
  }

  ready(): Promise<boolean> {
    return this.#client.session.outbox.ready();
  }

  drained(): Promise<boolean> {
    return this.#client.session.outbox.drained();
  }

  /** Nobody sees the ping, which is spared a client that has just sent something. */
  async isReachable(_question: string, onDoubt: () => void): Promise<boolean> {
    const { session, irc, heardAt } = this.#client;
    if (irc.clock.monotonic() - heardAt < HEARD_MS) return true;
    return await session.isReachable(() => this.#client.ping(), onDoubt);
  }

  end(complaint?: string): void {
    this.#client.close(complaint === undefined ? "Goodbye." : inIrcWords(complaint));
  }
}
