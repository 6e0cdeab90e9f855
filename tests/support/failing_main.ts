/** The program, with exceptions that nobody catches: at SIGUSR1 in a promise, at SIGUSR2 in a timer. */

Deno.addSignalListener("SIGUSR1", () => {
  Promise.reject(new Error("a promise broke\u001b[2J"));
});
Deno.addSignalListener("SIGUSR2", () => {
  setTimeout(() => {
    throw new TypeError("a timer broke");
  });
});

await import("../../main.ts");
