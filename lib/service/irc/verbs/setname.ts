import { keepSecret } from "../../chat/speech/said_text.ts";
import { IRC_LIMITS } from "../isupport.ts";
import { sendAct } from "../lines/act_tags.ts";
import { shownOnIrc } from "../lines/shown_on_irc.ts";
import { sendFail } from "../standard_replies.ts";
import type { Verb } from "../verb.ts";

export const SETNAME: Verb = {
  name: "SETNAME",
  help: ["SETNAME :NAME - changes your real name"],
  minParams: 1,
  run(client, { params: [name] }) {
    const { irc: { peers } } = client;
    const realname = shownOnIrc(name.normalize("NFC").trim());
    const { length } = [...realname];
    if (length === 0 || length > IRC_LIMITS.realname) {
      sendFail(client, "SETNAME", "INVALID_REALNAME", [], problem(length));
      return;
    }
    keepSecret(client.person, realname);
    client.realname = realname;
    client.irc.chat.presence.tell(client.person, "details");
    const message = { source: client.mask, verb: "SETNAME", params: [realname], trailing: true };
    if (client.caps.has("setname")) sendAct(client, client.person, message);
    peers.tell(client.person, "setname", message);
    return peers.told(client.person);
  },
};

function problem(length: number): string {
  return length === 0
    ? "A real name cannot be empty. Send SETNAME with a text."
    : `A real name may have at most ${IRC_LIMITS.realname} characters; this one has ${length}.`;
}
