import { assert, assertEquals } from "@std/assert";
import { fillData } from "../support/filled_data.ts";
import { LineClient } from "../support/line_client.ts";
import { ServerProcess } from "../support/server_process.ts";
import { enter, messagesOf, openPage, say, seeMessage } from "./support/browser.ts";
import { incident, loggedSeq } from "./support/incident.ts";
import { longRoom } from "./support/long_room.ts";
import { openBrowser } from "./support/test_browser.ts";

const ARGS = ["--web", "http://127.0.0.1:0", "--flood-rate", "0"];

const PAST = incident(Date.now());

/** Starts a server whose rooms have a history. */
function startWithPast(): Promise<ServerProcess> {
  const past = [...longRoom("long", 2000), ...PAST];
  return ServerProcess.start({ prepare: (data) => fillData(data, past), args: ARGS });
}

Deno.test("a permalink opens its message, before and after entering a name, and from another message", async () => {
  await using server = await startWithPast();
  await using browser = await openBrowser();
  const { page, trouble } = await openPage(browser, `${server.web}/rooms/long/700`);
  await page.getByText("Enter your name to join #long").waitFor();
  await page.getByLabel("Your name").fill("ann");
  await page.getByLabel("Your name").press("Enter");
  const target = page.locator(".is-target");
  await target.waitFor();
  assertEquals(await target.getAttribute("data-seq"), "700");
  await target.getByText("700: ").waitFor();
  assert(await target.isVisible());

  await page.locator('[data-seq="702"] .seq').click();
  await page.locator('.is-target[data-seq="702"]').waitFor();
  assertEquals(new URL(page.url()).pathname, "/rooms/long/702");
  await page.goBack();
  await page.locator('.is-target[data-seq="700"]').waitFor();

  // A number in a message is a link too.
  await say(page, "see #1500");
  await page.locator(".message .body").getByRole("link", { name: "#1500" }).click();
  await page.locator('.is-target[data-seq="1500"]').waitFor();
  assertEquals(new URL(page.url()).pathname, "/rooms/long/1500");
  assertEquals(trouble, []);
});

Deno.test("a permalink opens its message although the window changes size while it loads", async () => {
  await using server = await startWithPast();
  await using browser = await openBrowser();
  const { page } = await enter(browser, `${server.web}/rooms/long`, "ann");
  await say(page, "see #700");
  const opened = page.waitForEvent("websocket");
  await page.reload();
  const socket = await opened;
  const link = page.locator(".message .body").getByRole("link", { name: "#700" });
  await link.waitFor();
  // The page renders late, so that the list lays itself out again before it gets the new rows.
  await page.evaluate(() => {
    const { requestAnimationFrame } = globalThis;
    globalThis.requestAnimationFrame = (callback) => {
      setTimeout(() => requestAnimationFrame(callback), 1000);
      return 0;
    };
  });
  const answered = socket.waitForEvent("framereceived", {
    predicate: ({ payload }) => String(payload).includes('"type":"history"'),
  });
  await link.click();
  await answered;
  await page.setViewportSize({ width: 900, height: 600 });
  await page.locator('.is-target[data-seq="700"]').waitFor();
});

Deno.test("a permalink into folded log lines unfolds them", async () => {
  await using server = await startWithPast();
  await using browser = await openBrowser();
  const { page } = await enter(browser, `${server.web}/rooms/ops/${loggedSeq(PAST)}`, "ann");
  await page.locator(`.is-target[data-seq="${loggedSeq(PAST)}"]`).waitFor();
  await page.locator(".message.is-log").nth(10).waitFor();
});

Deno.test("log lines fold and unfold, and the rows above stay in place", async () => {
  await using server = await startWithPast();
  await using browser = await openBrowser();
  const { page } = await enter(browser, `${server.web}/rooms/ops`, "ann");
  // Those without the errors, and without the last lines.
  const fold = page.getByRole("button", { name: "176 more lines from db-3/postgres" });
  await fold.waitFor();
  assertEquals(await page.locator(".message.is-log:not(.is-severe)").count(), 2);
  await fold.scrollIntoViewIfNeeded();
  const before = (await fold.boundingBox())!;
  await fold.click();
  const open = page.getByRole("button", { name: "176 lines from db-3/postgres" });
  await open.waitFor();
  assert(await page.locator(".message.is-log:not(.is-severe)").count() > 10);
  assert(Math.abs((await open.boundingBox())!.y - before.y) < 2);
  await open.click();
  await fold.waitFor();
  assertEquals(await page.locator(".message.is-log:not(.is-severe)").count(), 2);
});

