import { assert, assertEquals, assertMatch } from "@std/assert";
import { openRules, type RoomRules } from "../../../lib/domain/access/rules/room_rules.ts";
import { settle } from "../../support/fake_clock.ts";
import { openOwners, type TokenOwners } from "../../support/token_owners.ts";
import { LoggerScene, receiptOf } from "./logger_scene.ts";
import { putInForce } from "../../support/put_in_force.ts";

const NEEDED =
  "! This port takes log lines with a token only. Send a line @token SECRET before all others.";
const WRONG =
  "! The token is wrong, or has been revoked. Create a new one with /token new in the chat.";
const NOT_HERE = "! This token may not write here. Use one that names the room of this port, of " +
  "an account that may write there.";
const REVOKED = "! The token has been revoked. Create a new one with /token new in the chat.";

interface Opened extends TokenOwners, AsyncDisposable {
  readonly scene: LoggerScene;
  readonly secret: string;
}

async function open(
  endpointOptions: Record<string, string> = { token: "required" },
  rooms: readonly string[] = [],
): Promise<Opened> {
  const owners = await openOwners(["Ann", "bob"]);
  const scene = new LoggerScene({ tokens: owners.tokens, endpointOptions, clock: owners.clock });
  const secret = await owners.tokens.create("ann", "build", rooms);
  return { ...owners, scene, secret, [Symbol.asyncDispose]: () => scene[Symbol.asyncDispose]() };
}

function setRules({ access }: LoggerScene, rules: Partial<RoomRules>): void {
  putInForce(access, { ...openRules("log"), ...rules });
}

/** The stored and printed texts, to look for secrets. */
async function kept({ scene }: Opened): Promise<string> {
  return JSON.stringify([await scene.stored(), scene.printed]);
}

Deno.test("Logger takes lines with a token where one is required, by any source", async () => {
  await using opened = await open();
  const { scene, secret } = opened;
  assertEquals(await scene.pour(`@token ${secret}\none\n<13>1 - host app - - - two\n`), [
    await receiptOf(["one", "two"]),
  ]);
  assertEquals(await scene.pour(`@token ${secret}\n@build\nthree`), [
    await receiptOf(["three"], { firstSeq: 3 }),
  ]);
  assertEquals(await scene.pour(`@build\n@token ${secret}\n@receipt\nfour`), [
    await receiptOf(["four"], { firstSeq: 4 }),
  ]);
  assertEquals(await scene.read(), [
    "192.0.2.7| one",
    "host/app| two",
    "build| three",
    "build| four",
  ]);
  assert(!(await kept(opened)).includes("pl_"));
});

Deno.test("Logger stores nothing of a sender without a token, and records how much was refused", async () => {
  await using opened = await open();
  const { scene } = opened;
  assertEquals(await scene.pour("one\ntwo\nthree\n"), [NEEDED]);
  assertEquals(await scene.pour("@build\none\n"), [NEEDED]);
  assertEquals(await scene.pour("@token pl_wrong\n@build\n@ack 1\none\nt\u00fc"), [WRONG]);
  assertEquals(await scene.pour("@token pl_wrong\n"), [WRONG]);
  assertEquals(await scene.pour(""), [await receiptOf([])]);
  assertEquals(await scene.read(), [
    "* gap: 3 lines from 192.0.2.7 were not permitted, and not kept",
    "* gap: 1 line from 192.0.2.7 was not permitted, and not kept",
    "* gap: 2 lines from 192.0.2.7 were not permitted, and not kept",
  ]);
  assertEquals((await scene.stored()).map(({ fields }) => fields), [
    { reason: "not-permitted", lines: 3, bytes: 14 },
    { reason: "not-permitted", lines: 1, bytes: 4 },
    { reason: "not-permitted", lines: 2, bytes: 8 },
  ]);
  assert(!(await kept(opened)).includes("pl_"));
});

Deno.test("Logger tells a sender without a token nothing about the log", async () => {
  await using opened = await open();
  const { scene, secret } = opened;
  await scene.pour(`@token ${secret}\none\n`);
  assertEquals(await scene.pour("@build\n@resume\n"), [NEEDED]);
  assertEquals(await scene.pour("@build\n@resume #1\nx\n"), [NEEDED]);
  assertEquals((await scene.pour(`@token ${secret}\n@build\n@resume\n`))[0], "resume #2");
});

Deno.test("Logger counts what a refused sender goes on sending for a second, and then ends", async () => {
  await using opened = await open();
  const { scene } = opened;
  const peer = scene.connect();
  peer.send("one");
  assertEquals(await peer.read(1), [NEEDED]);
  peer.send("two", "three");
  await settle();
  assert(!peer.hasEnded);
  await scene.advance(1000);
  await peer.until(() => peer.hasEnded);
  peer.send("four");
  await scene.advance(2000);
  await settle();
  assertEquals(await scene.read(), [
    "* gap: 3 lines from 192.0.2.7 were not permitted, and not kept",
  ]);
  assertEquals(peer.lines, [NEEDED]);
});

