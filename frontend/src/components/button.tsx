import type { AnchorHTMLAttributes, ComponentPropsWithRef } from "react";
import { Link } from "wouter";
import { Icon, type IconName } from "./icon";

const LOOK = {
  primary: "bg-accent text-on-accent hover:bg-accent-strong",
  secondary: "bg-surface text-text border border-field hover:bg-sunken",
  danger: "bg-danger text-on-danger hover:bg-danger-strong",
  quiet: "text-accent hover:bg-accent-soft",
} as const;

const SIZE = {
  /** Thumb size, full width: the patient's buttons. */
  big: "min-h-14 w-full px-6 text-lg",
  normal: "min-h-11 px-4 py-2",
  small: "min-h-9 px-3 text-sm",
} as const;

export interface Appearance {
  look?: keyof typeof LOOK;
  size?: keyof typeof SIZE;
  icon?: IconName;
}

function classes({ look = "primary", size = "normal" }: Appearance, more = ""): string {
  return `inline-flex items-center justify-center gap-2 rounded-card font-semibold transition-colors duration-150 disabled:opacity-55 ${LOOK[look]} ${SIZE[size]} ${more}`;
}

export function Button({
  look,
  size,
  icon,
  className,
  children,
  ...rest
}: Appearance & ComponentPropsWithRef<"button">) {
  return (
    <button
      type="button"
      {...rest}
      className={classes({ ...(look && { look }), ...(size && { size }) }, className)}
    >
      {icon && <Icon name={icon} size={20} />}
      {children}
    </button>
  );
}

/** A link inside the app that looks like a button. */
export function ButtonLink({
  to,
  look,
  size,
  icon,
  className,
  children,
}: Appearance & Pick<AnchorHTMLAttributes<HTMLAnchorElement>, "className" | "children"> & { to: string }) {
  return (
    <Link href={to} className={classes({ ...(look && { look }), ...(size && { size }) }, className)}>
      {icon && <Icon name={icon} size={20} />}
      {children}
    </Link>
  );
}
