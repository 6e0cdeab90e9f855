import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { openRules } from "../../lib/domain/access/rules/room_rules.ts";
import { useAccount } from "../../lib/service/chat/login/log_in.ts";
import { enterWebAccount, logInAs } from "../support/account_people.ts";
import { LineClient } from "../support/line_client.ts";
import { putInForce } from "../support/put_in_force.ts";
import type { WebClient } from "../support/web_client.ts";
import { WebScene, type WebSceneOptions } from "../support/web_scene.ts";

const PASSWORD = "tea at five";
const OTHER_PASSWORD = "coffee at six";
const SHARED = "open sesame";

async function withAnn(options?: WebSceneOptions): Promise<WebScene> {
  const scene = new WebScene(options);
  await scene.accounts.register("ann", PASSWORD);
  return scene;
}

/** Says hello; returns the type of the answer, its code, and the password that it asks for. */
async function hello(client: WebClient, fields: Record<string, unknown>) {
  client.send({ type: "hello", ref: "h", rooms: [], ...fields });
  for (;;) {
    const { type, ref, code, needs, session } = await client.next();
    if (ref === "h") return { type, code, needs, session };
  }
}

function refused(code: string, needs: string) {
  return { type: "error", code, needs, session: undefined };
}

Deno.test("hello to a registered name takes its password, and may be said again without it", async () => {
  await using scene = await withAnn();
  const ann = await scene.open();
  assertEquals(await hello(ann, { name: "ANN" }), refused("login-needed", "password"));
  assertEquals(
    await hello(ann, { name: "ann", password: OTHER_PASSWORD }),
    refused("wrong-password", "password"),
  );
  // As long as it takes to find the password.
  await scene.advance(50_000);
  assertEquals(
    await hello(ann, { name: "nobody", password: PASSWORD }),
    refused("wrong-password", "password"),
  );
  await scene.advance(50_000);
  assertEquals((await hello(ann, { name: "ann", password: PASSWORD })).type, "welcome");
  assertEquals(await ann.next(), {
    type: "account",
    ref: "h",
    name: "ann",
    isOperator: false,
    ignored: [],
    preferences: {},
  });
  const guest = await scene.open();
  assertEquals((await hello(guest, { name: "jim" })).type, "welcome");
  assertEquals(await guest.next(), { type: "live" });
});

Deno.test("register, login, logout and password are answered by account", async () => {
  await using scene = await withAnn();
  const jim = await scene.enter("jim");
  const ask = async (message: Record<string, unknown>) => {
    jim.send({ ref: "a", ...message });
    for (;;) {
      const answer = await jim.next();
      const { type, ref, code, name, isOperator } = answer;
      if (ref === "a" && type === "error") return code;
      if (ref === "a" && type === "account") return { name, isOperator };
    }
  };
  const guest = { name: undefined, isOperator: false };
  assertEquals(await ask({ type: "logout" }), "login-needed");
  assertEquals(await ask({ type: "register" }), "bad-message");
  assertEquals(await ask({ type: "register", password: "short" }), "bad-password");
  assertEquals(await ask({ type: "register", password: PASSWORD }), { ...guest, name: "jim" });
  assertEquals(await ask({ type: "register", password: PASSWORD }), "not-permitted");
  assertEquals(
    await ask({ type: "password", old: "wrong", new: OTHER_PASSWORD }),
    "wrong-password",
  );
  assertEquals(
    await ask({ type: "password", old: PASSWORD, new: OTHER_PASSWORD }),
    { ...guest, name: "jim" },
  );
  assertEquals(await ask({ type: "logout" }), guest);
  assert(jim.messages.some(({ type, name }) => type === "named" && name === "jim2"));
  assertEquals(await ask({ type: "login", name: "jim", password: PASSWORD }), "wrong-password");
  assertEquals(
    await ask({ type: "login", name: "jim", password: OTHER_PASSWORD }),
    { ...guest, name: "jim" },
  );
  // What happens elsewhere is told without a ref.
  await scene.accounts.setOperator("jim", true);
  assertEquals((await jim.next("account")).isOperator, true);
  await scene.accounts.remove("jim");
  assertEquals(await jim.next("account"), { type: "account", isOperator: false });
});

