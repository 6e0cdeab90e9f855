import { NICKNAME_RULES, parseName } from "../../../domain/name.ts";
import type { IrcClient } from "../irc_door.ts";
import { fromIrcNick, toIrcNick } from "../irc_names.ts";
import { IRC_LIMITS } from "../isupport.ts";
import { listReplies, type ListReply } from "../people/list_heads.ts";
import type { Verb } from "../verb.ts";

/** IRCv3 `monitor`: be told when people come and go, without sharing a room with them. */
export const MONITOR: Verb = {
  name: "MONITOR",
  help: [
    "MONITOR + NICK[,NICK...] - tells you from now on when these people come and go",
    "MONITOR - NICK[,NICK...] - no longer does; MONITOR C forgets all of them",
    "MONITOR L - lists them; MONITOR S tells which of them are here",
  ],
  minParams: 1,
  run(client, { params: [action, targets = ""] }) {
    const { monitors } = client.irc;
    const names = targets.split(",").map(fromIrcNick).filter(isName);
    switch (action.toUpperCase()) {
      case "+":
        add(client, names);
        break;
      case "-":
        for (const name of names) monitors.lists.remove(client, name);
        break;
      case "C":
        monitors.lists.clear(client);
        break;
      case "L":
        list(client);
        break;
      case "S":
        tellWhoIsHere(client, monitors.lists.namesOf(client));
    }
  },
};

function add(client: IrcClient, names: readonly string[]): void {
  const { lists } = client.irc.monitors;
  const added: string[] = [];
  const refused: string[] = [];
  for (const name of names) (lists.add(client, name) ? added : refused).push(name);
  tellWhoIsHere(client, added);
  const limit = String(IRC_LIMITS.monitored);
  const text = "Monitor list is full. Send MONITOR - to make room.";
  sendList(client, { numeric: "734", params: [limit], text }, refused.map(toIrcNick));
}

function list(client: IrcClient): void {
  const nicks = client.irc.monitors.lists.namesOf(client).map(toIrcNick);
  sendList(client, { numeric: "732", params: [] }, nicks);
  client.reply("733", "End of MONITOR list");
}

function tellWhoIsHere(client: IrcClient, names: readonly string[]): void {
  const { irc } = client;
  const here: string[] = [];
  const gone: string[] = [];
  for (const name of names) {
    const person = irc.chat.people.find(name);
    if (person) here.push(irc.people.maskOf(person));
    else gone.push(toIrcNick(name));
  }
  sendList(client, { numeric: "730", params: [] }, here);
  sendList(client, { numeric: "731", params: [] }, gone);
}

function sendList(client: IrcClient, reply: ListReply, words: readonly string[]): void {
  for (const message of listReplies(client, reply, words, ",")) client.send(message);
}

function isName(text: string): boolean {
  try {
    parseName(text, NICKNAME_RULES);
    return true;
  } catch {
    return false;
  }
}
