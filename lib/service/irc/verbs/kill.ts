import type { ChatSession } from "../../chat/chat_session.ts";
import type { IrcClient } from "../irc_door.ts";
import { fromIrcNick, toIrcNick } from "../irc_names.ts";
import { IRC_LIMITS } from "../isupport.ts";
import { requireOperator } from "../operators.ts";
import type { Verb } from "../verb.ts";

export const KILL: Verb = {
  name: "KILL",
  minParams: 1,
  help: ["KILL NICK [:REASON] - disconnects somebody, for operators; ban who should stay away"],
  async run(client, { params: [nick, comment = ""] }) {
    if (!requireOperator(client)) return;
    const { people, moderation } = client.irc.chat;
    const target = people.find(fromIrcNick(nick));
    if (!target) return client.reply("401", nick, "No such nick. Nobody here is called that.");
    const reason = [...comment.normalize("NFC")].slice(0, IRC_LIMITS.kick).join("");
    await moderation.sanctions.disconnect(client.member, target.nickname, reason);
    disconnect(client, target, reason);
  },
};

function disconnect(client: IrcClient, target: ChatSession, reason: string): void {
  const { person: { nickname: by }, irc } = client;
  const because = reason && ` (${reason})`;
  const farewell = `Killed by ${by}${because}`;
  const victim = irc.clientOf(target);
  if (victim) {
    const params = [toIrcNick(target.nickname), farewell];
    victim.sendUnasked({ source: client.mask, verb: "KILL", params, trailing: true });
    void victim.leave(farewell, farewell);
    return;
  }
  target.screen.end(`${by} disconnected you${because}.`);
  void target.depart(farewell);
}
