import { assert, assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { ServerProcess } from "../support/server_process.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";
import { violationsIn } from "./support/accessibility.ts";
import {
  enter,
  giveName,
  messagesOf,
  openPage,
  PASSWORD,
  registerName,
  say,
  seeMessage,
} from "./support/browser.ts";
import { openBrowser } from "./support/test_browser.ts";

const ARGS = ["--web", "http://127.0.0.1:0", "--flood-rate", "0"];

/** Joins a room, and makes it the user's. */
async function ownRoom(page: Page, room: string): Promise<void> {
  await say(page, `/join ${room}`);
  await page.getByRole("heading", { name: room }).waitFor();
  await page.getByRole("button", { name: "About this room" }).click();
  await page.getByRole("button", { name: "Make this room mine" }).click();
  await page.getByRole("heading", { name: "Settings" }).waitFor();
}

async function closeDialog(page: Page): Promise<void> {
  await page.keyboard.press("Escape");
  await page.locator("dialog").waitFor({ state: "detached" });
}

/** Chooses an item of a member's menu. */
async function chooseFor(page: Page, name: string, item: string | RegExp): Promise<void> {
  await page.locator(".members").getByRole("button", { name }).click();
  await page.getByRole("menuitem", { name: item }).click();
}

/** All that the browser keeps of the page. */
function stored(page: Page): Promise<string> {
  return page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }]));
}

Deno.test("a registered name takes its password, which nothing keeps", async (test) => {
  await using server = await ServerProcess.start({ args: ARGS });
  await using browser = await openBrowser();
  const first = await enter(browser, server.web, "ann");

  await test.step("the name is registered in a dialog", async () => {
    const { page } = first;
    await page.locator(".me button").first().click();
    await page.getByRole("heading", { name: "Your account" }).waitFor();
    assertEquals(await violationsIn(page), []);
    await page.getByLabel("New password").fill("short");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").filter({ hasText: "at least 6 characters" }).waitFor();
    assertEquals(
      await page.evaluate(() => document.activeElement?.getAttribute("aria-describedby")),
      "register-problem",
    );
    assertEquals(await violationsIn(page), []);
    await closeDialog(page);
    assert(
      await page.locator(".me button").first().evaluate((it) => it === document.activeElement),
    );
    await registerName(page);
    assert(!(await stored(page)).includes(PASSWORD));
  });

  await test.step("a reloaded tab stays logged in", async () => {
    await first.page.reload();
    await first.page.locator(".me").getByText("logged in").waitFor();
    assert(!(await stored(first.page)).includes(PASSWORD));
  });

  const second = await openPage(browser, server.web);
  const { page } = second;
  await test.step("a wrong password is told, and the field gets the focus back", async () => {
    await page.getByLabel("Your name").fill("ann");
    await page.keyboard.press("Enter");
    const field = page.getByLabel("Password");
    await field.waitFor();
    assertEquals(await field.getAttribute("autocomplete"), "current-password");
    assertEquals(await page.getByLabel("Your name").getAttribute("autocomplete"), "username");
    assert(await field.evaluate((it) => it === document.activeElement));
    assertEquals(await violationsIn(page), []);
    await page.keyboard.type("not this one");
    await page.keyboard.press("Enter");
    await page.locator("#name-help.is-error").filter({ hasText: /wrong|do not match|not the/i })
      .waitFor();
    await page.waitForFunction(() => document.activeElement?.id === "password");
    assertEquals(await field.getAttribute("aria-invalid"), "true");
    assertEquals(await violationsIn(page), []);
  });

  await test.step("the right one takes the name over from the other tab", async () => {
    await page.getByLabel("Password").fill(PASSWORD);
    await page.keyboard.press("Enter");
    await page.locator("#message").waitFor();
    await page.locator(".me").getByText("logged in").waitFor();
    assert(!(await stored(page)).includes(PASSWORD));
    await first.page.getByRole("heading", { name: "You are connected elsewhere" }).waitFor();
    assertEquals(await violationsIn(first.page), []);
  });

  await test.step("the password is changed, and logging out is told", async () => {
    await page.locator(".me button").first().click();
    await page.getByLabel("Current password").fill("wrong one");
    await page.getByLabel("New password").fill("another horse");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").filter({ hasText: /\w/ }).waitFor();
    await page.waitForFunction(() => document.activeElement?.id === "old-password");
    await page.getByLabel("Current password").fill(PASSWORD);
    await page.getByRole("button", { name: "Change password" }).click();
    await page.locator("dialog").waitFor({ state: "detached" });
    await page.locator(".me button").first().click();
    await page.getByRole("button", { name: "Log out" }).click();
    await page.locator(".me").getByText("Log in or register").waitFor();
    await page.locator(".note", { hasText: "logged out" }).waitFor();
  });

  assertEquals(second.trouble, []);
});