Deno.test("A session that was replaced by a log-in ends with the code that forbids to come back", async () => {
  await using scene = await withAnn();
  const first = await scene.open();
  await hello(first, { name: "ann", password: PASSWORD });
  const lines = await LineClient.connect(scene.linePort);
  await lines.send("ann");
  await lines.send(PASSWORD);
  assertStringIncludes(
    (await first.next("bye")).text,
    "ann has logged in on another connection, by tcp",
  );
  assertEquals(await first.ended, 4001);
  const second = await scene.open();
  await hello(second, { name: "ann", password: PASSWORD });
  await lines.expectEnd();
  await lines.close();
});

Deno.test("A page that is loaded again needs no password for two minutes, unless the account has changed", async () => {
  await using scene = await withAnn({ serverPassword: SHARED });
  const connect = async (session?: string, password?: string, serverPassword?: string) => {
    const client = await scene.open();
    const answer = await hello(client, { name: "ann", session, password, serverPassword });
    return { client, ...answer };
  };
  const leave = async (client: WebClient) => {
    client.close();
    await client.ended;
    await scene.advance(1000);
  };
  const first = await connect(undefined, PASSWORD, SHARED);
  await leave(first.client);
  const second = await connect(first.session);
  assertEquals(second.type, "welcome");
  // While the connection lives, too, and as often as the page is loaded.
  const third = await connect(first.session);
  assertEquals([third.type, await second.client.ended], ["welcome", 4001]);
  assertEquals([second.session, third.session], [first.session, first.session]);
  await leave(third.client);
  await scene.accounts.setPassword("ann", OTHER_PASSWORD);
  assertEquals((await connect(third.session)).needs, "password");
  const fourth = await connect(undefined, OTHER_PASSWORD, SHARED);
  await leave(fourth.client);
  await scene.advance(120_000);
  assertEquals((await connect(fourth.session)).needs, "serverPassword");
});

Deno.test("A page that is loaded again before it is welcomed needs no password, until somebody quits", async () => {
  await using scene = await withAnn();
  const first = await scene.open();
  const { session } = await hello(first, { name: "ann", password: PASSWORD });
  first.close();
  await first.ended;
  // Loaded and loaded again: none of these hears what the server answers.
  for (let load = 0; load < 3; load++) {
    const page = await scene.open();
    page.send({ type: "hello", name: "ann", session });
    await scene.advance(100);
    page.close();
    await page.ended;
  }
  const last = await scene.open();
  assertEquals((await hello(last, { name: "ann", session })).type, "welcome");
  last.send({ type: "command", line: "/quit" });
  assertEquals(await last.ended, 1000);
  assertEquals(await hello(await scene.open(), { name: "ann", session }), {
    ...refused("login-needed", "password"),
  });
});

Deno.test("hello to a server with a password must carry it", async () => {
  await using scene = await withAnn({ serverPassword: SHARED });
  const jim = await scene.open();
  assertEquals(await hello(jim, { name: "jim" }), refused("login-needed", "serverPassword"));
  assertEquals(
    await hello(jim, { name: "jim", serverPassword: "open" }),
    refused("wrong-password", "serverPassword"),
  );
  assertEquals(
    await hello(jim, { name: "ann", serverPassword: SHARED }),
    refused("login-needed", "password"),
  );
  assertEquals((await hello(jim, { name: "jim" })).type, "welcome");
});

Deno.test("Guessing the password of the server is delayed by address", async () => {
  await using scene = new WebScene({ serverPassword: SHARED });
  const mallory = await scene.open();
  const codes: string[] = [];
  for (let tries = 0; tries < 8; tries++) {
    codes.push((await hello(mallory, { name: "m", serverPassword: `guess ${tries}` })).code);
  }
  assertEquals([codes[0], codes.at(-1)], ["wrong-password", "slow-down"]);
});

