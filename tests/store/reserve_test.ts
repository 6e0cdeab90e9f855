import { assertEquals } from "@std/assert";
import { Reserve } from "../../lib/store/sqlite/reserve.ts";

async function inDirectory(test: (path: string) => void): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "partyline-" });
  try {
    test(`${directory}/reserve`);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

Deno.test("Reserve takes up space, frees it once, and takes it up again", () =>
  inDirectory((path) => {
    const reserve = new Reserve(path, 5000);
    assertEquals(Deno.statSync(path).size, 5000);
    assertEquals([reserve.release(), reserve.release()], [true, false]);
    reserve.hold();
    reserve.hold();
    assertEquals(Deno.statSync(path).size, 5000);
  }));

Deno.test("Reserve is what an earlier server left", () =>
  inDirectory((path) => {
    Deno.writeFileSync(path, new Uint8Array(5000));
    assertEquals(new Reserve(path, 5000).release(), true);
    Deno.writeFileSync(path, new Uint8Array(17));
    new Reserve(path, 5000);
    assertEquals(Deno.statSync(path).size, 5000);
  }));

Deno.test("Reserve goes without where there is no space to be had", () =>
  inDirectory((path) => {
    const reserve = new Reserve(`${path}/of/nowhere`, 5000);
    assertEquals(reserve.release(), false);
  }));
