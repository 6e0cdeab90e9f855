/**
 * Commands that take options only, or so many arguments and no more.
 *
 * @module
 */

import type { ParsedArguments } from "./flags.ts";
import { UsageError } from "./usage_error.ts";

/**
 * Refuses arguments beyond those that a command takes.
 *
 * @param takes What it takes, for the complaint: `options only`.
 * @throws {UsageError}
 */
export function refuseSurplus(
  { positionals }: Pick<ParsedArguments, "positionals">,
  most: number,
  takes: string,
): void {
  if (positionals.length <= most) return;
  const surplus = JSON.stringify(positionals[most]);
  throw new UsageError(`Unexpected argument ${surplus}: ${takes}`);
}

/** The one argument of a command. @throws {UsageError} if there is none, or more. */
export function onlyArgument(
  args: Pick<ParsedArguments, "positionals">,
  command: string,
  name: string,
): string {
  const [argument] = args.positionals;
  if (argument === undefined) throw new UsageError(`${command} needs a ${name}`);
  refuseSurplus(args, 1, `${command} takes one ${name}`);
  return argument;
}
