/**
 * Who sends an HTTP request, by its token (RFC 6750 section 2.1): that of an account, or the
 * server's, with which anybody may post.
 *
 * @module
 */

import { createHash, timingSafeEqual } from "node:crypto";
import type { ConnectionContext } from "../../context.ts";
import type { Tokens } from "../../domain/access/accounts/tokens.ts";
import { type Asker, STRANGER } from "../../domain/asker.ts";
import { DomainError } from "../../domain/domain_error.ts";
import { Problem } from "../http/problem.ts";

/** Where valid tokens are known. */
export interface BearerTokens {
  readonly tokens: Tokens;
  /** The server's. */
  readonly postToken?: string;
}

/** The header of answers that ask for a token. */
export const CHALLENGE = { "WWW-Authenticate": `Bearer realm="partyline"` };

/**
 * Who sends a request. The server's token only allows posting: with it, a reader is a stranger.
 *
 * @throws {Problem} if there is a token, but a wrong one; that is not taken for a stranger.
 */
export function identify(
  headers: Headers,
  { tokens, postToken }: BearerTokens,
  { address }: Pick<ConnectionContext, "address">,
): Asker {
  const given = tokenIn(headers);
  if (given === undefined || isSame(given, postToken)) return { ...STRANGER, address };
  try {
    return { ...tokens.require(given, address), address };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw new Problem(401, error.code, error.message, CHALLENGE);
  }
}

/**
 * Who posts with a request.
 *
 * @param asker Who sends it.
 * @throws {Problem} if it carries no token.
 */
export function identifyPoster(
  headers: Headers,
  asker: Asker,
  postToken: string | undefined,
): Asker {
  if (asker.account !== undefined) return asker;
  const given = tokenIn(headers);
  if (given !== undefined && isSame(given, postToken)) return { ...asker, capacity: "token" };
  if (postToken === undefined) {
    throw new Problem(
      403,
      "posting-is-off",
      "Posting needs the token of an account. /token new LABEL in the chat creates one. For " +
        "senders without an account, start the server with --post-token TOKEN.",
    );
  }
  throw new Problem(
    401,
    "no-token",
    "A token is needed. Send it as: Authorization: Bearer TOKEN",
    CHALLENGE,
  );
}

/** Whether a request carries a valid token. */
export function hasToken(headers: Headers, { tokens, postToken }: BearerTokens): boolean {
  const given = tokenIn(headers);
  if (given === undefined) return false;
  return isSame(given, postToken) || tokens.ask(given) !== undefined;
}

/** `""` for one that is malformed; proxies use other schemes than this for themselves. */
function tokenIn(headers: Headers): string | undefined {
  const [scheme, ...rest] = (headers.get("authorization") ?? "").trim().split(/ +/);
  if (scheme.toLowerCase() !== "bearer") return undefined;
  return rest.length === 1 ? rest[0] : "";
}

/** Compares in constant time, so that a token cannot be guessed byte by byte. */
function isSame(given: string, token: string | undefined): boolean {
  if (token === undefined) return false;
  const [a, b] = [given, token].map((text) => createHash("sha256").update(text).digest());
  return timingSafeEqual(a, b);
}
