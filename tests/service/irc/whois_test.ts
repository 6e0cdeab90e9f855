/** WHOIS and WHOWAS. */

import { assertEquals } from "@std/assert";
import { HOST, IrcRoom } from "../../support/irc_room.ts";

const ABOUT = "Chat rooms and a line logger in one small server";
const SERVER = `:irc.test 312 ann bob irc.test :${ABOUT}`;
const END = ":irc.test 318 ann bob :End of /WHOIS list";
/** 21 November 2026, 06:30 UTC, in seconds since 1970. */
const SIGN_ON = 1795242600;

Deno.test("WHOIS tells who somebody is, where, and how long they have said nothing", async () => {
  await using room = new IrcRoom();
  const [ann, bob] = await room.registerIn("#room", "ann", "bob");
  bob.send("JOIN #other");
  await bob.sync();
  room.clock.tick(7000);
  await ann.ask(
    "WHOIS BOB",
    `:irc.test 311 ann bob ~bob ${HOST} * :bob`,
    ":irc.test 319 ann bob :#room @#other",
    SERVER,
    `:irc.test 317 ann bob 7 ${SIGN_ON} :seconds idle, signon time`,
    ":irc.test 318 ann BOB :End of /WHOIS list",
  );
  bob.send("PRIVMSG #other :hello");
  await bob.sync();
  ann.send("WHOIS bob");
  await ann.until(/^:irc\.test 317 ann bob 0 /);
});

Deno.test("WHOIS takes the name of the server, or of anybody on it, in front", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  await room.registerAs("bob", { realname: "Bob Smith" });
  for (const target of ["irc.test", "bob"]) {
    await ann.ask(
      `WHOIS ${target} bob`,
      `:irc.test 311 ann bob ~bob ${HOST} * :Bob Smith`,
      SERVER,
      `:irc.test 317 ann bob 0 ${SIGN_ON} :seconds idle, signon time`,
      END,
    );
  }
  await ann.ask(
    "WHOIS other.example bob",
    ":irc.test 402 ann other.example :No such server. This is irc.test, the only one.",
  );
});

Deno.test("WHOIS tells that somebody is away, a bot, or uses TLS", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  const bob = room.open("tls");
  await bob.register("bob");
  bob.send("AWAY :gone\tfishing", "MODE bob +B");
  await bob.sync();
  await ann.ask(
    "WHOIS bob",
    `:irc.test 311 ann bob ~bob ${HOST} * :bob`,
    SERVER,
    ":irc.test 301 ann bob :gone fishing",
    ":irc.test 335 ann bob :is a bot",
    ":irc.test 671 ann bob :is using a secure connection",
    `:irc.test 317 ann bob 0 ${SIGN_ON} :seconds idle, signon time`,
    END,
  );
});

Deno.test("WHOIS tells accounts, operators and people of other doors", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  await room.logIn("Bob", { isOperator: true });
  await ann.ask(
    "WHOIS bob",
    `:irc.test 311 ann Bob tcp ${HOST} * :Bob`,
    ":irc.test 319 ann Bob :#lobby",
    `:irc.test 312 ann Bob irc.test :${ABOUT}`,
    ":irc.test 313 ann Bob :is an operator of this server",
    ":irc.test 330 ann Bob Bob :is logged in as",
    `:irc.test 317 ann Bob 0 ${SIGN_ON} :seconds idle, signon time`,
    ":irc.test 318 ann bob :End of /WHOIS list",
  );
});

Deno.test("WHOIS tells an address only to its owner", async () => {
  await using room = new IrcRoom({ address: "192.0.2.7" });
  const [ann, bob] = [await room.register("ann"), await room.register("bob")];
  ann.send("WHOIS bob");
  assertEquals((await ann.sync()).filter((line) => line.includes("192.0.2.7")), []);
  bob.send("WHOIS bob");
  await bob.until(/^:irc\.test 378 bob bob :is connecting from \*@192\.0\.2\.7 192\.0\.2\.7$/);
});

Deno.test("WHOIS hides rooms that the asker may not know of", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  const owner = await room.logIn("owner", { isOperator: true });
  for (const [name, setting] of [["den", "private"], ["attic", "hidden"]]) {
    owner.say(`/join ${name}`, `/room ${setting} on`);
    await owner.read();
  }
  ann.send("WHOIS owner");
  const channels = (await ann.sync()).filter((line) => line.startsWith(":irc.test 319 "));
  assertEquals(channels, [":irc.test 319 ann owner :#lobby"]);
});

