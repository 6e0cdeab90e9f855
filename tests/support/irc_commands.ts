/** Random commands of IRC clients that share a few channels and want the same names. */

import type { SeededRandom } from "./random.ts";

/** The channels. One is listed twice, because more happens where more people are. */
export const CHANNELS = ["#lobby", "#one", "#Two", "#one"];
/** Names that the clients want. */
export const NICKS = ["ann", "Bob", "carl", "dora", "eve", "fred"];

/**
 * One command, which may be refused.
 *
 * @param own Channels that the client is in.
 */
export function randomIrcCommand(random: SeededRandom, own: Iterable<string> = []): string {
  const channel = random.pick([...CHANNELS, ...own]);
  const nick = random.pick(NICKS);
  const commands = [
    `JOIN ${channel}`,
    `JOIN ${channel}`,
    `JOIN ${channel},${random.pick(CHANNELS)}`,
    `PART ${channel}`,
    `PART ${channel} :bye`,
    `PRIVMSG ${channel} :${"x".repeat(random.int(400))}`,
    `PRIVMSG ${nick} :hello`,
    `NOTICE ${channel} :\x01ACTION waves\x01`,
    `@+typing=active TAGMSG ${channel}`,
    `NICK ${nick}`,
    `NICK ${nick}|${random.int(3)}`,
    `NICK :`,
    `TOPIC ${channel} :${random.int(100)}`,
    `TOPIC ${channel}`,
    `NAMES ${channel}`,
    `MODE ${channel}`,
    `MODE ${channel} ${random.pick(["+o", "-o", "+v"])} ${nick}`,
    `MODE ${channel} ${random.pick(["+m", "-m", "+t", "-t", "+k x", "-k x", "+l 3", "-l"])}`,
    `MODE ${channel} ${random.pick(["+b", "-b"])} ${nick}!*@*`,
    `MODE ${channel} ${random.pick(["+s-n", "-s+n", "+C-i", "-Cm", "+i", "-o+v"])} ${nick} ${nick}`,
    `MODE ${channel} ${random.pick(["+", "-"])}oo ${nick} ${random.pick(NICKS)}`,
    `MODE ${nick} ${random.pick(["+i", "-i"])}`,
    `MODE ${channel} ${random.pick(["+e", "-e", "+I", "-I", "+b $m:", "-b $m:"])} ${nick}!*@*`,
    "JOIN 0",
    `PRIVMSG ${random.pick(["@", "+"])}${channel} :psst`,
    `@+draft/reply=one#${random.int(50)};+draft/react=👍 TAGMSG ${channel}`,
    random.pick(["LUSERS", "SETNAME :E", `MONITOR + ${nick}`, `WHO ${nick} %tna,1`, "LIST >1"]),
    random.pick(["NS REGISTER sesame", "NS LOGOUT", `NS IDENTIFY ${nick} sesame`]),
    `CS ${random.pick(["REGISTER", "DROP"])} ${channel}`,
    `CS ${random.pick(["OP", "DEOP", "VOICE", "DEVOICE"])} ${channel} ${nick}`,
    `KICK ${channel} ${nick} :out`,
    `RENAME ${channel} #new${random.int(1000)}`,
    `RENAME ${channel} ${random.pick(CHANNELS)} :back`,
    `RENAME ${channel} ${random.pick([channel.toUpperCase(), channel.toLowerCase()])}`,
    `INVITE ${nick} ${channel}`,
    `AWAY${random.int(2) === 0 ? "" : " :gone"}`,
    `WHO ${channel}`,
    `WHOIS ${nick}`,
    `LIST`,
    `CHATHISTORY ${random.pick(["LATEST", "BEFORE", "AROUND"])} ${channel} ${
      random.pick(["*", "msgid=one#3", "timestamp=2026-11-21T06:30:00.000Z"])
    } ${random.int(9)}`,
    `MARKREAD ${channel} ${random.pick(["timestamp=2026-11-21T06:30:00.000Z", ""])}`,
    `REDACT ${channel} ${channel.slice(1)}#${random.int(99)} :why`,
    `@label=9 BATCH +1 draft/multiline ${channel}`,
    `@batch=1 PRIVMSG ${channel} :in a batch`,
    `BATCH -1`,
    `CAP REQ :${
      random.pick([
        "echo-message",
        "-echo-message",
        "batch",
        "account-tag",
        "batch draft/multiline",
        "draft/read-marker",
        "draft/channel-rename",
        "-draft/channel-rename",
        "server-time",
        "draft/message-redaction",
      ])
    }`,
    `${random.pick(["JOIN", "PART", "KICK", "MODE", "PRIVMSG", "WHO"])} ${
      random.pick(["#", ",", ":", "* *", "#a b"])
    }`,
  ];
  const command = random.pick(commands);
  const isLabelled = !command.startsWith("@") && random.int(4) === 0;
  return isLabelled ? `@label=${random.int(9)} ${command}` : command;
}
