import { requireOperator } from "../operators.ts";
import type { Verb } from "../verb.ts";

export const REHASH: Verb = {
  name: "REHASH",
  help: ["REHASH - has the server read its certificates and its password again, for operators"],
  run(client) {
    if (!requireOperator(client)) return;
    client.irc.rehash();
    const text =
      "Rehashing: the certificates and the shared password are read again. The server's " +
      "diagnostics tell what could not be read.";
    client.reply("382", "partyline.toml", text);
  },
};
