/** What was measured, kept in files so that a table can be made of several runs, and the table itself. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { median, p95 } from "./arrivals.ts";
import { ROOT } from "./network.ts";

export const FOLDER = process.env.LAB_OUT ?? join(ROOT, "var/lab");

export type Who = "ours" | "naive";

/** One figure of one row. Infinity is "never". */
export interface Finding {
  readonly row: string;
  readonly figure: string;
  readonly unit: string;
  /** The median must not exceed it (or not fall below, when `atLeast`); null where only a comparison is wanted. */
  readonly target: number | null;
  readonly atLeast?: boolean;
  readonly ours: number[];
  readonly naive: number[];
  readonly takenAt: string;
  readonly load: number;
}

/** JSON knows no Infinity. */
const NEVER = "never";

export function save(finding: Finding): void {
  mkdirSync(FOLDER, { recursive: true });
  const name = `${finding.row} ${finding.figure}`.replace(/[^\w.-]+/g, "_");
  const text = JSON.stringify(finding, (_, value) => (value === Number.POSITIVE_INFINITY ? NEVER : value), 1);
  writeFileSync(join(FOLDER, `${name}.json`), `${text}\n`);
}

export function load(): Finding[] {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));
  const revive = (_: string, value: unknown) => (value === NEVER ? Number.POSITIVE_INFINITY : value);
  return files
    .map((name) => JSON.parse(readFileSync(join(FOLDER, name), "utf8"), revive) as Finding)
    .sort((a, b) => a.row.localeCompare(b.row, "en", { numeric: true }));
}

function shown(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return NEVER;
  if (Number.isNaN(value)) return "-";
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toFixed(2)));
}

function spread(values: readonly number[]): string {
  if (values.length === 0) return "-";
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return `${shown(median(values))} [${shown(low)}-${shown(high)}] n=${values.length}`;
}

export function met({ target, atLeast, ours }: Finding): boolean | null {
  if (target === null) return null;
  if (ours.length === 0) return false;
  return atLeast ? median(ours) >= target : median(ours) <= target;
}

/** A line a figure: ours and the rival's, median [least-most], beside the target. */
export function table(findings: readonly Finding[]): string {
  const head = ["row", "figure", "ours: median [spread]", "p95", "naive", "target", ""];
  const rows = findings.map((finding) => [
    finding.row,
    `${finding.figure}, ${finding.unit}`,
    spread(finding.ours),
    shown(p95(finding.ours)),
    spread(finding.naive),
    finding.target === null ? "" : `${finding.atLeast ? ">=" : "<="} ${finding.target}`,
    { true: "met", false: "MISSED", null: "" }[String(met(finding)) as "true" | "false" | "null"],
  ]);
  const widths = head.map((word, at) => Math.max(word.length, ...rows.map((row) => (row[at] ?? "").length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}
