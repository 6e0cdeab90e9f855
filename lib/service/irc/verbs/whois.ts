import type { ChatSession } from "../../chat/chat_session.ts";
import type { IrcClient } from "../irc_door.ts";
import { fromIrcNick, toChannel, toIrcNick } from "../irc_names.ts";
import { IRC_LIMITS } from "../isupport.ts";
import { shownOnIrc } from "../lines/shown_on_irc.ts";
import { prefixesOf } from "../modes/channel_prefixes.ts";
import { listReplies } from "../people/list_heads.ts";
import { visibleRooms } from "../people/visibility.ts";
import { checkServer } from "../server_target.ts";
import type { Verb } from "../verb.ts";

/** Transports that others cannot listen to. */
const SECURE = new Set(["tls", "ssh", "wss", "https"]);

export const WHOIS: Verb = {
  name: "WHOIS",
  help: ["WHOIS NICK[,NICK...] - tells what is known about people"],
  async run(client, { params }) {
    // With two parameters, the first names the server that should be asked.
    const [server, targets] = params.length > 1 ? params : [undefined, params[0] ?? ""];
    if (targets === "") {
      client.reply("431", "No nickname given. Send WHOIS and a nickname.");
      return;
    }
    if (!checkServer(client, server)) return;
    for (const nick of targets.split(",", IRC_LIMITS.whois)) {
      const person = client.irc.chat.people.find(fromIrcNick(nick));
      if (person) describe(client, person);
      else client.reply("401", nick, "Nobody is called that. WHO * lists who is here.");
      if (!await client.ready()) return;
    }
    client.reply("318", targets, "End of /WHOIS list");
  },
};

function describe(client: IrcClient, person: ChatSession): void {
  const { irc } = client;
  const { people, settings: { description } } = irc;
  const { member, awayText } = person;
  const nick = toIrcNick(person.nickname);
  const say = (numeric: string, ...params: string[]) => client.reply(numeric, nick, ...params);
  say("311", people.userOf(person), people.hostOf(person), "*", people.realnameOf(person));
  const channels = visibleRooms(client, person)
    .map(({ name }) => prefixesOf(irc, name, member) + toChannel(name));
  for (const message of listReplies(client, { numeric: "319", params: [nick] }, channels)) {
    client.send(message);
  }
  const { nodeName: node } = person;
  say("312", people.serverOf(person), node === undefined ? description : `node ${node}`);
  if (awayText !== undefined) say("301", shownOnIrc(awayText) || "Away");
  if (member.isOperator) say("313", "is an operator of this server");
  if (people.isBot(person)) say("335", "is a bot");
  if (SECURE.has(member.context.transport)) say("671", "is using a secure connection");
  const mayKnow = client.member.isOperator || person === client.person;
  if (mayKnow && member.address !== undefined) {
    say("378", `is connecting from *@${member.address} ${member.address}`);
  }
  const { certificate } = member.context;
  if (mayKnow && certificate !== undefined) {
    say("276", `has client certificate fingerprint ${certificate}`);
  }
  const account = people.accountOf(person);
  if (account !== undefined) say("330", account, "is logged in as");
  const { idleSeconds, connectedAt } = person;
  if (idleSeconds === undefined) return;
  const signOn = Math.floor(connectedAt / 1000);
  say("317", String(idleSeconds), String(signOn), "seconds idle, signon time");
}
