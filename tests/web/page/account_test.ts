import { assert, assertEquals, assertRejects } from "@std/assert";
import { type Clock, systemClock } from "../../../lib/clock.ts";
import { RequestError } from "../../../lib/web/page/requests.ts";
import { LineClient } from "../../support/line_client.ts";
import { PageClient } from "../../support/page_client.ts";
import { PageServer } from "../../support/page_server.ts";

const PASSWORD = "correct horse";

Deno.test("Client registers its name, and nothing that a tab saves has the password", async () => {
  await using server = new PageServer();
  await using ann = await PageClient.enter(server.url, "ann");
  const error = await assertRejects(() => ann.client.register("short"), RequestError);
  assertEquals(error.code, "bad-password");
  assertEquals(ann.client.state.account, undefined);
  await ann.client.register(PASSWORD);
  assertEquals(ann.client.state.account, { name: "ann", isOperator: false });
  assert(!JSON.stringify(ann.client.state.remembered).includes(PASSWORD));
});

Deno.test("Client learns which password is missing or wrong, and gets its name back", async () => {
  await using server = new PageServer();
  await using ann = await PageClient.enter(server.url, "ann");
  await ann.client.register(PASSWORD);
  await using other = new PageClient(server.url);
  for (const [password, code] of [[undefined, "login-needed"], ["wrong one", "wrong-password"]]) {
    other.client.start("ann", { password });
    await other.until(() => {
      const { status } = other.client;
      return status.type === "refused" && status.code === code;
    });
    assert(other.client.status.type === "refused");
    assertEquals(other.client.status.needs, "password");
  }
  other.client.start("ann", { password: PASSWORD });
  await other.until(() => other.client.status.type === "live");
  assertEquals(other.client.state.account?.name, "ann");
  await ann.until(() => ann.client.status.type === "ended");
  assert(ann.client.status.type === "ended");
  assertEquals(ann.client.status.reason, "takenOver");
  assert(ann.client.status.text?.includes("another connection"), ann.client.status.text);
});

Deno.test("Client logs in again by itself after the connection was lost, but not after logging out", async () => {
  await using server = new PageServer();
  await using ann = await PageClient.enter(server.url, "ann");
  await ann.client.register(PASSWORD);
  ann.cut();
  await ann.until(() => ann.client.status.type === "waiting");
  assertEquals(ann.client.session, undefined);
  ann.client.check();
  await ann.until(() => ann.client.status.type === "live");
  assertEquals(ann.client.state.account?.name, "ann");
  await ann.client.logOut();
  assertEquals(ann.client.state.account, undefined);
  assert(ann.client.state.name !== "ann");
  ann.cut();
  await ann.until(() => ann.client.status.type === "waiting");
  ann.client.check();
  await ann.until(() => ann.client.status.type === "live");
  assertEquals(ann.client.state.account, undefined);
});

Deno.test("Client forgets the private messages that could not be sent once it is logged out", async () => {
  await using server = new PageServer();
  await using ann = await PageClient.enter(server.url, "ann");
  await ann.client.register(PASSWORD);
  const { sender, state: { unsent } } = ann.client;
  sender.say("@gone", "between us", "message");
  await ann.until(() => unsent.all[0]?.state === "failed");
  await ann.client.logOut();
  assertEquals(unsent.all, []);
});

Deno.test("Client.act() collects the output of a command, or rejects with its error", async () => {
  await using server = new PageServer();
  await using ann = await PageClient.enter(server.url, "ann");
  assertEquals(await ann.client.act("/ignore", "lobby"), "You aren't ignoring anyone.");
  const error = await assertRejects(() => ann.client.act("/ban bob", "lobby"), RequestError);
  assert(error.message.includes("no owner"), error.message);
  assertEquals(ann.notices, []);
});

Deno.test("Client learns why it was sent out of a room", async () => {
  await using server = new PageServer();
  await using ann = await PageClient.enter(server.url, "ann");
  await ann.client.register(PASSWORD);
  await ann.client.join("ops");
  await ann.client.act("/room register", "ops");
  await using bob = await PageClient.enter(server.url, "bob");
  await bob.client.join("ops");
  await ann.client.act("/kick bob tea", "ops");
  await bob.until(() => bob.client.state.room("ops") === undefined);
  const left = bob.changes.find((change) => change.type === "left");
  // A button brings them back there, and no field takes a command.
  assertEquals(left?.why, "ann kicked you from #ops (tea).");
  assertEquals(bob.notices, []);
});

