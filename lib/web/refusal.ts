/**
 * What goes wrong over a WebSocket, as a client is told it.
 *
 * @module
 */

import { DomainError } from "../domain/domain_error.ts";
import { log } from "../log.ts";
import { FieldError } from "./fields.ts";
import type { ErrorMessage, Ref } from "./protocol.ts";

/** The message for an error; what is not for the client to know is logged. */
export function refusalOf(error: unknown, ref: Ref | undefined): ErrorMessage {
  if (error instanceof FieldError) {
    return { type: "error", ref, code: "bad-message", text: error.message };
  }
  if (error instanceof DomainError) {
    return { type: "error", ref, code: error.code, text: error.message };
  }
  log("web").error("Cannot answer a message: {error}", { error });
  const text = "Internal error. It was logged; try again later.";
  return { type: "error", ref, code: "internal", text };
}
