/** The first screen: what the server is, and the ways in. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { LineClient } from "../support/line_client.ts";
import { ServerProcess } from "../support/server_process.ts";
import { violationsIn } from "./support/accessibility.ts";
import { openPage } from "./support/browser.ts";
import { openBrowser } from "./support/test_browser.ts";

const ARGS = ["--web", "http://127.0.0.1:0", "--description", "Talk of the Example company"];
const PASSWORD = "correct horse";

Deno.test("the first screen says what the server is, who is here and how else to enter", async (test) => {
  await using server = await ServerProcess.start({ args: ARGS });
  const ann = await LineClient.enter(server.port, "ann");
  await using browser = await openBrowser();
  const { page, trouble } = await openPage(browser, server.web, {
    permissions: ["clipboard-read", "clipboard-write"],
  });

  await test.step("in a card, which is there before anything is clicked", async () => {
    await page.getByText("Talk of the Example company").waitFor();
    await page.getByText("1 person is here: ann").waitFor();
    assertEquals(await page.locator(".ways code").allTextContents(), [
      `telnet 127.0.0.1 ${server.ports[0]}`,
      `nc 127.0.0.1 ${server.ports[1]}`,
    ]);
    assertEquals(await violationsIn(page), []);
  });

  await test.step("a command is copied", async () => {
    await page.getByRole("button", { name: "Copy nc" }).click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assertEquals(copied, `nc 127.0.0.1 ${server.port}`);
  });

  await test.step("a QR code has the address", async () => {
    await page.getByText("On your phone").click();
    const code = page.getByRole("img", { name: `QR code of ${server.web}/` });
    await code.waitFor();
    assertMatch((await code.locator("path").getAttribute("d"))!, /^(M\d+ \d+h1v1h-1z){200,}$/);
    assertEquals(await violationsIn(page), []);
  });

  await test.step("a name is registered on entering", async () => {
    await page.getByRole("button", { name: "Register a name" }).press("Enter");
    // The button is gone, so the field to fill next has the focus.
    await page.locator("#name:focus").waitFor();
    await page.keyboard.type("eva");
    await page.getByRole("button", { name: "Use an account" }).press("Enter");
    await page.locator("#password:focus").waitFor();
    await page.getByRole("button", { name: "No account needed" }).press("Enter");
    await page.locator("#name:focus").waitFor();
    await page.getByRole("button", { name: "Register a name" }).press("Enter");
    await page.locator("#password:focus").waitFor();
    await page.keyboard.type(PASSWORD);
    assertEquals(await violationsIn(page), []);
    await page.keyboard.press("Enter");
    await page.locator(".me").getByText("logged in").waitFor();
    const kept = await page.evaluate(() => JSON.stringify([sessionStorage, localStorage]));
    assert(!kept.includes(PASSWORD));
  });

  await test.step("an account logs in at once, and a link enters its room", async () => {
    await ann.send("/join den");
    await ann.expect("You are in #den");
    const other = await openPage(browser, `${server.web}/rooms/den`);
    await other.page.getByText("Enter your name to join #den.").waitFor();
    await other.page.getByRole("button", { name: "Use an account" }).click();
    await other.page.getByLabel("Your name").fill("eva");
    await other.page.getByLabel("Password").fill(PASSWORD);
    await other.page.getByRole("button", { name: "Log in" }).click();
    await other.page.getByRole("heading", { name: "#den" }).waitFor();
    assertEquals(other.trouble, []);
  });

  await test.step("a refused password is reported in the room", async () => {
    const other = await openPage(browser, server.web);
    await other.page.getByRole("button", { name: "Register a name" }).click();
    await other.page.getByLabel("Your name").fill("max");
    await other.page.getByLabel("New password").fill("short");
    await other.page.keyboard.press("Enter");
    await other.page.locator(".note.is-error", { hasText: "at least 6 characters" }).waitFor();
    assertEquals(other.trouble, []);
  });
  assertEquals(trouble, []);
  await ann.close();
});

Deno.test("a server for people with an account asks for the password at once", async () => {
  await using server = await ServerProcess.start({ args: [...ARGS, "--access", "accounts"] });
  await using browser = await openBrowser();
  const { page, trouble } = await openPage(browser, server.web);
  await page.getByRole("button", { name: "Log in" }).waitFor();
  await page.getByLabel("Password").waitFor();
  assertEquals(await page.getByRole("button", { name: "Register" }).count(), 0);
  assertEquals(await page.getByText("is here").count(), 0);
  assertEquals(await violationsIn(page), []);
  assertEquals(trouble, []);
});
