/**
 * What covers the open place: a dialog, a menu or, on narrow screens, a panel at the side.
 *
 * @module
 */

import type { OpenMenu } from "./menu.ts";
import type { Measure } from "./moderation.ts";

/** The modal dialogs. */
export type DialogName = "rooms" | "settings" | "help" | "account" | "room";

export class Overlays {
  dialog: DialogName | undefined;
  /** The act of moderation that waits for a reason, in a dialog. */
  measure: Measure | undefined;
  menu: OpenMenu | undefined;
  /** On narrow screens, the panel that covers the messages. */
  drawer: "places" | "members" | undefined;
  readonly #onChange: () => void;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  open(dialog: DialogName | undefined): void {
    this.dialog = dialog;
    this.#onChange();
  }

  /** Opens the dialog that asks for a reason. */
  ask(measure: Measure | undefined): void {
    this.measure = measure;
    this.#onChange();
  }

  setMenu(menu: OpenMenu | undefined): void {
    this.menu = menu;
    this.#onChange();
  }

  setDrawer(drawer: Overlays["drawer"]): void {
    this.drawer = drawer;
    this.#onChange();
  }

  /** Closes all, because the screens that follow are not about them. */
  clear(): void {
    this.dialog =
      this.measure =
      this.menu =
      this.drawer =
        undefined;
  }
}
