import { IRC_LIMITS } from "../isupport.ts";
import type { Verb } from "../verb.ts";

export const AWAY: Verb = {
  name: "AWAY",
  help: [
    "AWAY [:TEXT] - says that you are away; without a text, that you are back",
  ],
  run(client, { params: [text = ""] }) {
    const { person } = client;
    if (text === "") {
      if (person.awayText !== undefined) person.setAway(undefined);
      client.reply("305", "You are no longer marked as being away");
      return;
    }
    person.keepSecret(text);
    person.setAway([...text].slice(0, IRC_LIMITS.away).join(""));
    client.reply("306", "You have been marked as being away");
  },
};