Deno.test("a flood of log lines is one row, and all its lines can be loaded", async () => {
  const token = "a-token-for-tests";
  await using server = await ServerProcess.start({ args: [...ARGS, "--post-token", token] });
  await using browser = await openBrowser();
  const { page, trouble } = await enter(browser, server.web, "ann");
  await say(page, "make is running");
  await seeMessage(page, "make is running");
  const lines = Array.from({ length: 450 }, (_, number) => `line ${number + 1}`);
  const response = await fetch(`${server.web}/api/rooms/lobby/messages?from=make&kind=log`, {
    method: "POST",
    headers: { "Authorization": `Bearer ${token}`, "Content-Type": "text/plain" },
    body: lines.join("\n"),
  });
  await response.body?.cancel();
  const fold = page.getByRole("button", { name: /^4\d\d more lines from make/ });
  await fold.waitFor();
  await say(page, "that was it");
  await seeMessage(page, "that was it");
  await fold.click();
  await page.locator(".message.is-log .body", { hasText: /^line 1$/ }).waitFor();
  // Load the rest page by page.
  const toTheEnd = () =>
    page.locator(".messages").evaluate((list) => list.scrollTop = list.scrollHeight);
  for (const left of [340, 240, 140, 40]) {
    await toTheEnd();
    const more = page.getByRole("button", { name: `${left} more lines from make` });
    await more.click();
    await more.waitFor({ state: "detached" });
  }
  await toTheEnd();
  await page.locator(".message.is-log .body", { hasText: "line 450" }).waitFor();
  assertEquals(trouble, []);
});

Deno.test("dragging over the chart filters the messages", async () => {
  await using server = await startWithPast();
  await using browser = await openBrowser();
  const { page, trouble } = await enter(browser, `${server.web}/rooms/long`, "ann");
  await page.locator(".chart .bar").first().waitFor();
  const plot = (await page.locator(".chart .plot").boundingBox())!;
  const at = (share: number) => plot.x + plot.width * share;
  const y = plot.y + plot.height / 2;
  await page.mouse.move(at(0.3), y);
  await page.mouse.down();
  await page.mouse.move(at(0.35), y);
  await page.mouse.move(at(0.4), y);
  await page.mouse.up();
  const filter = page.locator(".filter");
  await filter.waitFor();
  const [, first, last] = /#(\d+)–#(\d+)/.exec((await filter.textContent())!)!.map(Number);
  assert(first > 500 && first < 700, String(first));
  assert(last > 700 && last < 900, String(last));
  await page.locator(`[data-seq="${last}"]`).waitFor();
  assertEquals(await page.locator(`[data-seq="${last + 1}"]`).count(), 0);
  await page.locator(".messages").evaluate((list) => list.scrollTop = 0);
  await page.locator(`[data-seq="${first}"]`).waitFor();
  assertEquals(await page.locator(`[data-seq="${first - 1}"]`).count(), 0);

  // The export contains exactly the messages shown.
  await page.getByLabel("Export").click();
  const href = await page.getByRole("link", { name: "JSON Lines" }).getAttribute("href");
  const exported = await (await fetch(server.web + href)).text();
  const seqs = exported.trimEnd().split("\n").map((line) => JSON.parse(line).seq);
  assertEquals([seqs[0], seqs.at(-1), seqs.length], [first, last, last - first + 1]);

  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "JSON Lines" }).waitFor({ state: "hidden" });

  await page.getByRole("button", { name: "Zoom in" }).click();
  await page.locator(".chart .is-out").first().waitFor({ state: "detached" });
  await page.locator(".filter").getByRole("button", { name: "Show all" }).click();
  await page.getByText("2000: ").waitFor();
  assertEquals(trouble, []);
});

