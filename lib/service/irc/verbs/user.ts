import { IRC_LIMITS } from "../isupport.ts";
import { shownOnIrc } from "../lines/shown_on_irc.ts";
import type { Verb } from "../verb.ts";

export const USER: Verb = {
  name: "USER",
  minParams: 4,
  isEarly: true,
  help: ["USER NAME 0 * :REAL NAME - introduces you, once, when you connect"],
  async run(client, { params }) {
    if (client.isRegistered) {
      return client.reply("462", "You have already registered, and cannot do so again.");
    }
    const [name, , , realname] = params;
    if (realname === "") {
      return client.reply("461", "USER", "Not enough parameters: the real name is empty.");
    }
    const letters = name.replace(/[^\w.-]/g, "").slice(0, IRC_LIMITS.user - 1);
    if (letters === "") {
      return client.reply("468", "That user name has no letter or digit. Use USER NAME 0 * :TEXT.");
    }
    client.user = `~${letters}`;
    const shown = [...shownOnIrc(realname.normalize("NFC"))];
    client.realname = shown.slice(0, IRC_LIMITS.realname).join("");
    await client.registration.complete();
  },
};
