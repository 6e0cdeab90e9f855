/** Every route of the HTTP API, for every kind of token and room. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { Hono } from "hono";
import { openRules } from "../../lib/domain/access/rules/room_rules.ts";
import { STRANGER } from "../../lib/domain/asker.ts";
import type { SearchOptions } from "../../lib/domain/search/search.ts";
import { createApi } from "../../lib/web/api/api.ts";
import { WebContext } from "../../lib/web/client/web_context.ts";
import { WebBase } from "../../lib/web/web_base.ts";
import { putInForce } from "../support/put_in_force.ts";
import { readUntil } from "../support/read_until.ts";
import { openOwners, type TokenOwners } from "../support/token_owners.ts";
import { WebScene } from "../support/web_scene.ts";

/** Of those who send requests. */
const BEARERS = ["nobody", "wrong", "revoked", "whole", "limited", "bob"] as const;
type Bearer = typeof BEARERS[number];

/** An open room, an open room that the limited token does not name, and ann's private room. */
const ROOMS = ["ops", "other", "Secret"] as const;
type RoomName = typeof ROOMS[number];

/** Routes of a room. */
const READING = ["", "/messages", "/messages/1", "/pins", "/counts", "/export", "/stream"];
const ALL_ROUTES = [
  "/api/rooms",
  "/api/rooms/:room",
  "/api/rooms/:room/messages",
  "/api/rooms/:room/messages/:seq{[0-9]{1,15}}",
  "/api/rooms/:room/messages/:seq{[0-9]{1,15}}/reactions",
  "/api/rooms/:room/pins",
  "/api/rooms/:room/counts",
  "/api/rooms/:room/export",
  "/api/rooms/:room/stream",
  "/api/search",
  "/about",
  "/health",
  "/ready",
];

const MAY_READ: Record<Bearer, readonly RoomName[]> = {
  nobody: ["ops", "other"],
  wrong: [],
  revoked: [],
  whole: ["ops", "other", "Secret"],
  limited: ["ops", "Secret"],
  bob: ["ops", "other"],
};
const MAY_POST: Record<Bearer, readonly RoomName[]> = { ...MAY_READ, nobody: [] };

class TokenScene implements AsyncDisposable {
  readonly web: WebScene;
  readonly owners: TokenOwners;
  readonly searches: SearchOptions[];
  readonly secrets: Readonly<Record<Bearer, string | undefined>>;

  private constructor(
    web: WebScene,
    owners: TokenOwners,
    secrets: TokenScene["secrets"],
    searches: SearchOptions[],
  ) {
    this.web = web;
    this.owners = owners;
    this.secrets = secrets;
    this.searches = searches;
  }

  static async open(options: { readonly postToken?: string } = {}): Promise<TokenScene> {
    const owners = await openOwners(["Ann", "bob"]);
    const { tokens } = owners;
    const secrets = {
      nobody: undefined,
      wrong: `pl_${"A".repeat(43)}`,
      revoked: await tokens.create("ann", "revoked"),
      whole: await tokens.create("ann", "whole"),
      limited: await tokens.create("ann", "limited", ["ops", "secret"]),
      bob: await tokens.create("bob", "bob"),
    };
    await tokens.revoke("ann", "revoked");
    const searches: SearchOptions[] = [];
    const search = {
      search(options: SearchOptions) {
        searches.push(options);
        return Promise.resolve({ hits: [] });
      },
    };
    const web = new WebScene({ ...options, tokens, search });
    for (const room of ROOMS) {
      const draft = { room, kind: "log", from: "make", body: `${room} 1`, origin: -1 } as const;
      await web.registry.post(STRANGER, [draft]);
    }
    const rules = {
      ...openRules("Secret"),
      roles: new Map([["ann", "owner"]] as const),
      isPrivate: true,
    };
    putInForce(web.access, rules);
    return new TokenScene(web, owners, secrets, searches);
  }

  headers(bearer: Bearer): Record<string, string> {
    const secret = this.secrets[bearer];
    return secret === undefined ? {} : { Authorization: `Bearer ${secret}` };
  }

  /** Sends a request; resolves to its status and, unless it is a stream, its body. */
  async ask(bearer: Bearer, path: string, init: RequestInit = {}) {
    const headers = { ...this.headers(bearer), ...init.headers };
    const response = await this.web.fetch(path, { ...init, headers });
    const isStream = response.headers.get("content-type") === "text/event-stream";
    if (isStream) await response.body?.cancel();
    const text = isStream ? "" : await response.text();
    return { status: response.status, text, headers: response.headers };
  }

