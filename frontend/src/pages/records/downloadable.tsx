import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Button } from "../../components/button";
import { ProblemNotice } from "../staff/problem";
import { saveFile } from "./save-file";

interface DownloadableProps {
  fetch: () => Promise<Blob>;
  /** The name it is saved under. */
  file: string;
  /** What the button says. */
  label: string;
  /** What is said of it. */
  children: ReactNode;
}

/** One line of a list: what it is, and taking it home. */
export function Downloadable({ fetch, file, label, children }: DownloadableProps) {
  const fetching = useMutation({ mutationFn: fetch, onSuccess: (found) => saveFile(found, file) });
  return (
    <div className="flex flex-wrap items-center justify-between gap-2">
      <div>{children}</div>
      <Button
        look="secondary"
        size="small"
        icon="download"
        disabled={fetching.isPending}
        onClick={() => fetching.mutate()}
      >
        {label}
      </Button>
      {fetching.isError && <ProblemNotice error={fetching.error} />}
    </div>
  );
}
