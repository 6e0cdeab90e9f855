import { assertEquals, assertMatch } from "@std/assert";
import { openRules } from "../../lib/domain/access/rules/room_rules.ts";
import { openOwners, PASSWORD } from "../support/token_owners.ts";
import { WebScene } from "../support/web_scene.ts";
import { putInForce } from "../support/put_in_force.ts";

async function open() {
  const owners = await openOwners(["Ann", "bob"]);
  const { tokens } = owners;
  const scene = new WebScene({ tokens });
  const roles = new Map([["ann", "owner"]] as const);
  const rules = { ...openRules("secret"), roles, isPrivate: true };
  putInForce(scene.access, rules);
  return { ...owners, scene };
}

Deno.test("WebSession lets a program act as the account of its token", async () => {
  const { scene, tokens } = await open();
  await using _scene = scene;
  const bot = await scene.open();
  const token = await tokens.create("ann", "bot");
  const welcome = await bot.ask({ type: "hello", token, rooms: [{ room: "secret" }] });
  assertEquals([welcome.name, welcome.token], ["Ann", { account: "Ann" }]);
  await bot.next("joined");
  bot.send({ type: "say", room: "secret", body: "hello", ref: 1 });
  const [event] = await bot.hear("hello");
  assertEquals(event.from, "Ann");
});

Deno.test("WebSession gives nobody an account for the session of one of its tokens", async () => {
  const { accounts, tokens } = await openOwners(["Ann"]);
  await using scene = new WebScene({ accounts, tokens });
  const [bot, thief] = [await scene.open(), await scene.open()];
  const token = await tokens.create("ann", "bot", ["ops"]);
  const { session } = await bot.ask({ type: "hello", token });
  const { type, code } = await thief.ask({ type: "hello", name: "ann", session });
  assertEquals([type, code], ["error", "login-needed"]);
});

Deno.test("WebSession keeps a token to the rooms that it names", async () => {
  const { scene, tokens } = await open();
  await using _scene = scene;
  const bob = await scene.enter("bob", "ops", "other");
  const bot = await scene.open();
  const token = await tokens.create("ann", "bot", ["Ops", "secret"]);
  bot.send({ type: "hello", name: "ann", token });
  const welcome = await bot.next("welcome");
  assertEquals([welcome.name, welcome.token], [
    "ann",
    { account: "Ann", rooms: ["ops", "secret"] },
  ]);
  assertEquals([(await bot.next("joined")).room, (await bot.next("joined")).room], [
    "ops",
    "secret",
  ]);
  const refused = async (message: Record<string, unknown>) => {
    const { type, code } = await bot.ask(message);
    return type === "error" ? code : type;
  };
  assertEquals(await refused({ type: "join", room: "other" }), "no-such-room");
  assertEquals(await refused({ type: "join", room: "lobby" }), "no-such-room");
  assertEquals(await refused({ type: "history", room: "other" }), "no-such-room");
  assertEquals(await refused({ type: "members", room: "other" }), "no-such-room");
  assertEquals(await refused({ type: "private", to: "bob", body: "x" }), "not-permitted");
  const { rooms } = await bot.ask({ type: "rooms" });
  assertEquals(rooms.map(({ room }: { room: string }) => room).toSorted(), ["ops", "secret"]);
  assertEquals(await bot.command("/join other"), [
    "! There is no room #other. /rooms lists the rooms.",
  ]);
  assertEquals(await bot.command("/nick zoe"), [
    "! This token speaks as Ann, and under no other name.",
  ]);
  assertEquals(await bot.command("/token new more"), [
    "! A token cannot change tokens. Log in with the password of the account.",
  ]);
  assertEquals(await bot.command("/quote other#1", "ops"), [
    "! There is no room #other. /rooms lists the rooms.",
  ]);
  bob.close();
});

Deno.test("WebSession refuses a wrong token, or another name, and takes the next hello", async () => {
  const { scene, tokens } = await open();
  await using _scene = scene;
  const bot = await scene.open();
  const token = await tokens.create("ann", "bot");
  const hello = async (fields: Record<string, unknown>) => {
    const { type, code, name } = await bot.ask({ type: "hello", ...fields });
    return type === "error" ? code : name;
  };
  assertEquals(await hello({ token: "pl_wrong" }), "wrong-token");
  assertEquals(await hello({ token, name: "zoe" }), "not-permitted");
  assertEquals(await hello({}), "bad-message");
  // What was proven before counts no longer.
  assertEquals(await hello({ name: "zoe", rooms: [{ room: "secret" }] }), "zoe");
  assertMatch((await bot.next("error")).text, /private/);
});

Deno.test("WebSession ends when its token is revoked", async () => {
  const { scene, tokens } = await open();
  await using _scene = scene;
  const bot = await scene.open();
  const token = await tokens.create("ann", "bot");
  await bot.ask({ type: "hello", token });
  const other = await scene.enter("bob");
  await tokens.revoke("ann", "bot");
  assertMatch((await bot.next("bye")).text, /^The token has been revoked/);
  assertEquals(await bot.ended, 1008);
  await other.hear();
  assertEquals(
    (await scene.open().then((client) => client.ask({ type: "hello", token }))).code,
    "wrong-token",
  );
});

Deno.test("WebSession of a token ends when its owner logs in, and cannot come back meanwhile", async () => {
  const { accounts, tokens } = await openOwners(["Ann"]);
  await using scene = new WebScene({ accounts, tokens });
  const bot = await scene.open();
  const token = await tokens.create("ann", "bot");
  await bot.ask({ type: "hello", token });
  const owner = await scene.open();
  const welcome = await owner.ask({ type: "hello", name: "ann", password: PASSWORD });
  assertEquals(welcome.name, "Ann");
  assertEquals(
    (await bot.next("bye")).text,
    "Ann has logged in on another connection, by web, so this one has ended. If that was not you, " +
      "log in and change the password with /password.",
  );
  const again = await scene.open();
  again.send({ type: "hello", token });
  // The server makes sure that the holder of the name is still there.
  await scene.advance(6000);
  const { code, text } = await again.next("error");
  assertEquals([code, text], [
    "name-in-use",
    "Ann is connected already, and this token speaks under no other name. Give a program that " +
    "stays connected an account of its own.",
  ]);
  owner.close();
  await scene.advance(1000);
  assertEquals((await again.ask({ type: "hello", token })).name, "Ann");
});