  post(bearer: Bearer, room: string, post: Record<string, unknown>) {
    return this.ask(bearer, `/api/rooms/${room}/messages`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(post),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.web[Symbol.asyncDispose]();
  }
}

Deno.test("API has no route that the tables of this test leave out", async () => {
  await using scene = new WebScene();
  const web = new WebContext({ chat: scene.chat, clock: scene.clock, nameDeadlineMs: () => 1000 });
  const { signal: stopping } = new AbortController();
  const facts = () => ({ description: "", waysIn: [] });
  const app = createApi({ web, postToken: undefined, stopping, base: new WebBase("/"), facts });
  assert(app instanceof Hono);
  const paths = new Set(app.routes.map(({ path }) => path));
  assertEquals([...paths].filter((path) => path !== "/api/*"), ALL_ROUTES);
});

Deno.test("API lets the token of an account read what the account may, in the rooms it names", async () => {
  await using scene = await TokenScene.open();
  const missing = (await scene.ask("whole", "/api/rooms/nowhere")).text;
  let count = 0;
  for (const bearer of BEARERS) {
    for (const room of ROOMS) {
      for (const path of READING) {
        const isKnown = bearer !== "wrong" && bearer !== "revoked";
        const expected = MAY_READ[bearer].includes(room) ? 200 : isKnown ? 404 : 401;
        for (const method of ["GET", "HEAD"]) {
          const { status, text } = await scene.ask(bearer, `/api/rooms/${room}${path}`, { method });
          assertEquals(status, expected, `${bearer} ${method} ${room}${path}: ${text}`);
          count++;
          if (method === "HEAD" || status === 200) continue;
          // It looks like a room that does not exist.
          assertEquals(text.replaceAll(room, "nowhere") === missing, isKnown, text);
          if (!isKnown) assertMatch(text, /"code":"wrong-token","detail":"The token is wrong, or/);
        }
      }
    }
  }
  assertEquals(count, BEARERS.length * ROOMS.length * READING.length * 2);
});

Deno.test("API lists and searches the rooms of a token alone", async () => {
  await using scene = await TokenScene.open();
  for (const bearer of BEARERS) {
    const { status, text } = await scene.ask(bearer, "/api/rooms");
    const { status: searchStatus } = await scene.ask(bearer, "/api/search?q=1");
    if (MAY_READ[bearer].length === 0) {
      assertEquals([status, searchStatus], [401, 401], bearer);
      continue;
    }
    assertEquals([status, searchStatus], [200, 200], bearer);
    const rooms = JSON.parse(text).rooms.map(({ room }: { room: string }) => room).toSorted();
    assertEquals(rooms, [...MAY_READ[bearer]].toSorted(), bearer);
  }
  const hidden = ["secret", "moderation"];
  assertEquals(scene.searches.map(({ scope }) => scope), [
    { account: undefined, hidden, only: undefined },
    { account: "ann", hidden: ["moderation"], only: undefined },
    { account: "ann", hidden: ["moderation"], only: ["ops", "secret"] },
    { account: "bob", hidden, only: undefined },
  ]);
});

Deno.test("API refuses a wrong token on every path, but only that of the scheme Bearer", async () => {
  await using scene = await TokenScene.open();
  const paths = ["/api/nothing", "/api/rooms/a%2Fb", "/api/rooms/ops/messages/99", "/api/search"];
  for (const path of paths) {
    assertEquals((await scene.ask("wrong", path)).status, 401, path);
    assertEquals((await scene.ask("revoked", path, { method: "DELETE" })).status, 401, path);
  }
  for (const given of ["Bearer", "Bearer a b", "bearer  x", "BEARER pl_"]) {
    const headers = { Authorization: given };
    const { status, headers: answered } = await scene.ask("nobody", "/api/rooms", { headers });
    assertEquals([status, answered.get("www-authenticate")], [401, 'Bearer realm="partyline"']);
  }
  // A proxy has its own log-in.
  const headers = { Authorization: "Basic YTpi" };
  assertEquals((await scene.ask("nobody", "/api/rooms", { headers })).status, 200);
  for (const path of ["/health", "/ready", "/"]) {
    assertEquals((await scene.ask("wrong", path)).status, 200, path);
  }
});

Deno.test("API lets a token post as its account, where both may", async () => {
  await using scene = await TokenScene.open();
  for (const bearer of BEARERS) {
    for (const room of ROOMS) {
      for (const kind of ["message", "log"]) {
        const { status, text } = await scene.post(bearer, room, { kind, body: "x" });
        const otherwise = bearer === "nobody" ? 403 : MAY_READ[bearer].length > 0 ? 404 : 401;
        const expected = MAY_POST[bearer].includes(room) ? 201 : otherwise;
        assertEquals(status, expected, `${bearer} ${kind} ${room}: ${text}`);
        if (status !== 201) continue;
        const [event] = JSON.parse(text).events;
        assertEquals([event.from, event.kind], [bearer === "bob" ? "bob" : "Ann", kind]);
      }
    }
  }
});

Deno.test("API lets a token react and pin as its account, where both are permitted to", async () => {
  await using scene = await TokenScene.open();
  const send = (bearer: Bearer, path: string, json: unknown) =>
    scene.ask(bearer, path, { method: "POST", body: JSON.stringify(json) });
  for (const room of ROOMS) {
    for (const bearer of BEARERS) {
      const path = `/api/rooms/${room}`;
      const isKnown = bearer === "whole" || bearer === "limited" || bearer === "bob";
      const expected = !isKnown ? 401 : MAY_READ[bearer].includes(room) ? 200 : 404;
      for (
        const [to, json] of [["/messages/1/reactions", { emoji: "+1" }], ["/pins", { seq: 1 }]]
      ) {
        const { status, text } = await send(bearer, path + to, json);
        assertEquals(status, expected, `${bearer} ${room}${to}: ${text}`);
      }
    }
  }
  const { text } = await scene.ask("whole", "/api/rooms/Secret/messages/1");
  assertEquals(JSON.parse(text).reactions, [{ emoji: "👍", from: ["Ann"] }]);
  const pins = JSON.parse((await scene.ask("whole", "/api/rooms/Secret/pins")).text).pins;
  assertEquals([pins.length, pins[0].seq, pins[0].by], [1, 1, "Ann"]);

  const post = async (path: string, json: unknown) => {
    const { status, text } = await send("whole", `/api/rooms/Secret${path}`, json);
    const { events = [], detail } = JSON.parse(text);
    return [status, detail ?? events.map(({ kind }: { kind: string }) => kind).join()];
  };
  const [one, all] = ["/messages/1/reactions", "/pins"];
  assertEquals(await post(one, { emoji: "👍" }), [200, ""]);
  assertEquals(await post(one, { emoji: "👍", action: "remove" }), [200, "unreact"]);
  assertEquals(await post(all, { seq: 1, action: "remove" }), [200, "unpin"]);
  assertEquals(await post(all, { seq: 1, action: "remove" }), [200, ""]);
  assertEquals(await post(all, { seq: 99 }), [404, "#Secret has no message #99."]);
  assertEquals((await post(one, { emoji: "two words" }))[0], 400);
});

Deno.test("API holds a token to the rules of a room when it reacts and pins", async () => {
  await using scene = await TokenScene.open();
  const { access } = scene.web;
  const restriction = { target: "ann", by: "bob", reason: "" };
  const statuses = async (rules: Partial<ReturnType<typeof openRules>>) => {
    putInForce(access, { ...openRules("ops"), ...rules });
    const send = async (path: string, json: unknown) => {
      const init = { method: "POST", body: JSON.stringify(json) };
      return (await scene.ask("limited", `/api/rooms/ops${path}`, init)).status;
    };
    return [
      await send("/messages/1/reactions", { emoji: "👍" }),
      await send("/pins", { seq: 1 }),
    ];
  };
  assertEquals(await statuses({ mutes: [restriction] }), [403, 403]);
  // It may not read there either.
  assertEquals(await statuses({ bans: [restriction] }), [404, 404]);
  assertEquals(await statuses({ hasTopicLock: true }), [200, 403]);
  assertEquals(await statuses({}), [200, 200]);
});

Deno.test("API lets a token speak as its account only, and send log lines of any source", async () => {
  await using scene = await TokenScene.open();
  const ann = await scene.web.enter("ann", "ops");
  const senderOf = async (post: Record<string, unknown>) => {
    const { status, text } = await scene.post("limited", "ops", { body: "x", ...post });
    return status === 201
      ? JSON.parse(text).events[0].from
      : `${status} ${JSON.parse(text).detail}`;
  };
  assertEquals(await senderOf({ from: " ANN" }), "Ann");
  assertEquals(
    await senderOf({ from: "bob" }),
    '403 This token speaks as Ann. Leave "from" out, or post log lines with kind "log".',
  );
  assertEquals(await senderOf({ from: "web1/nginx", kind: "log" }), "web1/nginx");
  assertEquals(await senderOf({ kind: "log" }), "Ann");
  ann.close();
});

Deno.test("API holds a token to the rules of a room: mutes, bans, voices and slow mode", async () => {
  await using scene = await TokenScene.open();
  const { access } = scene.web;
  const restriction = { target: "ann", by: "bob", reason: "" };
  const status = async (rules: Partial<ReturnType<typeof openRules>>, kind = "message") => {
    putInForce(access, { ...openRules("ops"), ...rules });
    return (await scene.post("limited", "ops", { kind, body: "x" })).status;
  };
  assertEquals(await status({}), 201);
  assertEquals(await status({ mutes: [restriction] }), 403);
  assertEquals(await status({ bans: [restriction] }), 403);
  assertEquals(await status({ isModerated: true }), 403);
  assertEquals(await status({ isModerated: true }, "log"), 403);
  assertEquals(await status({ slowSeconds: 10 }), 201);
  assertEquals(await status({ slowSeconds: 10 }), 429);
  assertEquals(await status({ slowSeconds: 10 }, "log"), 201);
});

Deno.test("API still takes --post-token for posting under any name, and reads nothing more with it", async () => {
  await using scene = await TokenScene.open({ postToken: "shared-token" });
  const headers = { Authorization: "Bearer shared-token", "Content-Type": "application/json" };
  const post = (room: string, from?: string) =>
    scene.ask("nobody", `/api/rooms/${room}/messages`, {
      method: "POST",
      headers,
      body: JSON.stringify({ body: "x", from }),
    });
  const { status, text } = await post("ops", "deploybot");
  assertEquals([status, JSON.parse(text).events[0].from], [201, "deploybot"]);
  assertEquals(JSON.parse((await post("ops")).text).events[0].from, "webhook");
  assertEquals((await post("Secret")).status, 404);
  for (const room of ROOMS) {
    const { status } = await scene.ask("nobody", `/api/rooms/${room}/messages`, { headers });
    assertEquals(status, MAY_READ.nobody.includes(room) ? 200 : 404);
  }
  assertEquals((await scene.post("nobody", "ops", { body: "x" })).status, 401);
  assertEquals((await scene.post("limited", "ops", { body: "x" })).status, 201);
});

Deno.test("API takes a large body with the token of an account", async () => {
  await using scene = await TokenScene.open();
  const body = "x".repeat(1000).concat("\n").repeat(200);
  const send = async (bearer: Bearer) => {
    const headers = { "Content-Type": "text/plain" };
    const init = { method: "POST", headers, body };
    return (await scene.ask(bearer, "/api/rooms/ops/messages?kind=log", init)).status;
  };
  assertEquals(await send("whole"), 201);
  assertEquals(await send("wrong"), 413);
});

Deno.test("API ends a token's streams when it is revoked, or its account removed", async () => {
  for (const after of [undefined, 0]) {
    await using scene = await TokenScene.open();
    const { accounts, tokens } = scene.owners;
    const query = after === undefined ? "" : `?after=${after}`;
    const open = async (bearer: Bearer) => {
      const headers = scene.headers(bearer);
      const response = await scene.web.fetch(`/api/rooms/ops/stream${query}`, { headers });
      const reader = response.body!.getReader();
      assertMatch(new TextDecoder().decode((await reader.read()).value), /^retry/);
      return reader;
    };
    const isEnded = async (reader: ReadableStreamDefaultReader<Uint8Array>) => {
      for (;;) {
        const { done } = await reader.read().catch(() => ({ done: true }));
        if (done) return true;
      }
    };
    const [limited, whole, bob] = [await open("limited"), await open("whole"), await open("bob")];
    await tokens.revoke("ann", "limited");
    assert(await isEnded(limited));
    await accounts.remove("ann");
    assert(await isEnded(whole));
    assertEquals((await scene.ask("whole", "/api/rooms")).status, 401);
    // Others go on.
    await scene.post("bob", "ops", { body: "still here" });
    await readUntil(bob, "still here");
    await bob.cancel();
  }
});

Deno.test("API breaks an export off when its token is revoked", async () => {
  await using scene = await TokenScene.open();
  const { web, owners: { tokens } } = scene;
  const drafts = Array.from({ length: 800 }, (_, index) => {
    return { room: "ops", kind: "log", from: "make", body: `${index}`, origin: -2 } as const;
  });
  await web.registry.post(STRANGER, drafts);
  using peer = await web.connect();
  web.log.beforeReading = async (_, after) => {
    if (after > 0 && tokens.ask(scene.secrets.limited!)) await tokens.revoke("ann", "limited");
  };
  const { Authorization } = scene.headers("limited");
  await peer.send(
    "GET /api/rooms/ops/export HTTP/1.1\r\nHost: localhost\r\n" +
      `Authorization: ${Authorization}\r\n\r\n`,
  );
  const answer = await peer.readAll();
  assertMatch(answer, /"seq":2,/);
  assert(!answer.includes('"seq":801,') && !answer.endsWith("0\r\n\r\n"));
});
