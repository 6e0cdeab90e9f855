import { assertEquals } from "@std/assert";
import { DiskReserve } from "../../lib/store/sqlite/disk_reserve.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";

function inDirectory(test: (path: string) => void): void {
  using directory = new TemporaryDirectory();
  test(`${directory.path}/reserve`);
}

Deno.test("DiskReserve takes space, frees it once, and takes it again", () =>
  inDirectory((path) => {
    const reserve = new DiskReserve(path, 5000);
    assertEquals(Deno.statSync(path).size, 5000);
    assertEquals([reserve.release(), reserve.release()], [true, false]);
    reserve.hold();
    reserve.hold();
    assertEquals(Deno.statSync(path).size, 5000);
  }));

Deno.test("DiskReserve takes over the file of an earlier server", () =>
  inDirectory((path) => {
    Deno.writeFileSync(path, new Uint8Array(5000));
    assertEquals(new DiskReserve(path, 5000).release(), true);
    Deno.writeFileSync(path, new Uint8Array(17));
    new DiskReserve(path, 5000);
    assertEquals(Deno.statSync(path).size, 5000);
  }));

Deno.test("DiskReserve does without if there is no space", () =>
  inDirectory((path) => {
    const reserve = new DiskReserve(`${path}/of/nowhere`, 5000);
    assertEquals(reserve.release(), false);
  }));