Deno.test("hello to a server for people with an account asks every name for a password", async () => {
  await using scene = await withAnn({ isClosed: true });
  const client = await scene.open();
  for (const name of ["ann", "nobody"]) {
    assertEquals(await hello(client, { name }), refused("login-needed", "password"));
  }
  assertEquals((await hello(client, { name: "ann", password: PASSWORD })).type, "welcome");
  client.send({ type: "register", password: PASSWORD, ref: "r" });
  assertEquals((await client.next("error")).code, "not-permitted");
  client.send({ type: "logout", ref: "l" });
  assertEquals(await client.ended, 1008);
});

Deno.test("A line that looks like a log-in is not said by web clients either", async () => {
  await using scene = await withAnn();
  const jim = await scene.enter("jim");
  for (const body of ["/login ann s3cret", "hello\u2028/login ann s3cret", "login ann s3cret"]) {
    jim.send({ type: "say", room: "lobby", body, ref: body });
    const { code, ref } = await jim.next("error");
    assertEquals([code, ref], ["looks-like-login", body]);
  }
  assertEquals((await scene.log.read("lobby", 0, 10)).length, 1);
});

Deno.test("The HTTP API of a server with a password needs it, as Bearer or Basic, or a session", async () => {
  await using scene = new WebScene({ serverPassword: SHARED, postToken: "t0ken" });
  const status = async (Authorization?: string, path = "/api/rooms", method = "GET") => {
    const response = await scene.fetch(path, {
      method,
      headers: {
        ...(Authorization === undefined ? {} : { Authorization }),
        "Content-Type": "text/plain",
      },
      body: method === "POST" ? "hello" : undefined,
    });
    await response.body?.cancel();
    return response.status;
  };
  assertEquals(await status(), 401);
  assertEquals(await status("Bearer wrong"), 401);
  assertEquals(await status("Basic !!"), 401);
  assertEquals(await status(`Bearer ${SHARED}`), 200);
  assertEquals(await status(`Basic ${btoa(`anybody:${SHARED}`)}`), 200);
  assertEquals(await status("Bearer t0ken", "/api/rooms/lobby/messages", "POST"), 201);
  assertEquals(await status(`Bearer ${SHARED}`, "/api/rooms/lobby/messages", "POST"), 401);
  assertEquals([await status(undefined, "/health"), await status(undefined, "/")], [200, 200]);
  const { status: code, body } = await scene.json("/api/rooms");
  assertEquals([code, body.code], [401, "login-needed"]);
  const client = await scene.open();
  const { session } = await hello(client, { name: "jim", serverPassword: SHARED });
  assertEquals(await status(`Bearer ${session}`), 200);
});

Deno.test("The HTTP API takes a password of any script in UTF-8, as Bearer or Basic", async () => {
  const password = "Schlüßel 你好";
  await using scene = new WebScene({ serverPassword: password });
  const bytes = (text: string) => String.fromCharCode(...new TextEncoder().encode(text));
  const status = async (Authorization: string) =>
    (await scene.json("/api/rooms", { headers: { Authorization } })).status;
  assertEquals(await status(`Bearer ${bytes(password)}`), 200);
  assertEquals(await status(`Basic ${btoa(bytes(`anybody:${password}`))}`), 200);
  assertEquals(await status(`Bearer ${bytes("Schlüssel 你好")}`), 401);
});

Deno.test("A program with a token needs no password of the server, and cannot change that of the account", async () => {
  await using scene = await withAnn({ serverPassword: SHARED });
  const secret = await scene.chat.tokens.create("ann", "bot");
  const bot = await scene.open();
  assertEquals((await hello(bot, { token: secret })).type, "welcome");
  for (
    const message of [
      { type: "password", old: PASSWORD, new: OTHER_PASSWORD },
      { type: "logout" },
      { type: "login", name: "ann", password: PASSWORD },
      { type: "register", password: PASSWORD },
      { type: "command", line: "/logout" },
    ]
  ) {
    bot.send(message);
    assertEquals((await bot.next("error")).code, "not-permitted");
  }
  const headers = { Authorization: `Bearer ${secret}` };
  assertEquals((await scene.json("/api/rooms", { headers })).status, 200);
});

