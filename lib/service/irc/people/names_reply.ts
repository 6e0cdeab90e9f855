/**
 * The names of the people in a room as numeric replies (353, 366).
 *
 * @module
 */

import type { IrcReply } from "../../../codec/irc_message.ts";
import type { Room } from "../../../domain/rooms/room.ts";
import type { Member } from "../../../domain/rooms/room_stream.ts";
import type { IrcClient } from "../irc_door.ts";
import { toChannel, toIrcNick } from "../irc_names.ts";
import type { Answer } from "../lines/answer_batch.ts";
import { signsIn } from "../modes/channel_prefixes.ts";
import { type ListHead, ListHeads } from "./list_heads.ts";
import type { NamePage, NamePages } from "./name_pages.ts";
import { packWords } from "./pack_words.ts";
import { isInvisibleTo } from "./visibility.ts";

/**
 * Members of a room that is listed at once. When a crowd enters in one go, each of them gets the
 * names, and others wait for all of that.
 */
const MOST_AT_ONCE = 50;
/**
 * Members of a larger room that are listed before others have a turn: as many as take about half a
 * millisecond, and fit an outbox.
 */
const STEP = 2000;

/** A room, or its digest. */
export type NamedRoom = Pick<Room, "name" | "members" | "present">;

/** Whether listing everybody in a room takes a while. */
export function isLarge({ present }: NamedRoom): boolean {
  return present.size > MOST_AT_ONCE;
}

/**
 * Sends the names of everybody in a room, as the events that its members have been sent tell, except
 * for invisible people if the client is not in it. For a large room, other work runs first, and
 * for one of thousands also in between: members who leave before they are listed are left out, and
 * newcomers are listed, too.
 *
 * @returns Resolves once all have been sent; `undefined` if they have.
 */
export function sendNames(client: IrcClient, room: NamedRoom): Promise<void> | undefined {
  const { answer } = client;
  return listNames(client, room, () => endNames(client, toChannel(room.name), answer));
}

/**
 * The same without the end of the list.
 *
 * @param onListed Called right after the last name, before anything else can be told: at the end,
 * many clients take over the names of the list, even of people who have left in the meantime.
 */
export function listNames(
  client: IrcClient,
  room: NamedRoom,
  onListed: () => void = () => {},
): Promise<void> | undefined {
  const steps = stepsOf(client, room, client.answer);
  if (isLarge(room)) return listSlowly(client, steps, onListed);
  for (const _ of steps);
  onListed();
  return undefined;
}

/**
 * @param channels As the client named them.
 * @param answer The answer that the list is part of: a list can take longer than others wait.
 */
export function endNames(client: IrcClient, channels: string, answer: Answer | undefined): void {
  tell(client, answer, "366", channels, "End of /NAMES list");
}

function tell(
  client: IrcClient,
  answer: Answer | undefined,
  numeric: string,
  ...params: string[]
): void {
  const { nick, irc: { settings: { serverName: source } } } = client;
  add(client, answer, { source, verb: numeric, params: [nick, ...params], trailing: true });
}

function add(client: IrcClient, answer: Answer | undefined, message: IrcReply): void {
  if (answer) answer.add(message);
  else client.sendUnasked(message);
}

async function listSlowly(
  client: IrcClient,
  steps: Iterator<void>,
  onListed: () => void,
): Promise<void> {
  while (await client.ready()) {
    if (steps.next().done) return onListed();
  }
}

/** Sends the names, with a pause after every step. */
function* stepsOf(
  client: IrcClient,
  room: NamedRoom,
  answer: Answer | undefined,
): Generator<void> {
  const isMember = room.members.has(client.member);
  const pages = isMember && isLarge(room)
    ? client.irc.names.pagesFor(room, client.nick)
    : undefined;
  const lines = new NameLines(client, room, answer);
  yield* pages
    ? pagedSteps(client, room, pages, lines)
    : singleSteps(client, room, isMember, lines);
}

