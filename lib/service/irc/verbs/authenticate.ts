import type { Verb } from "../verb.ts";

/** SASL (IRCv3 `sasl` 3.2). */
export const AUTHENTICATE: Verb = {
  name: "AUTHENTICATE",
  minParams: 1,
  isEarly: true,
  help: ["AUTHENTICATE MECHANISM | DATA | * - logs in to your account; your client does this"],
  async run(client, { params: [text] }) {
    if (!client.caps.has("sasl")) {
      return client.reply("904", "Ask for the capability sasl first: CAP REQ sasl");
    }
    if (client.registration.admits()) await client.sasl.take(text);
  },
};
