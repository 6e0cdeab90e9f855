import { assertEquals, assertRejects } from "@std/assert";
import type { InputView } from "../../../lib/editor/input_line.ts";
import type { Painter } from "../../../lib/editor/painter.ts";
import {
  type ScreenOptions,
  TerminalScreen,
} from "../../../lib/server/terminal/terminal_screen.ts";
import { FakeClock } from "../../support/fake_clock.ts";

const encoder = new TextEncoder();

/** A painter that writes down its calls. */
class TrialPainter implements Painter {
  isStyled = false;
  readonly settleMs = 300;
  #shown: string | undefined;

  begin(): string {
    return "(begin)";
  }

  end(): string {
    return "(end)";
  }

  update({ text }: InputView): string {
    if (text === this.#shown) return "";
    this.#shown = text;
    return `[${text}]`;
  }

  erase(): string {
    this.#shown = undefined;
    return "(erase)";
  }

  clear(): string {
    this.#shown = undefined;
    return "(clear)";
  }

  rowsOf(): number {
    return 1;
  }

  resize(): void {}
  report(): void {}
}

/** A screen, and a terminal that takes as many bytes as it is told to. */
class Scene {
  readonly clock = new FakeClock();
  readonly screen: TerminalScreen;
  text = "";
  /** The writes to the terminal, and the most bytes taken of each. */
  written: string[] = [];
  maxBytes = Infinity;
  #taking: PromiseWithResolvers<void> | undefined;

  constructor(options: Partial<ScreenOptions> = {}) {
    this.screen = new TerminalScreen({
      ...options,
      sink: {
        write: async (bytes) => {
          await this.#taking?.promise;
          const taken = bytes.subarray(0, this.maxBytes);
          this.written.push(new TextDecoder().decode(taken));
          return taken.length;
        },
      },
      clock: this.clock,
      view: () => ({ prompt: "", text: this.text, cursor: 0 }),
    });
  }

  /** The output written since the last call. */
  async take(ms = 0): Promise<string> {
    await this.clock.advance(ms);
    return this.written.splice(0).join("");
  }

  write(text: string): Promise<number> {
    return this.screen.write(encoder.encode(text));
  }

