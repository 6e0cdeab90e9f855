import { assertEquals } from "@std/assert";
import { Accounts } from "../../../lib/domain/access/accounts/accounts.ts";
import type { ChatSession } from "../../../lib/service/chat/chat_session.ts";
import { MemoryStateStore } from "../../../lib/store/memory/state_store.ts";
import { EndedSessions } from "../../../lib/web/client/ended_sessions.ts";
import { WebSessions } from "../../../lib/web/client/web_sessions.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { QUICK_HASHER } from "../../support/quick_hasher.ts";

/** Clients of ann, who has an account, and of bob, who has none. */
async function open() {
  const clock = new FakeClock();
  const state = new MemoryStateStore();
  const accounts = await Accounts.open({ state, clock, hasher: QUICK_HASHER });
  await accounts.register("ann", "correct horse");
  const sessions = new WebSessions(accounts, new EndedSessions({ clock, accounts }));
  const replaced: unknown[] = [];
  const client = (member: { readonly account?: string; readonly token?: object }) => {
    const session = {
      person: { member } as ChatSession,
      giveWay: () => Promise.resolve(void replaced.push(session)),
    };
    return session;
  };
  /** The name of the account that was proven; `null` for a stranger's secret. */
  const provenBy = (secret: string) => {
    const proven = sessions.find(secret);
    return proven ? proven.account?.name : null;
  };
  return { sessions, client, replaced, provenBy };
}

Deno.test("WebSessions.find() says what a client has proven, while it is connected and just after", async () => {
  const { sessions, client, provenBy } = await open();
  const [ann, bob] = [client({ account: "ann" }), client({})];
  sessions.begin("a", ann);
  sessions.begin("b", bob);
  assertEquals(["a", "b", "c"].map(provenBy), ["ann", undefined, null]);
  sessions.end("a", ann, false);
  sessions.end("b", bob, false);
  assertEquals(["a", "b", "c"].map(provenBy), ["ann", undefined, null]);
  assertEquals(sessions.personOf("a"), undefined);
});

Deno.test("WebSessions.find() proves no account for a token, which can be sent again", async () => {
  const { sessions, client, provenBy } = await open();
  const bot = client({ account: "ann", token: {} });
  sessions.begin("t", bot);
  assertEquals(provenBy("t"), undefined);
  sessions.end("t", bot, false);
  assertEquals(provenBy("t"), null);
});

Deno.test("WebSessions.end() keeps nothing of who has quit", async () => {
  const { sessions, client, provenBy } = await open();
  const ann = client({ account: "ann" });
  sessions.begin("a", ann);
  sessions.end("a", ann, true);
  assertEquals(provenBy("a"), null);
});

Deno.test("WebSessions.end() leaves a secret to the connection that has taken it over", async () => {
  const { sessions, client, replaced, provenBy } = await open();
  const [old, now] = [client({ account: "ann" }), client({ account: "ann" })];
  sessions.begin("a", old);
  await sessions.replace("a");
  assertEquals(replaced, [old]);
  sessions.begin("a", now);
  sessions.end("a", old, true);
  assertEquals([sessions.personOf("a"), provenBy("a")], [now.person, "ann"]);
});
