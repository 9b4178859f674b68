import { Component, type ReactNode } from "react";
import { useI18n } from "../i18n";
import { Button } from "./button";
import { Shell } from "./shell";

/** A page that failed, or whose chunk is gone after an update, says so and offers the reload. */
export class Boundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    return this.state.failed ? <Crashed /> : this.props.children;
  }
}

function Crashed() {
  const { t } = useI18n();
  return (
    <Shell>
      <div role="alert" className="grid gap-4 pt-12 text-center">
        <h1 className="text-2xl font-semibold">{t("app.crash.title")}</h1>
        <p className="text-muted">{t("app.crash.next")}</p>
        <Button size="big" onClick={() => location.reload()}>
          {t("app.reload")}
        </Button>
      </div>
    </Shell>
  );
}
