/**
 * The request of `partyline reload`: the running server reads its configuration again.
 *
 * @module
 */

import type { ControlRequest } from "./control_request.ts";

export const RELOAD_REQUEST: ControlRequest = {
  name: "reload",
  needsServer: true,
  run: async (_fields, { reload }) => ({ ...await reload!() }),
};
