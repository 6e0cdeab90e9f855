/**
 * The buttons that look alike everywhere.
 *
 * @module
 */

import { type ComponentProps, h } from "preact";
import type { App } from "../app.ts";
import { Icon, type IconName } from "./icon.tsx";
import { toggleMenu } from "./menu.tsx";

type ButtonProps = ComponentProps<"button">;

/** A button that looks like a link. */
export function LinkButton(props: ButtonProps) {
  return <button type="button" class="link" {...props} />;
}

/** A button with an icon, which has its label for screen readers and as a tooltip. */
export function IconButton(
  { icon, label, children, ...rest }: ButtonProps & {
    readonly icon: IconName;
    readonly label: string;
  },
) {
  return (
    <button type="button" class="quiet" aria-label={label} title={label} {...rest}>
      <Icon name={icon} />
      {children}
    </button>
  );
}

/** A button that opens a menu, or closes it. */
export function MenuOpener(
  { app, onOpen, ...rest }: ButtonProps & {
    readonly app: App;
    onOpen(button: HTMLButtonElement): void;
  },
) {
  return (
    <button
      type="button"
      aria-haspopup="menu"
      aria-expanded="false"
      {...rest}
      onClick={({ currentTarget }) => toggleMenu(app, currentTarget, () => onOpen(currentTarget))}
    />
  );
}