  /** Makes the terminal take nothing until the promise settles; it is gone if it rejects. */
  block(): PromiseWithResolvers<void> {
    return this.#taking = Promise.withResolvers();
  }
}

function openScene(options?: Partial<ScreenOptions>): Scene {
  const scene = new Scene(options);
  scene.screen.use(new TrialPainter());
  scene.screen.open();
  return scene;
}

Deno.test("TerminalScreen writes nothing before it is opened", async () => {
  const scene = new Scene();
  scene.screen.use(new TrialPainter());
  scene.screen.ring();
  scene.screen.update();
  assertEquals(await scene.take(), "");
  scene.screen.open();
  assertEquals(await scene.take(), "(begin)\x07[]");
});

Deno.test("TerminalScreen.write() puts output above the line, and resolves to the output's length only", async () => {
  const scene = openScene();
  await scene.take();
  scene.text = "typed";
  const taken = scene.write("news\r\n");
  assertEquals(await scene.take(), "(erase)news\r\n[typed]");
  assertEquals(await taken, 6);
});

Deno.test("TerminalScreen.write() waits for the next thirtieth of a second; the line does not", async () => {
  const scene = openScene();
  await scene.write("one\r\n");
  await scene.take();
  const taken = scene.write("two\r\n");
  scene.text = "a";
  scene.screen.update();
  assertEquals(await scene.take(33), "[a]");
  assertEquals(await scene.take(1), "(erase)two\r\n[a]");
  await taken;
});

Deno.test("TerminalScreen sends a slow terminal only the latest difference, once it can take it", async () => {
  const scene = openScene();
  await scene.take();
  const blocked = scene.block();
  for (const text of ["a", "ab", "abc"]) {
    scene.text = text;
    scene.screen.update();
    scene.screen.ring();
  }
  const taken = scene.write("news\r\n");
  assertEquals(await scene.take(1000), "");
  blocked.resolve();
  assertEquals(await scene.take(), "[a]\x07(erase)news\r\n[abc]");
  await taken;
});

Deno.test("TerminalScreen writes the rest of a partial write before anything else", async () => {
  const scene = openScene();
  await scene.take();
  scene.maxBytes = 3;
  scene.text = "typed";
  const taken = scene.write("some news\r\n");
  assertEquals(await scene.take(), "(erase)some news\r\n[typed]");
  assertEquals(await taken, 11);
});

Deno.test("TerminalScreen.use() lets output pass unchanged once the line is removed", async () => {
  const scene = openScene();
  await scene.take();
  scene.screen.use(undefined);
  for (const text of ["one\r\n", "half a line, "]) await scene.write(text);
  assertEquals(await scene.take(), "(erase)one\r\nhalf a line, ");
  scene.screen.use(new TrialPainter());
  scene.screen.update();
  assertEquals(await scene.take(), "(begin)[]");
});

Deno.test("TerminalScreen.write() takes at most 16 KiB at a time, in whole lines", async () => {
  const scene = openScene();
  const lines = `${"x".repeat(98)}\r\n`.repeat(1000);
  assertEquals(await scene.write(lines), 16_300);
  await scene.take(100);
  const long = "x".repeat(20_000);
  const taken = scene.write(`${long}\r\nmore\r\n`);
  await scene.take(100);
  assertEquals(await taken, 20_002);
});

Deno.test("TerminalScreen.clear() clears everything except the line", async () => {
  const scene = openScene();
  scene.text = "typed";
  await scene.take();
  scene.screen.clear();
  scene.screen.update();
  assertEquals(await scene.take(), "(clear)[typed]");
});

Deno.test("TerminalScreen.settle() waits with drawing until the window no longer changes", async () => {
  const scene = openScene();
  scene.text = "typed";
  await scene.take(100);
  scene.screen.settle();
  const taken = scene.write("news\r\n");
  for (let change = 0; change < 3; change++) {
    scene.screen.settle();
    scene.screen.update();
    assertEquals(await scene.take(250), "");
  }
  assertEquals(await scene.take(50), "(erase)news\r\n[typed]");
  assertEquals(await taken, 6);
});

Deno.test("TerminalScreen.settle() does not wait for a window that never stops changing", async () => {
  const scene = openScene();
  await scene.take(100);
  scene.screen.settle();
  scene.write("news\r\n");
  for (let ms = 0; ms < 2900; ms += 100) {
    assertEquals(await scene.take(100), "");
    scene.screen.settle();
  }
  assertEquals((await scene.take(100)).includes("news"), true);
});

Deno.test("TerminalScreen.write() rejects once the terminal is gone, and from then on", async () => {
  const scene = openScene();
  await scene.take();
  const blocked = scene.block();
  scene.text = "a";
  scene.screen.update();
  const taken = scene.write("news\r\n");
  const broken = new Deno.errors.BrokenPipe("gone");
  blocked.reject(broken);
  await assertRejects(() => taken, Deno.errors.BrokenPipe);
  await assertRejects(() => scene.write("more\r\n"), Deno.errors.BrokenPipe);
  scene.screen.update();
  scene.screen.close();
});

Deno.test("TerminalScreen.close() leaves no timer behind", async () => {
  const scene = openScene();
  await scene.write("one\r\n");
  scene.write("two\r\n");
  scene.screen.close();
  assertEquals(await scene.take(1000).then((text) => text.includes("two")), false);
});

Deno.test("TerminalScreen.showPage() shows a page instead of output, which comes on return", async () => {
  const scene = openScene({ hasTwoScreens: () => true });
  scene.text = "typed";
  await scene.take(100);
  scene.screen.showPage("page 1\r\n");
  scene.screen.update();
  assertEquals(await scene.take(), "(erase)\x1b[?1049h(clear)page 1\r\n[typed]");
  assertEquals(scene.screen.isHolding, true);
  const taken = scene.write("news\r\n");
  assertEquals(await scene.take(60_000), "");
  scene.screen.showPage("page 2\r\n");
  scene.screen.update();
  assertEquals(await scene.take(), "(erase)(clear)page 2\r\n[typed]");
  scene.screen.showPage(undefined);
  scene.screen.update();
  assertEquals(await scene.take(), "(erase)\x1b[?1049l(erase)news\r\n[typed]");
  assertEquals(await taken, 6);
  assertEquals(scene.screen.isHolding, false);
});

Deno.test("TerminalScreen.showPage() clears the screen where there is only one", async () => {
  const scene = openScene();
  await scene.take();
  scene.screen.showPage("page\r\n");
  scene.screen.update();
  assertEquals(await scene.take(), "(erase)(clear)page\r\n[]");
  scene.screen.showPage(undefined);
  scene.screen.update();
  assertEquals(await scene.take(), "(erase)(clear)[]");
  scene.screen.showPage(undefined);
  scene.screen.update();
  assertEquals(await scene.take(), "");
});

Deno.test("TerminalScreen.showPage() sends a slow terminal only the latest page", async () => {
  const scene = openScene({ hasTwoScreens: () => true });
  await scene.take();
  const blocked = scene.block();
  scene.text = "a";
  scene.screen.update();
  for (let page = 1; page <= 100; page++) {
    scene.screen.showPage(`page ${page}\r\n`);
    scene.screen.update();
  }
  // It waits for its peer, and not for a page to be read.
  assertEquals(scene.screen.isHolding, false);
  blocked.resolve();
  assertEquals(await scene.take(), "[a](erase)\x1b[?1049h(clear)page 100\r\n[a]");
});

Deno.test("TerminalScreen starts a new row on return if the window has changed meanwhile", async () => {
  const scene = openScene({ hasTwoScreens: () => true });
  await scene.take();
  scene.screen.showPage("page\r\n");
  scene.screen.update();
  scene.screen.settle();
  scene.screen.update();
  await scene.take(1000);
  scene.screen.showPage(undefined);
  scene.screen.update();
  assertEquals(await scene.take(), "(erase)\x1b[?1049l\x1b[999;1H\r\n[]");
});

Deno.test("TerminalScreen.use() returns from a page before it removes the line", async () => {
  const scene = openScene({ hasTwoScreens: () => true });
  await scene.take();
  scene.screen.showPage("page\r\n");
  scene.screen.update();
  await scene.take();
  scene.screen.use(undefined);
  const taken = scene.write("Goodbye.\r\n");
  assertEquals(await scene.take(100), "(erase)\x1b[?1049l(erase)Goodbye.\r\n");
  await taken;
});
