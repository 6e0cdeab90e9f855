/** WHO and WHOX. */

import { assertEquals } from "@std/assert";
import { HOST, IrcRoom } from "../../support/irc_room.ts";

Deno.test("WHO lists the people of a channel", async () => {
  await using room = new IrcRoom();
  const [ann, bob] = await room.registerIn("#room", "ann", "bob");
  bob.send("AWAY :lunch");
  await bob.sync();
  await ann.ask(
    "WHO #ROOM",
    `:irc.test 352 ann #room ~ann ${HOST} irc.test ann H@ :0 ann`,
    `:irc.test 352 ann #room ~bob ${HOST} irc.test bob G :0 bob`,
    ":irc.test 315 ann #ROOM :End of /WHO list",
  );
});

Deno.test("WHO lists people of other doors, and people with a name that IRC does not allow", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  await room.enter("dr.who");
  await ann.ask(
    "WHO #lobby",
    `:irc.test 352 ann #lobby tcp ${HOST} irc.test dr|who H :0 dr.who`,
    ":irc.test 315 ann #lobby :End of /WHO list",
  );
});

Deno.test("WHO finds somebody by name, without regard to case", async () => {
  await using room = new IrcRoom();
  const [ann] = await room.registerIn("#room", "ann", "Bob");
  await room.registerAs("cem", { user: "c", realname: "Cem Other" });
  for (const name of ["bob", "BOB"]) {
    await ann.ask(
      `WHO ${name}`,
      `:irc.test 352 ann #room ~bob ${HOST} irc.test Bob H :0 Bob`,
      `:irc.test 315 ann ${name} :End of /WHO list`,
    );
  }
  // They are in no channel together.
  await ann.ask(
    "WHO cem",
    `:irc.test 352 ann * ~c ${HOST} irc.test cem H :0 Cem Other`,
    ":irc.test 315 ann cem :End of /WHO list",
  );
  await ann.ask("WHO nobody", ":irc.test 315 ann nobody :End of /WHO list");
});

Deno.test("WHO finds people by a mask of name, user or real name, of the host, or of all", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  await room.registerAs("bob", { user: "robert", realname: "Bob Smith" });
  const bob = `:irc.test 352 ann * ~robert ${HOST} irc.test bob H :0 Bob Smith`;
  for (const mask of ["b?b", "*obert", "*smith", "bob!*@*", "*!~rob*"]) {
    await ann.ask(`WHO ${mask}`, bob, `:irc.test 315 ann ${mask} :End of /WHO list`);
  }
  ann.send("WHO *.ip");
  assertEquals((await ann.sync()).length, 3);
});

Deno.test("WHO with a mask leaves out invisible people who share no channel", async () => {
  await using room = new IrcRoom();
  const [ann, bob] = [await room.register("ann"), await room.register("bob")];
  bob.send("MODE bob +i");
  await bob.sync();
  await ann.ask("WHO bo*", ":irc.test 315 ann bo* :End of /WHO list");
  const found = `:irc.test 352 ann * ~bob ${HOST} irc.test bob H :0 bob`;
  await ann.ask("WHO bob", found, ":irc.test 315 ann bob :End of /WHO list");
  bob.send("JOIN #room");
  await bob.sync();
  await ann.ask("WHO #room", ":irc.test 315 ann #room :End of /WHO list");
  ann.send("JOIN #room");
  await ann.sync();
  await ann.ask(
    "WHO bo*",
    `:irc.test 352 ann #room ~bob ${HOST} irc.test bob H@ :0 bob`,
    ":irc.test 315 ann bo* :End of /WHO list",
  );
});

Deno.test("WHO shows operators and bots, and only operators if asked to", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  const bob = await room.register("bob");
  bob.send("MODE bob +B");
  await bob.sync();
  await room.logIn("root", { isOperator: true });
  const root = `:irc.test 352 ann * tcp ${HOST} irc.test root H* :0 root`;
  await ann.ask(
    "WHO *o*",
    `:irc.test 352 ann * ~bob ${HOST} irc.test bob HB :0 bob`,
    root,
    ":irc.test 315 ann *o* :End of /WHO list",
  );
  await ann.ask("WHO * o", root, ":irc.test 315 ann * :End of /WHO list");
});

Deno.test("WHO shows nothing of a private room to those who are not in it", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  const owner = await room.logIn("owner", { isOperator: true, room: "den" });
  owner.say("/room private on");
  await owner.read();
  await ann.ask("WHO #den", ":irc.test 315 ann #den :End of /WHO list");
  await ann.ask(
    "WHO owner",
    `:irc.test 352 ann * tcp ${HOST} irc.test owner H* :0 owner`,
    ":irc.test 315 ann owner :End of /WHO list",
  );
});

Deno.test("WHO answers with the fields that were asked for (WHOX)", async () => {
  await using room = new IrcRoom({ address: "192.0.2.7" });
  const [ann] = await room.registerIn("#room", "ann", "bob");
  room.clock.tick(5000);
  await ann.ask(
    "WHO bob %tcuihsnfdlaor,123",
    `:irc.test 354 ann 123 #room ~bob 255.255.255.255 3a1504b2932e.ip irc.test bob H 0 5 0 n/a :bob`,
    ":irc.test 315 ann bob :End of /WHO list",
  );
  await ann.ask(
    "WHO #room %tna,7",
    ":irc.test 354 ann 7 ann :0",
    ":irc.test 354 ann 7 bob :0",
    ":irc.test 315 ann #room :End of /WHO list",
  );
  await ann.ask(
    "WHO ann %i",
    ":irc.test 354 ann :192.0.2.7",
    ":irc.test 315 ann ann :End of /WHO list",
  );
});

Deno.test("WHOX without a field that there is has the answer of a WHO without fields", async () => {
  await using room = new IrcRoom();
  const [ann] = await room.registerIn("#room", "ann");
  for (const fields of ["%", "%zz", "%z,12"]) {
    await ann.ask(
      `WHO #room ${fields}`,
      `:irc.test 352 ann #room ~ann ${HOST} irc.test ann H@ :0 ann`,
      ":irc.test 315 ann #room :End of /WHO list",
    );
  }
});

Deno.test("WHOX tells accounts", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  await room.logIn("Bob");
  await ann.ask(
    "WHO bob %na",
    ":irc.test 354 ann Bob :Bob",
    ":irc.test 315 ann bob :End of /WHO list",
  );
});

Deno.test("WHO without a mask, and for 0, finds everybody", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  await room.register("bob");
  for (const line of ["WHO", "WHO 0", "WHO *"]) {
    ann.send(line);
    assertEquals((await ann.sync()).map((line) => line.split(" ")[1]), ["352", "352", "315"]);
  }
});

Deno.test("WHO finds everybody of hundreds", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  for (let number = 0; number < 300; number++) await room.register(`p${number}`);
  ann.send("WHO p*");
  const lines = await ann.sync();
  assertEquals(lines.length, 301);
  assertEquals(new Set(lines).size, 301);
});

Deno.test("WHO is answered in a batch to a client that labels its lines", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann", "labeled-response", "batch");
  await room.register("bob");
  await ann.ask(
    "@label=x WHO b*",
    "@label=x :irc.test BATCH +1 labeled-response",
    `@batch=1 :irc.test 352 ann * ~bob ${HOST} irc.test bob H :0 bob`,
    "@batch=1 :irc.test 315 ann b* :End of /WHO list",
    ":irc.test BATCH -1",
  );
  await ann.ask("@label=y WHO zed", "@label=y :irc.test 315 ann zed :End of /WHO list");
});
