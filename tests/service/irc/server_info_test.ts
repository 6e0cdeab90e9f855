/** What a client can ask about the server. */

import { assertEquals } from "@std/assert";
import { VERBS } from "../../../lib/service/irc/verbs/mod.ts";
import { IrcRoom } from "../../support/irc_room.ts";

const ABOUT = "Chat rooms and a line logger in one small server";

Deno.test("TIME tells the time of the server", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  await ann.ask("TIME", ":irc.test 391 ann irc.test :Sat, 21 Nov 2026 06:30:00 GMT");
});

Deno.test("VERSION tells the version, and what the server supports", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  await ann.ask(
    "VERSION",
    /^:irc\.test 351 ann partyline-\d+\.\d+\.\d+\S* irc\.test :Chat rooms/,
    /^:irc\.test 005 ann NETWORK=Partyline CASEMAPPING=ascii CHANTYPES=# .* :are supported by/,
    /^:irc\.test 005 ann .* :are supported by this server$/,
    /^:irc\.test 005 ann .* UTF8ONLY :are supported by this server$/,
  );
});

Deno.test("LINKS lists the one server", async () => {
  await using room = new IrcRoom({ irc: { description: "test server" } });
  const ann = await room.register("ann");
  await ann.ask(
    "LINKS",
    ":irc.test 364 ann irc.test irc.test :0 test server",
    ":irc.test 365 ann * :End of /LINKS list",
  );
});

Deno.test("INFO describes the server", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  await ann.ask(
    "INFO",
    `:irc.test 371 ann :irc.test: ${ABOUT}`,
    /^:irc\.test 371 ann :Partyline \S+, network Partyline$/,
    ":irc.test 371 ann :People on telnet, SSH and the web are in the same rooms.",
    ":irc.test 371 ann :Running since Sat, 21 Nov 2026 06:30:00 GMT",
    ":irc.test 374 ann :End of /INFO list",
  );
});

Deno.test("ADMIN names the operators who are here", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  await ann.ask(
    "ADMIN",
    ":irc.test 256 ann irc.test :Administrative info",
    `:irc.test 257 ann :${ABOUT}`,
    ":irc.test 258 ann :Partyline",
    ":irc.test 259 ann :No operator is here now. Ask again later.",
  );
  await room.logIn("root", { isOperator: true });
  ann.send("ADMIN");
  await ann.until(/^:irc\.test 259 ann :Operators who are here now: root$/);
});

Deno.test("STATS u tells how long the server has been running", async () => {
  await using room = new IrcRoom();
  room.clock.tick((26 * 3600 + 61) * 1000);
  const ann = await room.register("ann");
  await ann.ask(
    "STATS u",
    ":irc.test 242 ann :Server Up 1 days 2:01:01",
    ":irc.test 219 ann u :End of /STATS report",
  );
});

Deno.test("STATS o is for operators, and an unknown letter has an empty answer", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  await ann.ask(
    "STATS o",
    ":irc.test 481 ann :Permission Denied. Only operators may see this; OPER makes you one.",
  );
  await ann.ask("STATS x", ":irc.test 219 ann x :End of /STATS report");
  await ann.ask("STATS", ":irc.test 219 ann * :End of /STATS report");
});

Deno.test("MOTD shows the message of the day", async () => {
  await using room = new IrcRoom({ irc: { motd: ["Be kind.", ""] } });
  const ann = await room.register("ann");
  await ann.ask(
    "MOTD",
    ":irc.test 375 ann :- irc.test Message of the day -",
    ":irc.test 372 ann :- Be kind.",
    ":irc.test 372 ann :- ",
    ":irc.test 376 ann :End of /MOTD command",
  );
});

Deno.test("MOTD says that there is none", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  await ann.ask("MOTD", ":irc.test 422 ann :There is no message of the day");
});

Deno.test("A question about a server is answered only for this one", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  const answer = ":irc.test 391 ann irc.test :Sat, 21 Nov 2026 06:30:00 GMT";
  // Its name, a mask, or somebody who is on it.
  for (const target of ["irc.test", "IRC.*", "ann"]) await ann.ask(`TIME ${target}`, answer);
  for (const verb of ["TIME", "VERSION", "INFO", "ADMIN", "MOTD", "LUSERS *", "STATS u"]) {
    await ann.ask(
      `${verb} other.example`,
      ":irc.test 402 ann other.example :No such server. This is irc.test, the only one.",
    );
  }
});

Deno.test("HELP lists what can be sent, and explains each verb", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  ann.send("HELP");
  const lines = await ann.sync();
  const shown = [lines[0], lines[1], lines.at(-1)];
  await ann.ask(
    "helpop privmsg",
    ":irc.test 704 ann privmsg :PRIVMSG TARGET[,TARGET...] :TEXT - says something in a channel " +
      "or to a person",
    ":irc.test 706 ann privmsg :End of /HELP",
  );
  assertEquals(shown, [
    ":irc.test 704 ann * :What can be sent to this server; most clients send a line that begins " +
    "with / there",
    ":irc.test 705 ann * :ADMIN - tells who runs the server",
    ":irc.test 706 ann * :End of /HELP",
  ]);
});

Deno.test("HELP has a line for every verb", () => {
  assertEquals(VERBS.filter(({ help }) => !help).map(({ name }) => name), []);
});

Deno.test("HELP knows nothing about what is no verb", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  await ann.ask(
    "HELP dancing",
    ":irc.test 524 ann dancing :There is no help on this. HELP lists all topics.",
  );
});

Deno.test("Questions need parameters, and a registration", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  await ann.ask(
    "USERHOST",
    ":irc.test 461 ann USERHOST :Not enough parameters. HELP USERHOST tells what it takes.",
  );
  await ann.ask(
    "DANCE",
    ":irc.test 421 ann DANCE :Unknown command. HELP lists the commands.",
  );
  const stranger = room.open();
  stranger.send("WHO *");
  await stranger.expect(":irc.test 451 * :You have not registered. Send NICK and USER first.");
});
