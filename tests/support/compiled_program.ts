/**
 * The path of the compiled program: `PARTYLINE_PROGRAM`, or what `deno task compile` leaves in the
 * project. Compiling takes too long to do it here.
 */

export function compiledProgram(): string {
  const path = Deno.env.get("PARTYLINE_PROGRAM") ??
    new URL("../../partyline", import.meta.url).pathname;
  try {
    Deno.statSync(path);
  } catch {
    throw new Error(`There is no ${path}. Run deno task compile first.`);
  }
  return path;
}

/** Runs a program that must succeed; returns what it says. */
export async function runTool(
  program: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(program, { args: [...args], env })
    .output();
  const decoder = new TextDecoder();
  const [out, err] = [decoder.decode(stdout), decoder.decode(stderr)];
  if (code === 0) return out;
  throw new Error(`${program} ${args.join(" ")} exited with ${code}: ${out}${err}`);
}
