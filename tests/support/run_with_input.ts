/** Runs a program to its end with a text on standard input; returns all that it printed. */
export async function runWithInput(
  program: string,
  args: readonly string[],
  input: string,
): Promise<{ readonly success: boolean; readonly printed: string }> {
  const process = new Deno.Command(program, {
    args: [...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = process.stdin.getWriter();
  // It may have ended without reading.
  await writer.write(new TextEncoder().encode(input)).catch(() => {});
  await writer.close().catch(() => {});
  const { success, stdout, stderr } = await process.output();
  const decoder = new TextDecoder();
  return { success, printed: decoder.decode(stdout) + decoder.decode(stderr) };
}
