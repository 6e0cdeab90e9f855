/** Puts rules of a room in force as if they had been stored. */

import type { AccessControl } from "../../lib/domain/access/access_control.ts";
import type { RoomRules } from "../../lib/domain/access/rules/room_rules.ts";

export function putInForce(access: AccessControl, stored: RoomRules): void {
  access.ruleBook.apply(stored.name, access.ruleBook.settings(stored.name, { stored }));
}