Deno.test("the chart works with keys alone", async () => {
  await using server = await startWithPast();
  await using browser = await openBrowser();
  const { page } = await enter(browser, `${server.web}/rooms/long`, "ann");
  const from = page.getByRole("slider", { name: "from" });
  const until = page.getByRole("slider", { name: "until" });
  await from.focus();
  for (let press = 0; press < 5; press++) await page.keyboard.press("PageUp");
  await until.focus();
  await page.keyboard.press("PageDown");
  const filter = page.locator(".filter", { hasText: /–#1\d{3}Show/ });
  const text = (await filter.textContent())!;
  const [, first, last] = /#(\d+)–#(\d+)/.exec(text)!.map(Number);
  assert(first > 300 && first < last, text);
  await page.locator(`[data-seq="${last}"]`).waitFor();
  await page.keyboard.press("Escape");
  await page.locator(".filter").waitFor({ state: "detached" });
});

Deno.test("the room can be exported in both formats", async () => {
  await using server = await startWithPast();
  await using browser = await openBrowser();
  const { page } = await enter(browser, `${server.web}/rooms/deploys`, "ann");
  for (
    const [label, pattern] of [["JSON Lines", /^\{"id":/], ["Text", /<eva> web 4\.1\.7/]] as const
  ) {
    await page.getByLabel("Export").click();
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: label }).click();
    const path = await (await download).path();
    const text = await Deno.readTextFile(path);
    assert(pattern.test(text), text);
  }
});

Deno.test("unread messages and mentions are counted, and shown in the tab's title", async () => {
  await using server = await ServerProcess.start({ args: ARGS });
  await using browser = await openBrowser();
  const { page } = await enter(browser, server.web, "ann");
  await say(page, "/join ops");
  await page.getByRole("heading", { name: "ops" }).waitFor();
  const jack = await LineClient.enter(server.port, "jack");
  await jack.send("anybody here?");
  await page.getByRole("link", { name: "# lobby 1 unread" }).waitFor();
  await page.waitForFunction(() => document.title === "• #ops – Partyline");
  await jack.send("Ann, are you there?");
  await page.getByRole("link", { name: "2 unread, 1 mention" }).waitFor();
  await page.waitForFunction(() => document.title === "(1) #ops – Partyline");
  await page.getByRole("link", { name: "lobby" }).click();
  await page.locator(".new-marker").waitFor();
  assertEquals(await page.locator(".is-mention").count(), 1);
  await page.locator(".is-unread").first().waitFor({ state: "detached" });
  await page.waitForFunction(() => document.title === "#lobby – Partyline");
  await jack.close();
});

Deno.test("private messages open a conversation of their own", async () => {
  await using server = await ServerProcess.start({ args: ARGS });
  await using browser = await openBrowser();
  const { page } = await enter(browser, server.web, "ann");
  const jack = await LineClient.enter(server.port, "jack");
  await jack.send("/msg ann psst");
  await page.getByRole("button", { name: "@ jack 1 unread" }).click();
  await seeMessage(page, "psst");
  await say(page, "yes?");
  await jack.expect("ann -> you: yes?");
  await seeMessage(page, "yes?");
  // There is no history to search or to filter.
  await say(page, "/log level=err");
  await page.locator(".note", { hasText: "it cannot be filtered" }).waitFor();
  await seeMessage(page, "yes?");
  await page.keyboard.press("Control+k");
  assertEquals(await page.locator(".filters select").first().inputValue(), "all");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Close conversation" }).click();
  await page.getByRole("heading", { name: "lobby" }).waitFor();
  assertEquals(await messagesOf(page), []);
  await jack.close();
});

Deno.test("a room that does not exist is created only on request", async () => {
  await using server = await ServerProcess.start({ args: ARGS });
  await using browser = await openBrowser();
  const { page } = await enter(browser, server.web, "ann");
  await page.goto(`${server.web}/rooms/opps`);
  await page.getByRole("heading", { name: "There is no room #opps" }).waitFor();
  const { rooms } = await (await fetch(`${server.web}/api/rooms`)).json();
  assertEquals(rooms.map(({ room }: { room: string }) => room), ["lobby"]);
  await page.getByRole("button", { name: "Create room" }).click();
  await page.locator("#message").waitFor();
  await page.getByRole("heading", { name: "#opps" }).waitFor();
});

Deno.test("a refused name is explained", async () => {
  await using server = await ServerProcess.start({ args: ARGS });
  await using browser = await openBrowser();
  const { page } = await openPage(browser, server.web);
  for (const [name, words] of [["a b", "letters, digits"], ["help", "help"]] as const) {
    await page.getByLabel("Your name").fill(name);
    await page.getByLabel("Your name").press("Enter");
    await page.locator(".hint.is-error", { hasText: words }).waitFor();
  }
  await page.getByLabel("Your name").fill("ann");
  await page.getByLabel("Your name").press("Enter");
  await page.locator("#message").waitFor();
});

Deno.test("mentions cause a notification while the page is not active, if enabled", async () => {
  await using server = await ServerProcess.start({ args: ARGS });
  await using browser = await openBrowser();
  const { page } = await enter(browser, server.web, "ann", { permissions: ["notifications"] });
  await page.evaluate(() => {
    const shown: string[] = [];
    class Recorder {
      static permission = "granted";
      static requestPermission = () => Promise.resolve("granted");
      constructor(title: string, { body }: NotificationOptions) {
        shown.push(`${title}: ${body}`);
      }
      close() {}
    }
    Object.assign(globalThis, { shown, Notification: Recorder });
    // As if another window had the focus.
    document.hasFocus = () => false;
  });
  await page.getByRole("button", { name: "Settings" }).click();
  await page.getByLabel("Notify me").check();
  await page.keyboard.press("Escape");
  const jack = await LineClient.enter(server.port, "jack");
  await jack.send("not for her", "ann: this is", "/msg ann and this");
  await page.waitForFunction(() =>
    (globalThis as unknown as { shown: string[] }).shown.length === 2
  );
  assertEquals(
    await page.evaluate(() => (globalThis as unknown as { shown: string[] }).shown),
    ["jack in #lobby: jack: ann: this is", "Private message from jack: and this"],
  );
  await page.locator(".new-marker").waitFor();
  await jack.close();
});

Deno.test("the theme follows the system or the user's choice, also after a reload", async () => {
  await using server = await ServerProcess.start({ args: ARGS });
  await using browser = await openBrowser();
  const { page } = await enter(browser, server.web, "ann", { colorScheme: "light" });
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await background();
  await page.emulateMedia({ colorScheme: "dark" });
  const dark = await background();
  assert(light !== dark);
  await page.getByRole("button", { name: "Settings" }).click();
  await page.getByLabel("Light").check();
  assertEquals(await background(), light);
  await page.reload();
  await page.locator("#message").waitFor();
  assertEquals(await background(), light);
});