Deno.test("Client gives a room's key again after the connection was lost, and saves it nowhere", async () => {
  await using server = new PageServer();
  await using ann = await PageClient.enter(server.url, "ann");
  await ann.client.register(PASSWORD);
  await ann.client.join("vault");
  await ann.client.act("/room register", "vault");
  await ann.client.act("/room key sesame", "vault");
  await using bob = await PageClient.enter(server.url, "bob");
  const error = await assertRejects(() => bob.client.join("vault"), RequestError);
  assertEquals(error.code, "key-needed");
  await bob.client.join("vault", "sesame");
  assert(!JSON.stringify(bob.client.state.remembered).includes("sesame"));
  bob.cut();
  await bob.until(() => bob.client.status.type === "waiting");
  bob.client.check();
  await bob.until(() => bob.client.status.type === "live");
  assert(bob.client.state.room("vault"));
});

Deno.test("Client leaves a room that it may no longer enter when it comes back", async () => {
  await using server = new PageServer();
  await using ann = await PageClient.enter(server.url, "ann");
  await ann.client.register(PASSWORD);
  await ann.client.join("ops");
  await ann.client.act("/room register", "ops");
  await using bob = await PageClient.enter(server.url, "bob");
  await bob.client.join("ops");
  bob.cut();
  await bob.until(() => bob.client.status.type === "waiting");
  await ann.client.act("/ban bob", "ops");
  bob.client.check();
  await bob.until(() => bob.client.status.type === "live");
  assertEquals(bob.client.state.room("ops"), undefined);
  const left = bob.changes.find((change) => change.type === "left");
  assert(left?.why?.startsWith("You are banned from #ops"), left?.why);
});

Deno.test("Client forgets a line that the server takes for a log-in", async () => {
  await using server = new PageServer();
  const jack = await LineClient.enter(server.linePort, "jack");
  await using ann = await PageClient.enter(server.url, "ann");
  ann.client.sender.say("lobby", "login ann secret99", "message", { isSecret: true });
  assert(!JSON.stringify(ann.client.state.remembered).includes("secret99"));
  await ann.until(() => ann.notices.length > 0);
  assertEquals(ann.client.state.unsent.all, []);
  assert(!JSON.stringify(ann.changes).includes("secret99"));
  await jack.expect("* ann joined");
  ann.client.sender.say("lobby", "bye", "message");
  await jack.expect("<ann> bye");
  await jack.close();
});

Deno.test("Client learns how far its account has read a room elsewhere", async () => {
  await using server = new PageServer();
  await using bob = await PageClient.enter(server.url, "bob");
  const room = ({ client }: PageClient) => client.state.room("lobby")!;
  {
    const reported = Promise.withResolvers<void>();
    const clock: Clock = {
      ...systemClock,
      after: (ms, work) => systemClock.after(ms / 100, work),
    };
    const openSocket = (url: string) => {
      const socket = new WebSocket(url);
      const send = socket.send.bind(socket);
      socket.send = (text) => {
        send(text);
        if (`${text}`.startsWith('{"type":"read"')) reported.resolve();
      };
      return socket;
    };
    await using laptop = await PageClient.enter(server.url, "ann", { clock, openSocket });
    await laptop.client.register(PASSWORD);
    bob.client.sender.say("lobby", "one", "message");
    await laptop.until(() => room(laptop).timeline.events.some(({ body }) => body === "one"));
    laptop.client.markRead(room(laptop));
    await reported.promise;
    for (const body of ["two", "three"]) bob.client.sender.say("lobby", body, "message");
    await laptop.until(() => room(laptop).unread === 2);
  }
  await using phone = new PageClient(server.url);
  phone.client.start("ann", { password: PASSWORD });
  await phone.until(() => phone.client.status.type === "live");
  assertEquals([room(phone).unread, room(phone).read! < room(phone).timeline.live], [2, true]);
});
