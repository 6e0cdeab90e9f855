/** Moderation of rooms on a log in memory, without any door. */

import { LocalSequencer } from "../../lib/backplane/local.ts";
import { AccessControl } from "../../lib/domain/access/access_control.ts";
import type { Account } from "../../lib/domain/access/accounts/account.ts";
import type { Moderator } from "../../lib/domain/access/moderation/moderation_act.ts";
import { Moderation } from "../../lib/domain/access/moderation/moderation.ts";
import { nameKey } from "../../lib/domain/name.ts";
import { RoomRegistry } from "../../lib/domain/rooms/room_registry.ts";
import type { RoomEvent } from "../../lib/domain/room_event.ts";
import { MemoryStateStore } from "../../lib/store/memory/state_store.ts";
import { FakeClock } from "./fake_clock.ts";
import { TrialLog } from "./trial_log.ts";

export class ModerationScene {
  readonly clock = new FakeClock();
  readonly state = new MemoryStateStore(this.clock);
  readonly log = new TrialLog(this.clock, (setting) => this.state.set(setting));
  readonly access = new AccessControl({ clock: this.clock });
  readonly registry = new RoomRegistry({
    log: this.log,
    sequencer: new LocalSequencer(this.log, this.clock),
    access: this.access,
  });
  readonly accounts = new Map<string, Pick<Account, "name" | "key" | "isOperator">>();
  readonly moderation = this.restart();

  /** Moderation of the same log and state, as after a restart. */
  restart(): Moderation {
    const accounts = { find: (name: string) => this.accounts.get(nameKey(name)) };
    return new Moderation({ ...this, accounts });
  }

  /** Creates an account; returns somebody who is logged in with it. */
  person(name: string, isOperator = false): Moderator {
    const account = nameKey(name);
    this.accounts.set(account, { name, key: account, isOperator });
    return { nickname: name, account, isOperator };
  }

  /** Makes somebody the owner of a room. */
  async owner(name: string, room: string): Promise<Moderator> {
    const owner = this.person(name);
    const operator = this.person("root", true);
    await this.moderation.roles.grant(operator, room, this.accounts.get(nameKey(name))!, "owner");
    return owner;
  }

  /** The events of #moderation. */
  record(): Promise<RoomEvent[]> {
    return this.log.read("moderation", 0, 10_000);
  }
}
