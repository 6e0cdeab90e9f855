/**
 * The people in the sheet of a room: who has a role, who is invited, who is kept out.
 *
 * @module
 */

import { type ComponentChildren, Fragment, h } from "preact";
import { useState } from "preact/hooks";
import type { RestrictionJson, RoomSettingsAnswer } from "../../protocol.ts";
import { oneLine } from "../moderation.ts";
import { fullTimeText } from "../time_text.ts";
import { Field } from "./field.tsx";

/** What the parts of the sheet share. */
export interface PartProps {
  readonly settings: RoomSettingsAnswer;
  /** Runs a command in the room, and shows how it went. */
  act(line: string): void;
}

export function People({ settings, act }: PartProps) {
  const { roles, may, invited = [] } = settings;
  return (
    <>
      {(roles.length > 0 || may.own) && <h3>Roles</h3>}
      <ul class="entries">
        {roles.map(({ account, role }) => (
          <Entry
            key={account}
            button={may.own && (role === "voice" || role === "moderator") ? "Take away" : undefined}
            label={`Take ${role} away from ${account}`}
            onClick={() => act(`/grant ${account} none`)}
          >
            <bdi>{account}</bdi> <span class="via">{role}</span>
          </Entry>
        ))}
      </ul>
      {may.own && <GiveRole act={act} />}
      {may.invite && (
        <>
          <h3>Invitations</h3>
          <ul class="entries">
            {invited.map((name) => (
              <Entry
                key={name}
                button="Withdraw"
                label={`Withdraw the invitation of ${name}`}
                onClick={() => act(`/uninvite ${name}`)}
              >
                <bdi>{name}</bdi>
              </Entry>
            ))}
          </ul>
          <AddName
            id="invite"
            label="Account to invite"
            button="Invite"
            onAdd={(name) => act(`/invite ${name}`)}
          />
        </>
      )}
    </>
  );
}

function GiveRole({ act }: Pick<PartProps, "act">) {
  const [role, setRole] = useState("voice");
  return (
    <AddName
      id="give"
      label="Account to give a role"
      button="Give"
      onAdd={(name) => act(`/grant ${name} ${role}`)}
    >
      <select
        value={role}
        aria-label="Role"
        onChange={(event) => setRole(event.currentTarget.value)}
      >
        <option value="voice">voice</option>
        <option value="moderator">moderator</option>
        <option value="owner">owner</option>
      </select>
    </AddName>
  );
}

interface AddNameProps {
  readonly id: string;
  readonly label: string;
  readonly button: string;
  readonly children?: ComponentChildren;
  onAdd(name: string): void;
}

function AddName({ id, label, button, children, onAdd }: AddNameProps) {
  const [name, setName] = useState("");
  const onSubmit = (event: Event) => {
    event.preventDefault();
    onAdd(oneLine(name));
    setName("");
  };
  return (
    <form class="value" onSubmit={onSubmit}>
      <Field id={id} label={label} value={name} maxLength={64} onInput={setName} />
      {children}
      <button type="submit" disabled={name.trim() === ""}>{button}</button>
    </form>
  );
}

/** Those who are kept out or silent. */
export function Kept({ settings, act }: PartProps) {
  const { bans = [], mutes = [] } = settings;
  return (
    <>
      <h3>Bans</h3>
      {bans.length === 0 && <p class="hint">Nobody is banned.</p>}
      <Restrictions list={bans} kind="ban" onLift={(target) => act(`/unban ${target}`)} />
      <h3>Mutes</h3>
      {mutes.length === 0 && <p class="hint">Nobody is muted.</p>}
      <Restrictions list={mutes} kind="mute" onLift={(target) => act(`/unmute ${target}`)} />
    </>
  );
}

interface RestrictionsProps {
  readonly list: readonly RestrictionJson[];
  readonly kind: string;
  onLift(target: string): void;
}

function Restrictions({ list, kind, onLift }: RestrictionsProps) {
  return (
    <ul class="entries">
      {list.map(({ target, also = [], until, by, reason }) => (
        <Entry
          key={target}
          button="Lift"
          label={`Lift the ${kind} of ${target}`}
          onClick={() => onLift(target)}
        >
          <bdi>{[target, ...also].join(", ")}</bdi>{" "}
          <span class="via">
            by {by}, {until === undefined ? "permanently" : `until ${fullTimeText(until)}`}
            {reason !== "" && `: ${reason}`}
          </span>
        </Entry>
      ))}
    </ul>
  );
}

interface EntryProps {
  /** Absent if there is nothing to do. */
  readonly button?: string;
  /** What the button does, in full. */
  readonly label: string;
  readonly children: ComponentChildren;
  onClick(): void;
}

function Entry({ button, label, children, onClick }: EntryProps) {
  return (
    <li>
      <span>{children}</span>
      {button !== undefined && (
        <button type="button" aria-label={label} onClick={onClick}>{button}</button>
      )}
    </li>
  );
}