Deno.test("The HTTP API shows a connected client what its account may read", async () => {
  await using scene = await withAnn({ isClosed: true });
  const rules = {
    ...openRules("ops"),
    isPrivate: true,
    roles: new Map([["ann", "owner" as const]]),
  };
  putInForce(scene.access, rules);
  const ann = await scene.open();
  const { session } = await hello(ann, { name: "ann", password: PASSWORD });
  ann.send({ type: "join", room: "ops" });
  await ann.next("joined");
  ann.send({ type: "say", room: "ops", body: "secret", ref: "s" });
  await ann.next("said");
  const path = "/api/rooms/ops/messages";
  const headers = { Authorization: `Bearer ${session}` };
  const { status, body } = await scene.json(path, { headers });
  assertEquals([status, body.events.at(-1).body], [200, "secret"]);
  assert((await scene.json(path)).status >= 400);
});

Deno.test("account names whom it ignores, on the next device too", async () => {
  await using scene = await withAnn();
  const ann = await scene.open();
  await hello(ann, { name: "ann", password: PASSWORD });
  assertEquals((await ann.next("account")).ignored, []);
  await ann.command("/ignore Bob");
  ann.send({ type: "command", line: "/quit" });
  await ann.ended;
  const phone = await scene.open();
  await hello(phone, { name: "ann", password: PASSWORD });
  assertEquals((await phone.next("account")).ignored, ["bob"]);
});

Deno.test("what a client keeps with an account is told to its other sessions, now and later", async () => {
  await using scene = new WebScene();
  const ann = await enterWebAccount(scene, "ann");
  const phone = await scene.enter("phone");
  await logInAs(scene, "phone", "ann");
  const preferences = { muted: ["ops"], roomOrder: "name" };
  ann.send({ type: "preferences", ref: "p", preferences });
  assertEquals(await ann.next("preferences"), { type: "preferences", ref: "p", preferences });
  assertEquals(await phone.next("preferences"), { type: "preferences", preferences });
  const tablet = await scene.enter("tablet");
  const account = scene.chat.accounts.find("ann")!;
  await useAccount(scene.chat.people.find("tablet")!, account, { keepsName: true });
  assertEquals((await tablet.next("account")).preferences, preferences);
});

Deno.test("what a client keeps with an account is not told to the next account of its connection", async () => {
  await using scene = await withAnn();
  const client = await scene.enter("zoe");
  await client.ask({ type: "login", name: "ann", password: PASSWORD });
  const preferences = { muted: ["secret"] };
  assertEquals((await client.ask({ type: "preferences", preferences })).preferences, preferences);
  await client.ask({ type: "logout" });
  const { name, preferences: kept } = await client.ask({ type: "register", password: PASSWORD });
  assert(name !== "ann");
  assertEquals(kept, {});
});

Deno.test("a session is told once of what another keeps again and again", async () => {
  await using scene = new WebScene();
  const ann = await enterWebAccount(scene, "ann");
  const phone = await scene.enter("phone");
  await logInAs(scene, "phone", "ann");
  for (const muted of [["ops"], ["ops"], ["ops"], []]) {
    await ann.ask({ type: "preferences", preferences: { muted } });
  }
  assertEquals((await phone.next("preferences")).preferences, { muted: ["ops"] });
  assertEquals((await phone.next("preferences")).preferences, { muted: [] });
});

Deno.test("guests can keep nothing, and nobody can keep much", async () => {
  await using scene = new WebScene();
  const guest = await scene.enter("gus");
  const ask = (client: WebClient, preferences: unknown) =>
    client.ask({ type: "preferences", preferences });
  assertEquals((await ask(guest, { a: 1 })).code, "login-needed");
  const ann = await enterWebAccount(scene, "ann");
  assertEquals((await ask(ann, { a: "x".repeat(16 * 1024) })).code, "too-long");
  assertEquals((await ask(ann, ["a"])).code, "bad-message");
});
