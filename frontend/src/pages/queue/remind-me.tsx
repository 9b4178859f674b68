/** Before the room opens: being reminded in this browser. Comes with the page that says that it is early. */
import { useState } from "react";
import { visitor } from "../../api/visitor";
import { Button } from "../../components/button";
import { useI18n } from "../../i18n";
import { linkToken } from "../precall/link-token";
import { canPush, type PushState, turnOn } from "./push";

export default function RemindMe() {
  const { t, language } = useI18n();
  const [state, setState] = useState<PushState | "busy">("off");
  const token = linkToken.get()?.token;
  if (!token || !canPush()) return null;
  const ask = async () => {
    setState("busy");
    try {
      const { public_key } = await visitor.pushKey();
      setState(await turnOn(public_key, language, (subscription) => visitor.remind(token, subscription)));
    } catch {
      setState("unsupported");
    }
  };
  return (
    <>
      {state !== "on" && (
        <Button size="big" look="secondary" disabled={state === "busy"} onClick={() => void ask()}>
          {t("push.remind")}
        </Button>
      )}
      <p role="status" className="text-center text-muted">
        {state === "off" || state === "busy" ? "" : t(state === "on" ? "push.remind.on" : "push.remind.not")}
      </p>
    </>
  );
}
