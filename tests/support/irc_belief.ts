/**
 * What an IRC client believes from what it was sent: its own name, and who is in its channels.
 * Whatever contradicts what it believes already is an error.
 */

import { parseIrcMessage } from "../../lib/codec/irc_message.ts";

export class IrcBelief {
  nick: string;
  /** Names by channel, in lower case. */
  readonly channels = new Map<string, Set<string>>();
  /** Channels whose names are being listed anew. */
  readonly #listing = new Map<string, Set<string>>();

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
      case "353":
        return this.#list(params[2], params[3]);
      case "366":
        return this.#endList(params[1]);
      case "PRIVMSG":
      case "TOPIC":
      case "MODE":
        if (params[0].startsWith("#")) this.#require(params[0], line);
    }
  }

  #join(who: string, channel: string): void {
    const key = channel.toLowerCase();
    if (who === this.nick) {
      if (this.channels.has(key)) throw new Error(`Joined ${channel} twice`);
      this.channels.set(key, new Set([who]));
    } else {
      this.#require(channel, `${who} JOIN ${channel}`).add(who);
    }
  }

  #leave(who: string, channel: string, line: string): void {
    const members = this.#require(channel, line);
    if (who === this.nick) this.channels.delete(channel.toLowerCase());
    else members.delete(who);
  }

  #quit(who: string, line: string): void {
    if (who === this.nick) throw new Error(`Told of the own quit: ${line}`);
    if (!this.#isShared(who)) throw new Error(`Told of a stranger's quit: ${line}`);
    for (const members of this.channels.values()) members.delete(who);
  }

  #rename(who: string, nick: string, line: string): void {
    const isOwn = who === this.nick;
    if (!isOwn && !this.#isShared(who)) throw new Error(`Told of a stranger's name: ${line}`);
    if (isOwn) this.nick = nick;
    for (const members of this.channels.values()) {
      if (members.delete(who)) members.add(nick);
    }
  }

  #list(channel: string, names: string): void {
    const key = channel.toLowerCase();
    const listed = this.#listing.get(key) ?? new Set();
    for (const name of names.split(" ")) {
      const [nick] = name.replace(/^[@+]+/, "").split("!");
      if (listed.has(nick)) throw new Error(`${nick} is listed twice in ${channel}`);
      listed.add(nick);
    }
    this.#listing.set(key, listed);
  }

  #endList(channel: string): void {
    const key = channel.toLowerCase();
    const listed = this.#listing.get(key);
    this.#listing.delete(key);
    if (listed && this.channels.has(key)) this.channels.set(key, listed);
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