/** Takes the texts that all members share, except of pages with signs, or with another own name. */
function* pagedSteps(
  client: IrcClient,
  room: NamedRoom,
  pages: NamePages,
  lines: NameLines,
): Generator<void> {
  const { irc, caps, member: { origin, nickname } } = client;
  const hasHosts = caps.has("userhost-in-names");
  let signs = signsIn(irc, room);
  let isOwnListed = false;
  let listed = 0;
  for (const page of pages.all) {
    listed += page.origins.size;
    if (listed > STEP) {
      lines.flush();
      yield;
      listed = page.origins.size;
      signs = signsIn(irc, room);
    }
    const isOwn = page === pages.pageOf(origin);
    isOwnListed ||= isOwn;
    const isOwnNew = isOwn && room.present.get(origin) !== nickname;
    if (!isOwnNew && !hasAny(signs, page)) {
      lines.addTexts(page.textsOf(hasHosts));
      continue;
    }
    for (const origin of page.origins) {
      lines.addName(origin, room.present.get(origin)!, signs.get(origin));
    }
  }
  if (!isOwnListed) lines.addName(origin, nickname, signs.get(origin));
  lines.flush();
}

/** Whether anybody in a page has a sign; few people have one. */
function hasAny(signs: ReadonlyMap<number, string>, { origins }: NamePage): boolean {
  if (signs.size > origins.size) return [...origins].some((origin) => signs.has(origin));
  for (const origin of signs.keys()) if (origins.has(origin)) return true;
  return false;
}

function* singleSteps(
  client: IrcClient,
  room: NamedRoom,
  isMember: boolean,
  lines: NameLines,
): Generator<void> {
  const { irc, member } = client;
  let signs = signsIn(irc, room);
  let listed = 0;
  for (const [origin, nickname] of withSelf(room, member)) {
    if (++listed % STEP === 0) {
      // Meanwhile, those whose names have been sent may leave.
      lines.flush();
      yield;
      signs = signsIn(irc, room);
    }
    const person = isMember ? undefined : irc.people.authorOf({ origin });
    if (person && isInvisibleTo(client, person)) continue;
    lines.addName(origin, nickname, signs.get(origin));
  }
  lines.flush();
}

/** Packs names into lines. Those of a step are encoded and queued together. */
class NameLines {
  readonly #client: IrcClient;
  readonly #answer: Answer | undefined;
  readonly #heads: ListHeads;
  readonly #hasHosts: boolean;
  readonly #hasAllSigns: boolean;
  #names: string[] = [];
  #text = "";

  constructor(client: IrcClient, { name }: NamedRoom, answer: Answer | undefined) {
    const { irc: { chat }, caps } = client;
    // RFC 2812 section 5.1: secret, or public.
    const kind = chat.access.rules(name)?.isHidden ? "@" : "=";
    this.#client = client;
    this.#answer = answer;
    this.#heads = new ListHeads(client, { numeric: "353", params: [kind, toChannel(name)] });
    this.#hasHosts = caps.has("userhost-in-names");
    this.#hasAllSigns = caps.has("multi-prefix");
  }

  addName(origin: number, nickname: string, signs = ""): void {
    const { member, nick: ownNick, irc: { people } } = this.#client;
    // The client is told of its own name at once, and not again when that is on record.
    const nick = origin === member.origin ? ownNick : toIrcNick(nickname);
    const shown = (this.#hasAllSigns ? signs : signs.slice(0, 1)) + nick;
    const userHost = this.#hasHosts ? people.userHostOf(origin) : undefined;
    this.#names.push(userHost === undefined ? shown : `${shown}!${userHost}`);
  }

  addTexts(texts: readonly string[]): void {
    const head = this.#heads.for(texts);
    for (const text of texts) this.#add(head, text);
  }

  flush(): void {
    const head = this.#heads.for(this.#names);
    for (const text of packWords(this.#names, " ", head.room)) this.#add(head, text);
    if (this.#text !== "") this.#client.sendLines(this.#text);
    this.#names = [];
    this.#text = "";
  }

  #add(head: ListHead, names: string): void {
    // The messages of an answer with a label get tags.
    if (this.#answer) add(this.#client, this.#answer, head.toReply(names));
    else this.#text += `${head.start}${names}\r\n`;
  }
}

/** Everybody in a room, with the asker even before their own coming is on record. */
function* withSelf(
  { present, members }: NamedRoom,
  self: Member,
): Iterable<readonly [origin: number, nickname: string]> {
  yield* present;
  if (members.has(self) && !present.has(self.origin)) yield [self.origin, self.nickname];
}