Deno.test("WHOIS hides the rooms of invisible people from those who are not in them", async () => {
  await using room = new IrcRoom();
  const [ann, bob] = await room.registerIn("#room", "ann", "bob");
  bob.send("JOIN #other", "MODE bob +i");
  await bob.sync();
  const channelsOf = async () => {
    ann.send("WHOIS bob");
    return (await ann.sync()).filter((line) => line.startsWith(":irc.test 319 "));
  };
  assertEquals(await channelsOf(), [":irc.test 319 ann bob :#room"]);
  ann.send("PART #room");
  assertEquals(await channelsOf(), []);
  bob.send("MODE bob -i");
  await bob.sync();
  assertEquals(await channelsOf(), [":irc.test 319 ann bob :#room @#other"]);
});

Deno.test("WHOIS answers for several people, ends once, and says who is not here", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  await room.register("bob");
  await ann.ask(
    "WHOIS zed,bob",
    ":irc.test 401 ann zed :Nobody is called that. WHO * lists who is here.",
    `:irc.test 311 ann bob ~bob ${HOST} * :bob`,
    SERVER,
    `:irc.test 317 ann bob 0 ${SIGN_ON} :seconds idle, signon time`,
    ":irc.test 318 ann zed,bob :End of /WHOIS list",
  );
  await ann.ask("WHOIS", ":irc.test 431 ann :No nickname given. Send WHOIS and a nickname.");
});

Deno.test("WHOIS looks at ten people at most", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  ann.send(`WHOIS ${Array.from({ length: 15 }, (_, index) => `p${index}`).join(",")}`);
  assertEquals((await ann.sync()).length, 11);
});

Deno.test("WHOIS puts many channels on several lines that fit", async () => {
  await using room = new IrcRoom();
  const [ann, bob] = [await room.register("ann"), await room.register("bob")];
  const name = "r".repeat(40);
  for (let number = 10; number < 30; number++) bob.send(`JOIN #${name}${number}`);
  await bob.sync();
  ann.send("WHOIS bob");
  const lines = (await ann.sync()).filter((line) => line.startsWith(":irc.test 319 "));
  assertEquals(lines.flatMap((line) => line.split(" :")[1].split(" ")).length, 20);
  assertEquals(lines.length > 1 && lines.every(({ length }) => length <= 510), true);
});

Deno.test("WHOWAS tells who has left, the latest first", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  for (const user of ["first", "second"]) {
    const bob = await room.registerAs("bob", { user, realname: "Bob Smith" });
    bob.send("QUIT :bye");
    await bob.expectEnd();
    room.clock.tick(1000);
  }
  const second = [
    `:irc.test 314 ann bob ~second ${HOST} * :Bob Smith`,
    ":irc.test 312 ann bob irc.test :Sat, 21 Nov 2026 06:30:01 GMT",
  ];
  const first = [
    `:irc.test 314 ann bob ~first ${HOST} * :Bob Smith`,
    ":irc.test 312 ann bob irc.test :Sat, 21 Nov 2026 06:30:00 GMT",
  ];
  const end = ":irc.test 369 ann bob :End of WHOWAS";
  await ann.ask("WHOWAS bob", ...second, ...first, end);
  await ann.ask("WHOWAS bob 1", ...second, end);
  for (const count of [2, 0, -1]) await ann.ask(`WHOWAS bob ${count}`, ...second, ...first, end);
  await ann.ask("WHOWAS *ob", ...second, ...first, ":irc.test 369 ann *ob :End of WHOWAS");
});

Deno.test("WHOWAS tells who has changed their name, of any door", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  const bob = await room.enter("bob");
  bob.say("/nick rob");
  await bob.read();
  await ann.ask(
    "WHOWAS bob",
    `:irc.test 314 ann bob tcp ${HOST} * :bob`,
    ":irc.test 312 ann bob irc.test :Sat, 21 Nov 2026 06:30:00 GMT",
    ":irc.test 369 ann bob :End of WHOWAS",
  );
});

Deno.test("WHOWAS says that nobody has had a name", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  await ann.ask(
    "WHOWAS zed",
    ":irc.test 406 ann zed :There was no such nickname",
    ":irc.test 369 ann zed :End of WHOWAS",
  );
  await ann.ask("WHOWAS", ":irc.test 431 ann :No nickname given. Send WHOWAS and a nickname.");
});