Deno.test("what is typed like a log-in is neither said nor remembered", async () => {
  await using server = await ServerProcess.start({ args: ARGS });
  await using browser = await openBrowser();
  const { page } = await enter(browser, server.web, "ann");
  for (const line of [`/login ann ${PASSWORD}`, ` /register ${PASSWORD}`]) {
    await say(page, line);
    await page.getByRole("heading", { name: "Your account" }).waitFor();
    await closeDialog(page);
    await page.locator("#message").focus();
    await page.keyboard.press("ArrowUp");
    assertEquals(await page.locator("#message").inputValue(), "");
  }
  await say(page, "login ann secret99");
  await page.locator(".note.is-error").waitFor();
  await page.locator("#message").focus();
  await page.keyboard.press("ArrowUp");
  assertEquals(await page.locator("#message").inputValue(), "");
  const kept = await stored(page);
  assert(!kept.includes(PASSWORD) && !kept.includes("secret99"), kept);
  const text = await page.locator("body").textContent();
  assert(!text!.includes(PASSWORD) && !text!.includes("secret99"));
});

Deno.test("a private room is nowhere to be found for those who are not invited", async (test) => {
  await using server = await ServerProcess.start({ args: ARGS });
  await using browser = await openBrowser();
  const { page: ann, trouble } = await enter(browser, server.web, "ann");
  const { page: bob } = await enter(browser, server.web, "bob");
  await registerName(ann);
  await ownRoom(ann, "den");
  await closeDialog(ann);
  await say(ann, "the fox is in");
  await seeMessage(ann, "the fox is in");
  await say(bob, "/join den");
  await seeMessage(bob, "the fox is in");

  await test.step("its owner switches it private, and guests are sent out and told why", async () => {
    await ann.getByRole("button", { name: "About this room" }).click();
    assertEquals(await violationsIn(ann), []);
    await ann.getByRole("switch", { name: "Private" }).click();
    await ann.locator(".rules", { hasText: "Private: only people" }).waitFor();
    assert(await ann.getByRole("switch", { name: "Private" }).isChecked());
    assertEquals(await violationsIn(ann), []);
    await closeDialog(ann);
    await bob.getByRole("heading", { name: "You are not in #den" }).waitFor();
    await bob.locator(".why", { hasText: "made #den private" }).waitFor();
    assertEquals(await violationsIn(bob), []);
  });

  await test.step("address, list, search and completion do not know it", async () => {
    await bob.goto(`${server.web}/rooms/den`);
    await bob.getByRole("heading", { name: "There is no room #den" }).waitFor();
    const missing = await bob.locator("#place").textContent();
    await bob.goto(`${server.web}/rooms/dan`);
    await bob.getByRole("heading", { name: "There is no room #dan" }).waitFor();
    assertEquals((await bob.locator("#place").textContent())!.replaceAll("dan", "den"), missing);
    await bob.getByRole("button", { name: "Browse rooms" }).first().click();
    await bob.getByRole("button", { name: /^#lobby/ }).waitFor();
    assertEquals(await bob.getByRole("dialog").getByText("den", { exact: true }).count(), 0);
    await closeDialog(bob);
    await bob.getByRole("link", { name: "lobby" }).click();
    await bob.getByRole("button", { name: "Search" }).click();
    await bob.getByLabel("Search for").fill("fox");
    await bob.getByLabel("Search for").press("Enter");
    await bob.locator(".results[aria-busy=false] .hint").filter({ hasText: /\w/ }).waitFor();
    assertEquals(await bob.locator(".hit").count(), 0);
  });

  await test.step("an invited account gets in, and the chart shows it to members", async () => {
    await bob.keyboard.press("Escape");
    await registerName(bob);
    await ann.getByRole("button", { name: "About this room" }).click();
    await ann.getByLabel("Account to invite").fill("bob");
    await ann.getByRole("button", { name: "Invite", exact: true }).click();
    await ann.getByRole("button", { name: "Withdraw the invitation of bob" }).waitFor();
    assertEquals(await violationsIn(ann), []);
    await closeDialog(ann);
    await say(bob, "/join den");
    await seeMessage(bob, "the fox is in");
    await bob.getByRole("button", { name: "About this room" }).click();
    await bob.getByText("ann can change this").waitFor();
    assertEquals(await bob.getByRole("switch").count(), 0);
    await bob.locator(".chart .bar").first().waitFor({ state: "attached" });
  });
  assertEquals(trouble, []);
});

Deno.test("a moderator kicks, bans and lifts the ban with a person's menu", async (test) => {
  await using server = await ServerProcess.start({ args: ARGS });
  await using browser = await openBrowser();
  const { page: ann, trouble } = await enter(browser, server.web, "ann");
  const { page: bob } = await enter(browser, server.web, "bob");
  await registerName(ann);
  await ownRoom(ann, "ops");
  await closeDialog(ann);
  await say(bob, "/join ops");
  await bob.getByRole("heading", { name: "ops" }).waitFor();

  await test.step("somebody without the power has no such items", async () => {
    await bob.locator(".members").getByRole("button", { name: "ann" }).click();
    await bob.getByRole("menu").waitFor();
    assertEquals(await bob.getByRole("menuitem").allTextContents(), ["Message ann", "Ignore ann"]);
    await bob.keyboard.press("Escape");
    await bob.getByRole("menu").waitFor({ state: "detached" });
    assertEquals(await bob.evaluate(() => document.activeElement?.textContent), "annweb");
  });

  await test.step("the menu is walked with the keyboard", async () => {
    const { keyboard } = ann;
    const button = ann.locator(".members").getByRole("button", { name: "bob" });
    await button.focus();
    await keyboard.press("Enter");
    await ann.getByRole("menuitem", { name: "Kick" }).waitFor();
    assertEquals(await violationsIn(ann), []);
    assertEquals(await button.getAttribute("aria-expanded"), "true");
    const focused = () => ann.evaluate(() => document.activeElement?.textContent);
    assertEquals(await focused(), "Message bob");
    await keyboard.press("ArrowDown");
    assertEquals(await focused(), "Ignore bob");
    await keyboard.press("k");
    assertEquals(await focused(), "Kick bob…");
    await keyboard.press("End");
    await keyboard.press("ArrowDown");
    assertEquals(await focused(), "Message bob");
    await keyboard.press("Tab");
    await ann.getByRole("menu").waitFor({ state: "detached" });
    assertEquals(await button.getAttribute("aria-expanded"), "false");
  });

  await test.step("a kick is told to who is kicked, who can come back", async () => {
    await chooseFor(ann, "bob", /^Kick/);
    await ann.getByRole("heading", { name: "Kick bob from #ops?" }).waitFor();
    assertEquals(await violationsIn(ann), []);
    await ann.getByLabel("Reason").fill("tea break");
    await ann.keyboard.press("Enter");
    await ann.locator("dialog").waitFor({ state: "detached" });
    await bob.getByRole("heading", { name: "You are not in #ops" }).waitFor();
    await bob.locator(".why", { hasText: "ann kicked you from #ops (tea break)" }).waitFor();
    await bob.getByRole("button", { name: "Try to enter" }).click();
    await bob.getByRole("textbox", { name: "Message #ops" }).waitFor();
  });

  await test.step("a ban keeps out until it is lifted in the room's sheet", async () => {
    await chooseFor(ann, "bob", /^Ban/);
    await ann.getByLabel("For how long").selectOption("1h");
    await ann.getByLabel("Reason").fill("spam");
    assertEquals(await violationsIn(ann), []);
    await ann.getByRole("button", { name: "Ban", exact: true }).click();
    await bob.locator(".why", { hasText: "ann banned you from #ops" }).waitFor();
    await bob.getByRole("button", { name: "Try to enter" }).click();
    await bob.locator(".why", { hasText: "You are banned from #ops" }).waitFor();
    await ann.getByRole("button", { name: "About this room" }).click();
    await ann.getByRole("listitem").filter({ hasText: "spam" }).waitFor();
    assertEquals(await violationsIn(ann), []);
    await ann.getByRole("button", { name: "Lift the ban of bob" }).click();
    await ann.getByText("Nobody is banned.").waitFor();
    await closeDialog(ann);
    await bob.getByRole("button", { name: "Try to enter" }).click();
    await bob.getByRole("textbox", { name: "Message #ops" }).waitFor();
  });
  assertEquals(trouble, []);
});

Deno.test("a message is redacted from its menu, reached with the arrow keys and Tab", async () => {
  await using server = await ServerProcess.start({ args: ARGS });
  await using browser = await openBrowser();
  const { page: ann, trouble } = await enter(browser, server.web, "ann");
  const { page: bob } = await enter(browser, server.web, "bob");
  await registerName(ann);
  await ownRoom(ann, "ops");
  await closeDialog(ann);
  await say(bob, "/join ops");
  await bob.getByRole("heading", { name: "ops" }).waitFor();
  await say(bob, "my card is 1234");
  await seeMessage(ann, "my card is 1234");

  await ann.getByRole("region", { name: "Messages in #ops" }).focus();
  await ann.keyboard.press("ArrowUp");
  await ann.keyboard.press("Tab");
  const label = await ann.evaluate(() => document.activeElement?.getAttribute("aria-label"));
  assert(/^Actions for #\d+ by bob$/.test(label!), label!);
  await ann.keyboard.press("Enter");
  await ann.getByRole("menuitem", { name: /^Redact/ }).waitFor();
  assertEquals(await violationsIn(ann), []);
  await ann.keyboard.press("End");
  await ann.keyboard.press("Enter");
  await ann.getByRole("heading", { name: /^Redact #\d+\?/ }).waitFor();
  await ann.locator("blockquote", { hasText: "my card is 1234" }).waitFor();
  assertEquals(await violationsIn(ann), []);
  await ann.getByLabel("Reason").fill("a secret");
  await ann.getByRole("button", { name: "Redact", exact: true }).click();
  await seeMessage(bob, "(redacted by ann: a secret)");
  await seeMessage(ann, "(redacted by ann: a secret)");
  assert(!(await messagesOf(bob)).join().includes("1234"));
  assertEquals(trouble, []);
});

Deno.test("a room's key is asked for, and given again after the connection was lost", async () => {
  await using server = await ServerProcess.start({ args: ARGS });
  await using browser = await openBrowser();
  const { page: ann } = await enter(browser, server.web, "ann");
  await registerName(ann);
  await ownRoom(ann, "vault");
  await ann.getByRole("textbox", { name: "Key, needed to enter" }).fill("sesame");
  await ann.keyboard.press("Enter");
  await ann.locator(".rules", { hasText: "A key is needed to enter." }).waitFor();
  // Two settings at once, as on a slow connection: both hold.
  const switches = ann.getByRole("switch", { name: /^(Hidden|Moderated)/ });
  const toggle = () =>
    switches.evaluateAll((all) => all.forEach((one) => (one as HTMLElement).click()));
  const sentences = ann.locator(".rules").filter({ hasText: /Hidden.*Moderated/ });
  await toggle();
  await sentences.waitFor();
  await ann.waitForFunction(() => document.querySelectorAll("[role=switch]:checked").length >= 2);
  await toggle();
  await sentences.waitFor({ state: "detached" });
  const { page: bob } = await openPage(browser, `${server.web}/rooms/vault`);
  await bob.getByLabel("Your name").fill("bob");
  await bob.keyboard.press("Enter");
  await bob.locator(".why", { hasText: "#vault has a key" }).waitFor();
  assertEquals(await violationsIn(bob), []);
  await bob.getByLabel("Key of the room").fill("simsim");
  await bob.keyboard.press("Enter");
  await bob.locator(".why", { hasText: "not the key of #vault" }).waitFor();
  await bob.getByLabel("Key of the room").fill("sesame");
  await bob.keyboard.press("Enter");
  await bob.getByRole("textbox", { name: "Message #vault" }).waitFor();
  assert(!(await stored(bob)).includes("sesame"));
});

Deno.test("a server with a password asks for it in a field of its own", async () => {
  using directory = new TemporaryDirectory();
  const file = directory.writeFile("password", "open sesame\n");
  await using server = await ServerProcess.start({ args: [...ARGS, "--password-file", file] });
  await using browser = await openBrowser();
  const { page, trouble } = await openPage(browser, server.web);
  await page.getByLabel("Your name").fill("ann");
  await page.getByLabel("Server password").waitFor();
  await page.getByLabel("Server password").fill("wrong");
  await page.keyboard.press("Enter");
  await page.locator("#name-help.is-error").filter({ hasText: "not the server's" }).waitFor();
  await page.waitForFunction(() => document.activeElement?.id === "server-password");
  assertEquals(await violationsIn(page), []);
  await page.keyboard.type("open sesame");
  await page.keyboard.press("Enter");
  await page.locator("#message").waitFor();
  await say(page, "in");
  await seeMessage(page, "in");
  await page.locator(".chart .bar").first().waitFor({ state: "attached" });
  assert(!(await stored(page)).includes("open sesame"));
  assertEquals(trouble, []);
});

Deno.test("dialogs, sheets and menus fit a narrow screen in the dark", async () => {
  await using server = await ServerProcess.start({ args: ARGS });
  await using browser = await openBrowser();
  const options = {
    viewport: { width: 320, height: 640 },
    hasTouch: true,
    isMobile: true,
    colorScheme: "dark",
  } as const;
  const { page: bob } = await enter(browser, server.web, "bob");
  const { page, trouble } = await openPage(browser, server.web, options);
  const check = async () => {
    assertEquals(await violationsIn(page), []);
    assertEquals(await page.evaluate(() => document.documentElement.scrollWidth), 320);
  };
  await giveName(page, "ann");
  await page.getByRole("button", { name: "Rooms", exact: true }).tap();
  await page.locator(".me button").first().tap();
  await page.getByRole("heading", { name: "Your account" }).waitFor();
  await check();
  await page.getByLabel("New password").fill(PASSWORD);
  await page.getByRole("button", { name: "Register", exact: true }).tap();
  await page.locator("dialog").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Back to messages" }).tap({
    position: { x: 310, y: 300 },
  });
  await ownRoom(page, "ops");
  await check();
  await closeDialog(page);
  await say(bob, "/join ops");
  await bob.getByRole("heading", { name: "ops" }).waitFor();
  await say(bob, "hello");
  await seeMessage(page, "hello");
  await page.getByRole("button", { name: /^Actions for #\d+ by bob/ }).tap();
  await page.getByRole("menuitem", { name: /^Ban/ }).waitFor();
  await check();
  await page.getByRole("menuitem", { name: /^Ban/ }).tap();
  await page.getByRole("heading", { name: "Ban bob from #ops?" }).waitFor();
  await check();
  assertEquals(trouble, []);
});
