/**
 * The request of `partyline status`: how the running server is.
 *
 * @module
 */

import type { ControlRequest, ControlValue } from "./control_request.ts";

export const STATUS_REQUEST: ControlRequest = {
  name: "status",
  needsServer: true,
  // deno-lint-ignore require-await -- so that a failure rejects
  run: async (_fields, { status }) => status!() as unknown as ControlValue,
};