Deno.test("Logger takes senders without a token by default, but not with a wrong one", async () => {
  for (const options of [{}, { token: "optional" }]) {
    await using opened = await open(options as Record<string, string>);
    const { scene, secret, tokens } = opened;
    assertEquals(await scene.pour("one\n"), [await receiptOf(["one"])]);
    assertEquals(await scene.pour(`@token ${secret}\ntwo\n`), [
      await receiptOf(["two"], { firstSeq: 2 }),
    ]);
    await tokens.revoke("ann", "build");
    assertEquals(await scene.pour(`@token ${secret}\nthree\n`), [WRONG]);
    assertEquals((await scene.stored()).map(({ kind }) => kind), ["log", "log", "gap"]);
  }
});

Deno.test("Logger lets a token write only where it and its account may", async () => {
  await using opened = await open({ token: "optional" }, ["builds"]);
  const { scene, secret, tokens } = opened;
  assertEquals(await scene.pour(`@token ${secret}\none\n`), [NOT_HERE]);
  const whole = await tokens.create("ann", "whole");
  const bobs = await tokens.create("bob", "bob");
  const pour = async (secret: string) => (await scene.pour(`@token ${secret}\n@ci\nx\n`))[0];
  setRules(scene, { isPrivate: true, roles: new Map([["ann", "voice"]] as const) });
  assertMatch(await pour(whole), /^stored 1 line/);
  assertEquals(await pour(bobs), NOT_HERE);
  // The operator has opened the port for that room.
  assertMatch((await scene.pour("@ci\nx\n"))[0], /^stored 1 line/);
  setRules(scene, { isModerated: true });
  assertEquals(await pour(whole), NOT_HERE);
  setRules(scene, { bans: [{ target: "bob", by: "ann", reason: "" }] });
  assertEquals([await pour(bobs), /^stored/.test(await pour(whole))], [NOT_HERE, true]);
  const mute = { target: "ci", by: "ann", reason: "noise" };
  setRules(scene, { mutes: [mute] });
  assertMatch(await pour(whole), /^! You may not speak in #log \(noise\)/);
});

Deno.test("Logger stops a sender when its token is revoked, and records what came too late", async () => {
  await using opened = await open();
  const { scene, secret, tokens } = opened;
  const peer = scene.connect();
  const other = scene.connect();
  const kept = await tokens.create("bob", "kept");
  other.send(`@token ${kept}`, "@other", "x");
  peer.send(`@token ${secret}`, "@build", "@ack 1", "one");
  assertEquals(await peer.read(1), ["ack #2"]);
  await tokens.revoke("ann", "BUILD");
  assertEquals(await peer.read(1), [REVOKED]);
  peer.send("two", "three");
  await settle();
  await scene.advance(1000);
  await peer.until(() => peer.hasEnded);
  other.send("y");
  other.end();
  await other.until(() => other.hasEnded);
  await scene.advance(2000);
  assertEquals((await scene.read()).toSorted(), [
    "* gap: 2 lines from build were not permitted, and not kept",
    "build| one",
    "other| x",
    "other| y",
  ]);
  assertEquals(peer.lines.length, 2);
});

Deno.test("Logger stores and prints no secret that comes too late or where none is understood", async () => {
  for (const framing of ["auto", "line", "octet", "raw", "syslog"]) {
    await using opened = await open({ framing });
    const { scene, secret } = opened;
    await scene.pour(`x\n@token ${secret}\n @token ${secret} y\n`);
    await scene.pour(`@token ${secret}\n@token ${secret}\n`);
    const line = `@token ${secret}`;
    if (framing === "octet") await scene.pour(`${line.length} ${line}${line.length} ${line}`);
    const text = await kept(opened);
    assert(!text.includes(secret.slice(0, 20)), `${framing}: ${text}`);
    assert((await scene.stored()).length > 0);
  }
});

Deno.test("Logger stores and prints no secret in a datagram", async () => {
  await using opened = await open({});
  const { scene, secret } = opened;
  for (const framing of ["auto", "raw", "line"]) {
    await scene.logger.takeDatagram(new TextEncoder().encode(`@token ${secret}\nx\n`), {
      remote: "192.0.2.7:5555",
      address: "192.0.2.7",
      scheme: "udp",
      endpointOptions: new Map([["framing", framing]]),
      maxLineBytes: 64 * 1024,
    });
  }
  const text = await kept(opened);
  assertMatch(text, /a secret, left out/);
  assert(!text.includes(secret));
});
