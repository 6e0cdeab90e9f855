/**
 * What an IRC client believes from what it was sent: its own name, who is in its channels and keeps
 * order there, and the modes of those that it asked for.
 * Whatever contradicts what it believes already is an error.
 */

import { parseIrcMessage } from "../../lib/codec/irc_message.ts";

export class IrcBelief {
  nick: string;
  /** Names by channel, in lower case. */
  readonly channels = new Map<string, Set<string>>();
  /** Names with an `@`, by channel. */
  readonly operators = new Map<string, Set<string>>();
  /** Letters of modes and what they were set to, by channel. */
  readonly modes = new Map<string, Map<string, string>>();
  /** Channels whose names are being listed anew. */
  readonly #listing = new Map<string, Set<string>>();
  readonly #listedOperators = new Map<string, Set<string>>();

  constructor(nick: string) {
    this.nick = nick;
  }

  /** Takes a line of the server's. @throws {Error} if it cannot be true. */
  hear(line: string): void {
    const message = parseIrcMessage(line);
    if (!message) throw new Error(`Nothing in ${JSON.stringify(line)}`);
    const { verb, params, source = "" } = message;
    if (new TextEncoder().encode(line.replace(/^@\S+ /, "")).length > 510) {
      throw new Error(`More than 512 bytes: ${line}`);
    }
    const [who] = source.split("!");
    switch (verb) {
      case "JOIN":
        return this.#join(who, params[0]);
      case "PART":
        return this.#leave(who, params[0], line);
      case "KICK":
        return this.#leave(params[1], params[0], line);
      case "QUIT":
        return this.#quit(who, line);
      case "NICK":
        return this.#rename(who, params[0], line);
      case "RENAME":
        return this.#renameChannel(params[0], params[1], line);
      case "353":
        return this.#list(params[2], params[3]);
      case "366":
        return this.#endList(params[1]);
      case "324":
        this.modes.set(params[1].toLowerCase(), modesIn(params[2], params.slice(3)));
        return;
      case "MODE":
        if (params[0].startsWith("#")) this.#change(params[0], params[1], params.slice(2), line);
        return;
      case "PRIVMSG":
      case "TOPIC":
        // The past may be that of a channel that has another name now.
        if (params[0].startsWith("#") && !message.tags.has("batch")) this.#require(params[0], line);
    }
  }

  #join(who: string, channel: string): void {
    const key = channel.toLowerCase();
    if (who === this.nick) {
      if (this.channels.has(key)) throw new Error(`Joined ${channel} twice`);
      this.channels.set(key, new Set([who]));
      this.operators.set(key, new Set());
      this.modes.delete(key);
    } else {
      this.#require(channel, `${who} JOIN ${channel}`).add(who);
    }
  }

  #leave(who: string, channel: string, line: string): void {
    const members = this.#require(channel, line);
    this.operators.get(channel.toLowerCase())?.delete(who);
    if (who === this.nick) this.channels.delete(channel.toLowerCase());
    else members.delete(who);
  }

  #quit(who: string, line: string): void {
    if (who === this.nick) throw new Error(`Told of the own quit: ${line}`);
    if (!this.#isShared(who)) throw new Error(`Told of a stranger's quit: ${line}`);
    for (const names of [...this.channels.values(), ...this.operators.values()]) names.delete(who);
  }

  #rename(who: string, nick: string, line: string): void {
    const isOwn = who === this.nick;
    if (!isOwn && !this.#isShared(who)) throw new Error(`Told of a stranger's name: ${line}`);
    if (isOwn) this.nick = nick;
    for (const names of [...this.channels.values(), ...this.operators.values()]) {
      if (names.delete(who)) names.add(nick);
    }
  }

  #renameChannel(before: string, after: string, line: string): void {
    this.#require(before, line);
    const [from, to] = [before.toLowerCase(), after.toLowerCase()];
    if (from === to) return;
    if (this.channels.has(to)) throw new Error(`In two channels of one name: ${line}`);
    for (const map of [this.channels, this.operators, this.modes] as Map<string, unknown>[]) {
      if (!map.has(from)) continue;
      map.set(to, map.get(from));
      map.delete(from);
    }
  }

  #list(channel: string, names: string): void {
    const key = channel.toLowerCase();
    const listed = this.#listing.get(key) ?? new Set();
    const operators = this.#listedOperators.get(key) ?? new Set();
    for (const name of names.split(" ")) {
      const [nick] = name.replace(/^[@+]+/, "").split("!");
      if (listed.has(nick)) throw new Error(`${nick} is listed twice in ${channel}`);
      listed.add(nick);
      if (name.startsWith("@")) operators.add(nick);
    }
    this.#listing.set(key, listed);
    this.#listedOperators.set(key, operators);
  }

  #endList(channel: string): void {
    const key = channel.toLowerCase();
    const listed = this.#listing.get(key);
    const operators = this.#listedOperators.get(key) ?? new Set();
    this.#listing.delete(key);
    this.#listedOperators.delete(key);
    if (!listed || !this.channels.has(key)) return;
    this.channels.set(key, listed);
    this.operators.set(key, operators);
  }

  #change(channel: string, letters: string, params: string[], line: string): void {
    const members = this.#require(channel, line);
    const key = channel.toLowerCase();
    const modes = this.modes.get(key);
    let isSet = true;
    for (const letter of letters) {
      if (letter === "+" || letter === "-") {
        isSet = letter === "+";
        continue;
      }
      const param = "beIkov".includes(letter) || (letter === "l" && isSet) ? params.shift() : "";
      if (param === undefined) throw new Error(`A parameter is missing: ${line}`);
      if (letter === "o") {
        if (!members.has(param)) throw new Error(`Not there: ${line}`);
        if (this.operators.get(key)!.has(param) === isSet) throw new Error(`No change: ${line}`);
        if (isSet) this.operators.get(key)!.add(param);
        else this.operators.get(key)!.delete(param);
      } else if (modes && !"beIv".includes(letter)) {
        if (modes.has(letter) === isSet && !"kl".includes(letter)) {
          throw new Error(`No change: ${line}`);
        }
        if (isSet) modes.set(letter, param);
        else modes.delete(letter);
      }
    }
    if (params.length > 0) throw new Error(`Too many parameters: ${line}`);
  }

  #isShared(who: string): boolean {
    return [...this.channels.values()].some((members) => members.has(who));
  }

  #require(channel: string, line: string): Set<string> {
    const members = this.channels.get(channel.toLowerCase());
    if (!members) throw new Error(`Not in ${channel}: ${line}`);
    return members;
  }
}

function modesIn(letters: string, params: readonly string[]): Map<string, string> {
  const left = [...params];
  const named = [...letters].filter((letter) => letter !== "+");
  return new Map(named.map((letter) => [letter, "kl".includes(letter) ? left.shift()! : ""]));
}
