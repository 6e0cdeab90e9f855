/**
 * What the user can do to a person or with a message, as items of a menu.
 *
 * @module
 */

import { isRedactable, tombstoneOf } from "../../domain/redaction.ts";
import { isUnkept } from "../../domain/unlogged.ts";
import { nameKey } from "../../domain/name.ts";
import type { EventJson, RoomSettingsAnswer } from "../protocol.ts";
import type { MenuItem } from "./menu.ts";
import { type Measure, RANK, roleOf } from "./moderation.ts";

export interface PersonMenuOptions {
  readonly person: string;
  /** The user's own name. */
  readonly self: string;
  /** Absent in conversations. */
  readonly room?: string;
  /** The other person of a conversation that is kept. */
  readonly partner?: string;
  /** What is known of the room's rules. */
  readonly settings?: RoomSettingsAnswer;
  /** The message, if it is a message's menu. */
  readonly event?: EventJson;
  readonly isIgnored: boolean;
  /** What can be done with the message in a room. */
  messageActs?(): MenuItem[];
  /** Opens the conversation with the person; absent if it is open. */
  openConversation?(): void;
  /** Runs a command in the room. */
  act(line: string): void;
  /** Asks for a reason. */
  ask(measure: Measure): void;
}

/** People can redact what they said for this long. */
const HOUR_MS = 60 * 60 * 1000;

/** Whether a message can have a menu at all. */
export function hasMenu({ kind }: EventJson): boolean {
  return kind === "message" || kind === "action" || kind === "log";
}

export function personMenu(options: PersonMenuOptions): MenuItem[] {
  const { person, self, settings, event, room, partner, isIgnored, openConversation, act } =
    options;
  const items: MenuItem[] = options.messageActs?.() ?? [];
  const isOwn = nameKey(person) === nameKey(self);
  const isSource = event?.kind === "log";
  if (!isOwn && !isSource && openConversation) {
    items.push({ label: `Message ${person}`, run: openConversation });
  }
  if (!isOwn) {
    const label = `${isIgnored ? "Stop ignoring" : "Ignore"} ${person}`;
    items.push({ label, run: () => act(`/ignore ${person}`) });
  }
  if (isOwn && partner !== undefined && event && canBeRedacted(event)) {
    items.push(redacting({ act: "redact", partner, person, event }, options));
  }
  if (!settings || room === undefined) return items;
  if (!isOwn && !isSource) items.push(...powers(options, settings, room));
  const isOwnNow = isOwn && !isSource && event && Date.parse(event.at) > Date.now() - HOUR_MS;
  if (event && (settings.may.moderate || isOwnNow) && canBeRedacted(event)) {
    items.push(redacting({ act: "redact", room, person, event }, options));
  }
  return items;
}

function canBeRedacted(event: EventJson): boolean {
  return isRedactable(event.kind) && !tombstoneOf(event) && !isUnkept(event);
}

function redacting(measure: Measure, { ask }: PersonMenuOptions): MenuItem {
  return { label: `Redact #${measure.event!.seq}…`, run: () => ask(measure) };
}

/** The acts of moderation that the user may do to somebody who stands below. */
function powers(
  { person, act, ask }: PersonMenuOptions,
  settings: RoomSettingsAnswer,
  room: string,
): MenuItem[] {
  const { may } = settings;
  const role = roleOf(settings, person);
  const items: MenuItem[] = [];
  if (may.moderate && RANK[role ?? "none"] < RANK[settings.role ?? "none"]) {
    for (const each of ["kick", "mute", "ban"] as const) {
      items.push({
        label: `${LABELS[each]} ${person}…`,
        run: () => ask({ act: each, room, person }),
      });
    }
  }
  if (may.own && role === undefined) {
    items.push({ label: "Give voice", run: () => act(`/grant ${person} voice`) });
  }
  if (may.own && (role === undefined || role === "voice")) {
    items.push({ label: "Make moderator", run: () => act(`/grant ${person} moderator`) });
  }
  if (may.own && (role === "voice" || role === "moderator")) {
    items.push({
      label: `Take ${role} away`,
      run: () => act(`/grant ${person} none`),
    });
  }
  return items;
}

const LABELS = { kick: "Kick", mute: "Mute", ban: "Ban" } as const;
